// SPDX-License-Identifier: MIT
// JavaScript values as HDF5 values, with the types h5py gives the same Python value.
import { count, elementType, isCompound } from "./dtype.ts";
import type { Attributes, Value } from "./port.ts";

type Nested = string | number | boolean | bigint | readonly Nested[];

export const text = (value: string): Value => ({ dtype: "string", shape: [], data: [value] });
export const texts = (values: readonly string[]): Value => ({ dtype: "string", shape: [values.length], data: values });

/** Attributes from plain values: `attributesOf({ NX_class: "NXroot" })`. */
export const attributesOf = (values: Readonly<Record<string, Nested>>): Attributes =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toValue(value)]));

/**
 * A string, number, boolean or regular nested list. Whole numbers are 64-bit integers unless one of the list is not
 * whole; booleans with numbers are numbers; anything with a string is strings.
 * @throws TypeError when the lists are not regular or hold something else.
 */
export function toValue(value: Nested): Value {
  const shape: number[] = [];
  for (let level: Nested | undefined = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat: (string | number | boolean | bigint)[] = [];
  flatten(value, shape, 0, flat);
  return { ...encode(flat), shape };
}

function flatten(value: Nested, shape: readonly number[], depth: number, into: unknown[]): void {
  if (Array.isArray(value) !== depth < shape.length || (Array.isArray(value) && value.length !== shape[depth]))
    throw new TypeError(`A value for HDF5 must be a scalar or a regular list; dimension ${depth} is uneven`);
  if (Array.isArray(value)) for (const item of value) flatten(item, shape, depth + 1, into);
  else if (["string", "number", "boolean", "bigint"].includes(typeof value)) into.push(value);
  else
    throw new TypeError(
      `A value for HDF5 must be text, a number or a boolean, not ${value === null ? "null" : typeof value}`,
    );
}

function encode(flat: readonly (string | number | boolean | bigint)[]): Pick<Value, "dtype" | "data"> {
  if (flat.some((item) => typeof item === "string")) return { dtype: "string", data: flat.map(asText) };
  if (flat.length && flat.every((item) => typeof item === "boolean"))
    return { dtype: "|b1", data: Uint8Array.from(flat, Number) };
  const whole = flat.length > 0 && flat.every((item) => typeof item !== "number" || Number.isSafeInteger(item));
  const data = whole ? BigInt64Array.from(flat, (item) => BigInt(item)) : Float64Array.from(flat, Number);
  return { dtype: whole ? "<i8" : "<f8", data: new Uint8Array(data.buffer) };
}
const asText = (item: unknown): string => (typeof item === "boolean" ? (item ? "True" : "False") : String(item));

/** A 64-bit float, also where the number is whole. */
export const float = (value: number): Value => ({
  dtype: "<f8",
  shape: [],
  data: new Uint8Array(Float64Array.of(value).buffer),
});

/** The numbers (bigint for 64-bit integers) or strings of a value, flat. Complex and compound values are not numbers. */
export function numbersOf({ dtype, shape, data }: Value): readonly (number | bigint | string | boolean)[] {
  if (!(data instanceof Uint8Array)) return data;
  if (isCompound(dtype)) throw new TypeError("A compound value is not a list of numbers");
  const { kind, size, bigEndian } = elementType(dtype);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const read = readers[`${kind === "b" ? "u" : kind}${size}`];
  if (!read) throw new TypeError(`Elements of type ${dtype} are not plain numbers`);
  const all = Array.from({ length: count(shape) }, (_, index) => read(view, index * size, !bigEndian));
  return kind === "b" ? all.map(Boolean) : all;
}
const readers: Record<string, (view: DataView, at: number, little: boolean) => number | bigint> = {
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  u2: (view, at, little) => view.getUint16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i8: (view, at, little) => view.getBigInt64(at, little),
  u8: (view, at, little) => view.getBigUint64(at, little),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};
