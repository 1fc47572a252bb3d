// SPDX-License-Identifier: MIT
// The TypeCodes Tango sends in front of each type of value, and the codec of the value (as cppTango 9 and 10 do).
import type { Codec, KnownType, TypeCode } from "../cdr/index.ts";
import { nothing, short } from "../cdr/index.ts";
import * as aliases from "./aliases.ts";
import { DevState } from "./enums.ts";
import { devStates } from "./tango-types.ts";

const string: TypeCode = { kind: "string", bound: 0 };
const alias = (name: string, content: TypeCode): TypeCode => ({
  kind: "alias",
  id: `IDL:Tango/${name}:1.0`,
  name,
  content,
});
const sequence = (name: string, element: TypeCode): TypeCode => alias(name, { kind: "sequence", element, bound: 0 });
const struct = (name: string, fields: Readonly<Record<string, TypeCode>>): TypeCode => ({
  kind: "struct",
  id: `IDL:Tango/${name}:1.0`,
  name,
  members: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
});

const octets = sequence("DevVarCharArray", { kind: "octet" });
const longs = sequence("DevVarLongArray", { kind: "long" });
const doubles = sequence("DevVarDoubleArray", { kind: "double" });
const strings = sequence("DevVarStringArray", string);
const state: TypeCode = { kind: "enum", id: "IDL:Tango/DevState:1.0", name: "DevState", members: devStates };
const encoded = struct("DevEncoded", { encoded_format: alias("DevString", string), encoded_data: octets });

const known = <T>(type: TypeCode, codec: Codec<T>): KnownType => ({ type, codec: codec as Codec<unknown> });

/** By CmdArgType number. */
export const typeCodes: ReadonlyMap<number, KnownType> = new Map([
  [0, known({ kind: "null" }, nothing)],
  [1, known({ kind: "boolean" }, aliases.DevBoolean)],
  [2, known({ kind: "short" }, aliases.DevShort)],
  [3, known({ kind: "long" }, aliases.DevLong)],
  [4, known({ kind: "float" }, aliases.DevFloat)],
  [5, known({ kind: "double" }, aliases.DevDouble)],
  [6, known({ kind: "ushort" }, aliases.DevUShort)],
  [7, known({ kind: "ulong" }, aliases.DevULong)],
  [8, known(string, aliases.DevString)],
  [9, known(octets, aliases.DevVarCharArray)],
  [10, known(sequence("DevVarShortArray", { kind: "short" }), aliases.DevVarShortArray)],
  [11, known(longs, aliases.DevVarLongArray)],
  [12, known(sequence("DevVarFloatArray", { kind: "float" }), aliases.DevVarFloatArray)],
  [13, known(doubles, aliases.DevVarDoubleArray)],
  [14, known(sequence("DevVarUShortArray", { kind: "ushort" }), aliases.DevVarUShortArray)],
  [15, known(sequence("DevVarULongArray", { kind: "ulong" }), aliases.DevVarULongArray)],
  [16, known(strings, aliases.DevVarStringArray)],
  [17, known(struct("DevVarLongStringArray", { lvalue: longs, svalue: strings }), aliases.DevVarLongStringArray)],
  [18, known(struct("DevVarDoubleStringArray", { dvalue: doubles, svalue: strings }), aliases.DevVarDoubleStringArray)],
  [19, known(state, DevState)],
  [20, known(string, aliases.DevString)],
  [21, known(sequence("DevVarBooleanArray", { kind: "boolean" }), aliases.DevVarBooleanArray)],
  [22, known({ kind: "octet" }, aliases.DevUChar)],
  [23, known({ kind: "longlong" }, aliases.DevLong64)],
  [24, known({ kind: "ulonglong" }, aliases.DevULong64)],
  [25, known(sequence("DevVarLong64Array", { kind: "longlong" }), aliases.DevVarLong64Array)],
  [26, known(sequence("DevVarULong64Array", { kind: "ulonglong" }), aliases.DevVarULong64Array)],
  [28, known(encoded, aliases.DevEncoded)],
  [29, known({ kind: "short" }, short)],
  [31, known(sequence("DevVarStateArray", state), aliases.DevVarStateArray)],
]); // biome-ignore format: a table

/** A sequence of DevEncoded: in histories and values of old interfaces only; no CmdArgType number is its own. */
export const encodedArray: KnownType = known(sequence("DevVarEncodedArray", encoded), aliases.DevVarEncodedArray);
