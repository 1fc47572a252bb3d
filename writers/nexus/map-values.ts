// SPDX-License-Identifier: MIT
// Values of a map as HDF5 values.
import { count, dtypeOfName, elementSize, elementType } from "../hdf5/dtype.ts";
import type { Attributes, Dtype, Value } from "../hdf5/port.ts";
import { toValue } from "../hdf5/values.ts";
import type { Base64Item, CompoundItem, DataItem, InlineItem, Raw } from "./h5map.ts";

/** @throws TypeError saying what is wrong with the item. */
export function itemValue(item: DataItem): Value {
  if (typeof item !== "object" || !("type" in item)) return toValue(item as Raw);
  switch (item.type) {
    case "inline":
      return inlineValue(item);
    case "inline_b64":
      return base64Value(item);
    case "compound":
      return compoundValue(item);
    default:
      throw new TypeError("the points of a stream cannot be an attribute or a column");
  }
}

export const itemAttributes = (attributes: Readonly<Record<string, DataItem>> = {}): Attributes =>
  Object.fromEntries(Object.entries(attributes).map(([name, item]) => [name, itemValue(item)]));

function base64Value({ dtype, shape, value }: Base64Item): Value {
  const data = new Uint8Array(Buffer.from(value, "base64"));
  const length = data.byteLength / elementType(dtype).size;
  const dims = shape ?? [length];
  if (count(dims) !== length) throw new TypeError(`${data.byteLength} bytes are not an array [${dims}] of ${dtype}`);
  return { dtype, shape: dims, data };
}

const special: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "+inf": Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
};
function numeric(item: unknown): number {
  if (typeof item === "number" || typeof item === "boolean") return Number(item);
  const text = String(item).trim().toLowerCase();
  const number = special[text] ?? (text === "" ? Number.NaN : Number(text));
  if (Number.isNaN(number) && text !== "nan") throw new TypeError(`"${item}" is not a number`);
  return number;
}

function inlineValue({ dtype: name, value }: InlineItem): Value {
  const dtype = dtypeOfName(name);
  const shape: number[] = [];
  for (let level: Raw | undefined = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat = shape.length ? (value as readonly unknown[]).flat(shape.length) : [value];
  if (flat.length !== count(shape)) throw new TypeError("an inline value must be a regular list");
  return { dtype, shape, data: numbersToBytes(dtype, flat) };
}

function numbersToBytes(dtype: string, flat: readonly unknown[]): Uint8Array {
  const { kind, size } = elementType(dtype);
  if (kind === "c") return complexToBytes(size, flat);
  const write = writers[`${kind === "b" ? "u" : kind}${size}`];
  if (!write) throw new TypeError(`inline values of type ${dtype} are not supported`);
  const bytes = new DataView(new ArrayBuffer(flat.length * size));
  for (const [index, item] of flat.entries()) write(bytes, index * size, numeric(item));
  return new Uint8Array(bytes.buffer);
}
const integer = (number: number): bigint => BigInt(Math.trunc(number));
const writers: Readonly<Record<string, (view: DataView, at: number, number: number) => void>> = {
  i1: (view, at, number) => view.setInt8(at, number),
  u1: (view, at, number) => view.setUint8(at, number),
  i2: (view, at, number) => view.setInt16(at, number, true),
  u2: (view, at, number) => view.setUint16(at, number, true),
  i4: (view, at, number) => view.setInt32(at, number, true),
  u4: (view, at, number) => view.setUint32(at, number, true),
  i8: (view, at, number) => view.setBigInt64(at, integer(number), true),
  u8: (view, at, number) => view.setBigUint64(at, integer(number), true),
  f4: (view, at, number) => view.setFloat32(at, number, true),
  f8: (view, at, number) => view.setFloat64(at, number, true),
};

/** Python's text of a complex number: "(1+2j)", "1j", "3". */
function complexToBytes(size: number, flat: readonly unknown[]): Uint8Array {
  const halves = flat.flatMap((item) => {
    const text = String(item).replaceAll(/[()\s]/g, "");
    const [, real, imaginary] = /^(?:([+-]?[^j]+?))??(?:([+-]?(?:[\d.]+(?:e[+-]?\d+)?|nan|inf))j)?$/i.exec(text) ?? [];
    return [numeric(real ?? 0), numeric(imaginary ?? 0)];
  });
  return numbersToBytes(`<f${size / 2}`, halves);
}

/** Columns side by side become rows, as in a numpy record array. */
function compoundValue({ columns }: CompoundItem): Value {
  const values = columns.map(([name, column]) => ({ name, value: itemValue(column) }));
  const [first] = values;
  if (!first) throw new TypeError("a compound value has no columns");
  const { shape } = first.value;
  const fields = values.map(({ name, value: { dtype, data, shape: own } }) => {
    if (String(own) !== String(shape)) throw new TypeError(`column ${name} has another shape than ${first.name}`);
    if (!(data instanceof Uint8Array) || typeof dtype !== "string")
      throw new TypeError(`column ${name} is not numeric`);
    return { name, dtype, data, size: elementSize(dtype) };
  });
  const size = fields.reduce((sum, field) => sum + field.size, 0);
  const rows = new Uint8Array(size * count(shape));
  let offset = 0;
  for (const { data, size: width } of fields) {
    for (let row = 0; row < count(shape); row++)
      rows.set(data.subarray(row * width, (row + 1) * width), row * size + offset);
    offset += width;
  }
  const dtype: Dtype = { compound: fields.map((field): [string, string] => [field.name, field.dtype]) };
  return { dtype, shape, data: rows };
}
