// SPDX-License-Identifier: MIT
// The data types a Tango attribute, command argument or property can have, as values that carry their TypeScript type.
// Numbers: Tango's CmdArgType (tango_const.h), see docs/reference/types.md.

/** The fourteen device states, in the order of their ordinals on the wire. */
export const devStates = [
  "ON", "OFF", "CLOSE", "OPEN", "INSERT", "EXTRACT", "MOVING",
  "STANDBY", "FAULT", "INIT", "RUNNING", "ALARM", "DISABLE", "UNKNOWN",
] as const; // biome-ignore format: one glance
export type DevStateName = (typeof devStates)[number];

/** An opaque block of bytes with the name of its format, e.g. `{ format: "JPEG", data }`. */
export interface Encoded {
  readonly format: string;
  readonly data: Uint8Array;
}
/** What a command may answer instead: bytes in several pieces, sent one after the other without being copied. */
export interface EncodedParts {
  readonly format: string;
  readonly parts: readonly Uint8Array[];
}

/** A 2D value: `data` row by row, `shape` as `[rows, columns]` (Tango's `[dim_y, dim_x]`). */
export interface Image<Data> {
  readonly data: Data;
  readonly shape: readonly [rows: number, columns: number];
}

export interface LongStrings {
  readonly lvalue: Int32Array;
  readonly svalue: readonly string[];
}
export interface DoubleStrings {
  readonly dvalue: Float64Array;
  readonly svalue: readonly string[];
}

declare const carried: unique symbol;

/** A Tango type: its name, its CmdArgType number, and (types only) what its values are in TypeScript. */
export interface TangoType<Value, Name extends string = string> {
  readonly name: Name;
  readonly code: number;
  readonly [carried]?: Value;
}

/** A scalar type that may be an attribute's; `Array` is the type of a spectrum of it. */
export interface ScalarType<Value, Array, Name extends string = string> extends TangoType<Value, Name> {
  readonly array?: TangoType<Array>;
  readonly [carriedArray]?: Array;
}
declare const carriedArray: unique symbol;

const type = <Value, Name extends string>(name: Name, code: number): TangoType<Value, Name> => ({ name, code });
const scalar = <Value, Array, Name extends string>(
  name: Name,
  code: number,
  array?: TangoType<Array>,
): ScalarType<Value, Array, Name> => (array ? { name, code, array } : { name, code });

export const DevVoid = type<void, "DevVoid">("DevVoid", 0);
export const DevVarCharArray = type<Uint8Array, "DevVarCharArray">("DevVarCharArray", 9);
export const DevVarShortArray = type<Int16Array, "DevVarShortArray">("DevVarShortArray", 10);
export const DevVarLongArray = type<Int32Array, "DevVarLongArray">("DevVarLongArray", 11);
export const DevVarFloatArray = type<Float32Array, "DevVarFloatArray">("DevVarFloatArray", 12);
export const DevVarDoubleArray = type<Float64Array, "DevVarDoubleArray">("DevVarDoubleArray", 13);
export const DevVarUShortArray = type<Uint16Array, "DevVarUShortArray">("DevVarUShortArray", 14);
export const DevVarULongArray = type<Uint32Array, "DevVarULongArray">("DevVarULongArray", 15);
export const DevVarStringArray = type<string[], "DevVarStringArray">("DevVarStringArray", 16);
export const DevVarLongStringArray = type<LongStrings, "DevVarLongStringArray">("DevVarLongStringArray", 17);
export const DevVarDoubleStringArray = type<DoubleStrings, "DevVarDoubleStringArray">("DevVarDoubleStringArray", 18);
export const DevVarBooleanArray = type<boolean[], "DevVarBooleanArray">("DevVarBooleanArray", 21);
export const DevVarLong64Array = type<BigInt64Array, "DevVarLong64Array">("DevVarLong64Array", 25);
export const DevVarULong64Array = type<BigUint64Array, "DevVarULong64Array">("DevVarULong64Array", 26);
export const DevVarStateArray = type<DevStateName[], "DevVarStateArray">("DevVarStateArray", 31);

export const DevBoolean = scalar<boolean, boolean[], "DevBoolean">("DevBoolean", 1, DevVarBooleanArray);
export const DevShort = scalar<number, Int16Array, "DevShort">("DevShort", 2, DevVarShortArray);
export const DevLong = scalar<number, Int32Array, "DevLong">("DevLong", 3, DevVarLongArray);
export const DevFloat = scalar<number, Float32Array, "DevFloat">("DevFloat", 4, DevVarFloatArray);
export const DevDouble = scalar<number, Float64Array, "DevDouble">("DevDouble", 5, DevVarDoubleArray);
export const DevUShort = scalar<number, Uint16Array, "DevUShort">("DevUShort", 6, DevVarUShortArray);
export const DevULong = scalar<number, Uint32Array, "DevULong">("DevULong", 7, DevVarULongArray);
export const DevString = scalar<string, string[], "DevString">("DevString", 8, DevVarStringArray);
export const DevState = scalar<DevStateName, DevStateName[], "DevState">("DevState", 19, DevVarStateArray);
export const DevUChar = scalar<number, Uint8Array, "DevUChar">("DevUChar", 22, DevVarCharArray);
export const DevLong64 = scalar<bigint, BigInt64Array, "DevLong64">("DevLong64", 23, DevVarLong64Array);
export const DevULong64 = scalar<bigint, BigUint64Array, "DevULong64">("DevULong64", 24, DevVarULong64Array);
/** Scalar only as an attribute. */
export const DevEncoded = scalar<Encoded, Encoded[], "DevEncoded">("DevEncoded", 28);
/** Travels as a short, the index into the attribute's `enumLabels`; its value here is that index. */
export const DevEnum = scalar<number, Int16Array, "DevEnum">("DevEnum", 29, DevVarShortArray);

export type ValueOf<Type> = Type extends { readonly [carried]?: infer Value } ? Exclude<Value, undefined> : never;
export type ArrayOf<Type> = Type extends { readonly [carriedArray]?: infer Array } ? Exclude<Array, undefined> : never;
