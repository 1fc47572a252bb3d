// SPDX-License-Identifier: MIT
// Element types as h5wasm describes them (its Metadata), both ways.
import type { Metadata } from "h5wasm/node";
import { elementSize, elementType, isCompound } from "./dtype.ts";
import type { Dtype } from "./port.ts";

/** HDF5's type classes, as numbered in H5Tpublic.h. */
const INTEGER = 0;
const FLOAT = 1;
const STRING = 3;
const COMPOUND = 6;
const ENUM = 8;

export interface WasmType {
  readonly type: number;
  readonly size: number;
  readonly signed: boolean;
  readonly littleEndian: boolean;
  readonly vlen: boolean;
  readonly cset?: number;
  readonly strpad?: number;
  readonly compound_type?: { readonly members: readonly object[]; readonly nmembers: number };
}

const plain = (type: number, size: number, signed = false): WasmType => ({
  type,
  size,
  signed,
  littleEndian: true,
  vlen: false,
});

/** Everything is stored little-endian; booleans, which h5wasm cannot make, as 8-bit integers. */
export function typeOf(dtype: Dtype): WasmType {
  if (dtype === "string") return { ...plain(STRING, 4), vlen: true, cset: 1, strpad: 0 };
  if (isCompound(dtype)) return structure(dtype.compound.map(([name, column]) => [name, typeOf(column)]));
  const { kind, size } = elementType(dtype);
  if (kind === "f") return plain(FLOAT, size);
  if (kind !== "c") return plain(INTEGER, size, kind === "i" || kind === "b");
  const half = plain(FLOAT, size / 2);
  return structure([
    ["r", half],
    ["i", half],
  ]);
}

function structure(columns: readonly (readonly [name: string, type: WasmType])[]): WasmType {
  let offset = 0;
  const members = columns.map(([name, type]) => {
    const member = { ...type, name, offset, shape: [], maxshape: [], total_size: 1 };
    offset += type.size;
    return member;
  });
  return { ...plain(COMPOUND, offset), compound_type: { members, nmembers: members.length } };
}

/** The dtype of what is in a file, or "other" when this port has no word for it. */
export function dtypeOf(metadata: Metadata): Dtype | "other" {
  const { type, size, signed, littleEndian, vlen, compound_type: compound, enum_type: labels } = metadata;
  const order = size === 1 ? "|" : littleEndian ? "<" : ">";
  if (type === STRING) return vlen ? "string" : "other";
  if (type === INTEGER) return `${order}${signed ? "i" : "u"}${size}`;
  if (type === FLOAT) return `${order}f${size}`;
  if (type === ENUM && labels?.members.TRUE === 1 && labels.members.FALSE === 0) return "|b1";
  if (type !== COMPOUND || !compound) return "other";
  const columns = compound.members.map((member): [string, string] => [member.name, String(dtypeOf(member))]);
  if (columns.map(([name]) => name).join() === "r,i" && columns.every(([, column]) => /^<f[48]$/.test(column)))
    return `<c${size}`;
  const packed = columns.every(([, column]) => /^[<>|][iuf]\d+$/.test(column)) && packedSize(columns) === size;
  return packed ? { compound: columns } : "other";
}
const packedSize = (columns: readonly (readonly [string, string])[]): number => elementSize({ compound: columns });
