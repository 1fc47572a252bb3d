// SPDX-License-Identifier: MIT
// The data types of Tango IDL 6 (what attributes and command arguments are made of) and what their names stand for.
import type { Infer } from "../cdr/index.ts";
import {
  array, boolean, double, doubles, float, floats, long, longlong, longlongs, longs, octet, octets, seq, short, shorts,
  string, struct, ulong, ulonglong, ulonglongs, ulongs, ushort, ushorts,
} from "../cdr/index.ts"; // biome-ignore format: a list
import { DevState } from "./enums.ts";

export const DevBoolean = boolean;
export const DevDouble = double;
export const DevFloat = float;
export const DevShort = short;
export const DevLong = long;
export const DevLong64 = longlong;
export const DevString = string;
export const DevUChar = octet;
export const DevUShort = ushort;
export const DevULong = ulong;
export const DevULong64 = ulonglong;
export const DevVarBooleanArray = seq(boolean);
export const DevVarDoubleArray = doubles;
export const DevVarFloatArray = floats;
export const DevVarShortArray = shorts;
export const DevVarLongArray = longs;
export const DevVarLong64Array = longlongs;
export const DevVarCharArray = octets;
export const DevVarStringArray = seq(string);
export const DevVarUShortArray = ushorts;
export const DevVarULongArray = ulongs;
export const DevVarULong64Array = ulonglongs;
export const DevVarStateArray = seq(DevState);
export const JavaUUID = array(ulonglong, 2);
export const CppClntIdent = ulong;

export type DevBoolean = boolean;
export type DevDouble = number;
export type DevFloat = number;
export type DevShort = number;
export type DevLong = number;
export type DevLong64 = bigint;
export type DevString = string;
export type DevUChar = number;
export type DevUShort = number;
export type DevULong = number;
export type DevULong64 = bigint;
export type DevVarBooleanArray = Infer<typeof DevVarBooleanArray>;
export type DevVarDoubleArray = Float64Array;
export type DevVarFloatArray = Float32Array;
export type DevVarShortArray = Int16Array;
export type DevVarLongArray = Int32Array;
export type DevVarLong64Array = BigInt64Array;
export type DevVarCharArray = Uint8Array;
export type DevVarStringArray = Infer<typeof DevVarStringArray>;
export type DevVarUShortArray = Uint16Array;
export type DevVarULongArray = Uint32Array;
export type DevVarULong64Array = BigUint64Array;
export type DevVarStateArray = Infer<typeof DevVarStateArray>;
export type JavaUUID = Infer<typeof JavaUUID>;
export type CppClntIdent = number;

export const DevEncoded = struct({
  encoded_format: DevString,
  encoded_data: DevVarCharArray,
});
export type DevEncoded = Infer<typeof DevEncoded>;
export const DevVarEncodedArray = seq(DevEncoded);
export type DevVarEncodedArray = Infer<typeof DevVarEncodedArray>;
export const DevVarLongStringArray = struct({
  lvalue: DevVarLongArray,
  svalue: DevVarStringArray,
});
export type DevVarLongStringArray = Infer<typeof DevVarLongStringArray>;
export const DevVarDoubleStringArray = struct({
  dvalue: DevVarDoubleArray,
  svalue: DevVarStringArray,
});
export type DevVarDoubleStringArray = Infer<typeof DevVarDoubleStringArray>;
