// SPDX-License-Identifier: MIT
// What may be given for a value of each Tango type, and the form in which it goes to the wire. A value that does not fit
// is refused with its type, place and limits: nothing is silently wrapped, rounded or cut.
import { devStates } from "./tango-types.ts";

type Coerce = (value: unknown) => unknown;

const shown = (value: unknown): string => {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
};
const refuse = (type: string, value: unknown, wanted: string): never => {
  throw new TypeError(`${type}: ${shown(value)} is not ${wanted}`);
};

const integer = (type: string, low: number, high: number): Coerce => {
  const wanted = `an integer from ${low} to ${high}`;
  return (value) => {
    const number = typeof value === "bigint" || typeof value === "boolean" ? Number(value) : value;
    return Number.isInteger(number) && (number as number) >= low && (number as number) <= high
      ? number
      : refuse(type, value, wanted);
  };
};
const wide = (type: string, low: bigint, high: bigint): Coerce => {
  const wanted = `an integer from ${low} to ${high}`;
  return (value) => {
    const number = typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value;
    return typeof number === "bigint" && number >= low && number <= high ? number : refuse(type, value, wanted);
  };
};
const real =
  (type: string): Coerce =>
  (value) =>
    typeof value === "number" ? value : typeof value === "bigint" ? Number(value) : refuse(type, value, "a number");
const boolean: Coerce = (value) =>
  typeof value === "boolean"
    ? value
    : value === 0 || value === 1
      ? value === 1
      : refuse("DevBoolean", value, "a boolean");
const string: Coerce = (value) => (typeof value === "string" ? value : refuse("DevString", value, "a string"));
const state: Coerce = (value) =>
  (devStates as readonly unknown[]).includes(value)
    ? value
    : refuse("DevState", value, `one of ${devStates.join(", ")}`);

interface ArrayType {
  readonly name: string;
  new (length: number): ArrayLike<unknown> & { [index: number]: unknown };
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);

/** A typed array as it is; any other list of numbers, element by element. */
const typed =
  (name: string, type: ArrayType, item: Coerce): Coerce =>
  (value) => {
    if (value instanceof type) return value;
    if (!isList(value)) return refuse(name, value, `a ${type.name} or an array of numbers`);
    const array = new type(value.length);
    for (let index = 0; index < value.length; index++) array[index] = item(value[index]);
    return array;
  };
const list =
  (name: string, item: Coerce): Coerce =>
  (value) =>
    isList(value) ? Array.from(value, (one) => item(one)) : refuse(name, value, "an array");

const encoded: Coerce = (value) => {
  if (typeof value === "object" && value !== null && "format" in value && "data" in value) {
    if (value.data instanceof Uint8Array) return { encoded_format: string(value.format), encoded_data: value.data };
  }
  if (typeof value === "object" && value !== null && "format" in value && "parts" in value) {
    const { format, parts } = value;
    if (Array.isArray(parts) && parts.every((part) => part instanceof Uint8Array))
      return { encoded_format: string(format), encoded_data: parts };
  }
  return refuse("DevEncoded", value, "{ format: string, data: Uint8Array }");
};

const short = integer("DevShort", -0x8000, 0x7fff);
const long = integer("DevLong", -0x80000000, 0x7fffffff);
const ushort = integer("DevUShort", 0, 0xffff);
const ulong = integer("DevULong", 0, 0xffffffff);
const octet = integer("DevUChar", 0, 0xff);
const longlong = wide("DevLong64", -(2n ** 63n), 2n ** 63n - 1n);
const ulonglong = wide("DevULong64", 0n, 2n ** 64n - 1n);
const float = real("DevFloat");
const double = real("DevDouble");
const longs = typed("DevVarLongArray", Int32Array, long);
const doubles = typed("DevVarDoubleArray", Float64Array, double);
const strings = list("DevVarStringArray", string);

/** A list of numbers with a list of strings. */
const pair =
  (name: string, numbers: "lvalue" | "dvalue", item: Coerce): Coerce =>
  (value) =>
    typeof value === "object" && value !== null && numbers in value && "svalue" in value
      ? { [numbers]: item((value as Record<string, unknown>)[numbers]), svalue: strings(value.svalue) }
      : refuse(name, value, `{ ${numbers}, svalue }`);

/** By CmdArgType number. */
export const coercions: ReadonlyMap<number, Coerce> = new Map<number, Coerce>([
  [0, () => undefined],
  [1, boolean],
  [2, short],
  [3, long],
  [4, float],
  [5, double],
  [6, ushort],
  [7, ulong],
  [8, string],
  [9, typed("DevVarCharArray", Uint8Array, octet)],
  [10, typed("DevVarShortArray", Int16Array, short)],
  [11, longs],
  [12, typed("DevVarFloatArray", Float32Array, float)],
  [13, doubles],
  [14, typed("DevVarUShortArray", Uint16Array, ushort)],
  [15, typed("DevVarULongArray", Uint32Array, ulong)],
  [16, strings],
  [17, pair("DevVarLongStringArray", "lvalue", longs)],
  [18, pair("DevVarDoubleStringArray", "dvalue", doubles)],
  [19, state],
  [20, string],
  [21, list("DevVarBooleanArray", boolean)],
  [22, octet],
  [23, longlong],
  [24, ulonglong],
  [25, typed("DevVarLong64Array", BigInt64Array, longlong)],
  [26, typed("DevVarULong64Array", BigUint64Array, ulonglong)],
  [28, encoded],
  [29, short],
  [31, list("DevVarStateArray", state)],
]);
export const encodedList: Coerce = list("DevVarEncodedArray", encoded);
