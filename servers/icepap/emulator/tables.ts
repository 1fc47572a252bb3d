// SPDX-License-Identifier: MIT
// Positions loaded into a board as a binary block: those of the electronic cam, and those of the position list.
import { Refusal } from "./refusal.ts";

/** Position register, positions; of the electronic cam ascending. */
export interface PositionTable {
  readonly source: string;
  readonly cyclic: boolean;
  readonly values: readonly number[];
}

/** Type word -> bytes and reader of one value. */
const types: Readonly<Record<string, readonly [bytes: number, read: (view: DataView, at: number) => number]>> = {
  BYTE: [1, (view, at) => view.getInt8(at)],
  WORD: [2, (view, at) => view.getInt16(at, true)],
  DWORD: [4, (view, at) => view.getInt32(at, true)],
  FLOAT: [4, (view, at) => view.getFloat32(at, true)],
  DFLOAT: [8, (view, at) => view.getFloat64(at, true)],
};

/** Most bytes a board takes. */
const MEMORY = 81908;

/** @throws Refusal when the bytes are too many or no whole values of this type. */
export function tableValues(type: string, data: Uint8Array): number[] {
  const [bytes, read] = types[type] ?? [0, () => 0];
  if (bytes === 0 || data.length === 0 || data.length % bytes !== 0) throw new Refusal("Wrong parameter(s)");
  if (data.length > MEMORY) throw new Refusal("Out of range parameter(s)");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: data.length / bytes }, (_, i) => read(view, i * bytes));
}

/** `count` positions from `first` to `last`. */
export const equidistant = (first: number, last: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (count === 1 ? first : first + ((last - first) * i) / (count - 1)));

/** Rows `index/total : address : value` as a dump shows them. */
export const dumped = (values: readonly number[], total: number, count: number, start: number): string[] =>
  values
    .slice(start, start + count)
    .map((value, i) => `${start + i}/${total} : 0x${((start + i) * 4).toString(16)} : ${value}`);
