// SPDX-License-Identifier: MIT
// Element types in numpy's spelling (its array interface protocol), the ones HDF5 and the data stream share.
import type { Compound, Dtype } from "./port.ts";

export interface ElementType {
  /** b bool, i signed, u unsigned, f float, c complex (real, imaginary). */
  readonly kind: "b" | "i" | "u" | "f" | "c";
  /** Bytes of an element. */
  readonly size: number;
  readonly bigEndian: boolean;
}

const sizes: Record<ElementType["kind"], readonly number[]> = {
  b: [1],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  f: [2, 4, 8, 16],
  c: [8, 16, 32],
};

/** @throws RangeError when it is not a numeric dtype such as "<f8". */
export function elementType(dtype: string): ElementType {
  const [, order, kind, digits] = /^([<>|=]?)([biufc])(\d+)$/.exec(dtype) ?? [];
  const size = Number(digits);
  if (kind === undefined || !sizes[kind as ElementType["kind"]].includes(size))
    throw new RangeError(`"${dtype}" is not a numeric element type: expected numpy's spelling, such as "<f8" or "|u1"`);
  return { kind: kind as ElementType["kind"], size, bigEndian: order === ">" && size > 1 };
}

export const isCompound = (dtype: Dtype): dtype is Compound => typeof dtype !== "string";

/** Bytes of one element. Strings have none of their own. */
export function elementSize(dtype: Dtype): number {
  if (isCompound(dtype)) return dtype.compound.reduce((sum, [, column]) => sum + elementSize(column), 0);
  return elementType(dtype).size;
}

/** Product of the dimensions: 1 for a scalar. */
export const count = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

const names: Record<string, string> = { b: "bool", i: "int", u: "uint", f: "float", c: "complex" };
/** numpy's name: "<f8" is "float64". It says nothing of the byte order. */
export function dtypeName(dtype: string): string {
  const { kind, size } = elementType(dtype);
  return kind === "b" ? "bool" : `${names[kind]}${size * 8}`;
}
/** The little-endian dtype of numpy's name: "float64" is "<f8". */
export function dtypeOfName(name: string): string {
  if (name === "bool") return "|b1";
  const [, word, bits] = /^(int|uint|float|complex)(\d+)$/.exec(name) ?? [];
  const kind = Object.keys(names).find((key) => names[key] === word);
  const size = Number(bits) / 8;
  const dtype = `${size === 1 ? "|" : "<"}${kind}${size}`;
  elementType(dtype);
  return dtype;
}

/** A copy with the bytes of each element (each half of a complex one) reversed. */
export function swapped(data: Uint8Array, dtype: string): Uint8Array {
  const { kind, size } = elementType(dtype);
  const bytes = Buffer.from(data);
  const width = kind === "c" ? size / 2 : size;
  if (width === 2) bytes.swap16();
  else if (width === 4) bytes.swap32();
  else if (width === 8) bytes.swap64();
  else for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
  return bytes;
}
