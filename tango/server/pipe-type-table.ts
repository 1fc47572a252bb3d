// SPDX-License-Identifier: MIT
// The types of values in pipes: CmdArgType numbers by name.
import * as types from "../idl/tango-types.ts";

const scalars = [
  types.DevBoolean, types.DevShort, types.DevLong, types.DevFloat, types.DevDouble, types.DevUShort, types.DevULong,
  types.DevString, types.DevState, types.DevUChar, types.DevLong64, types.DevULong64, types.DevEncoded, types.DevEnum,
] as const; // biome-ignore format: a list

/** Scalar types. */
export const typeNames: ReadonlyMap<string, number> = new Map(scalars.map(({ name, code }) => [name, code]));
/** List types, with the number of their element's type. */
export const listTypes: ReadonlyMap<string, number> = new Map([
  ...scalars
    .filter(({ name }) => name !== "DevEnum")
    .flatMap(({ array, code }) => (array ? [[array.name, code] as const] : [])),
  ["DevVarEncodedArray", 28] as const,
]);
/** The names of both by the number of the element's type. */
export const elementTypes: ReadonlyMap<number, readonly [scalar: string, list: string]> = new Map(
  scalars.map(({ name, code, array }) => [code, [name, array?.name ?? "DevVarEncodedArray"]]),
);
