// SPDX-License-Identifier: MIT
// Property values: lists of texts in the database, typed values in the device's code.
import { devStates } from "../../idl/tango-types.ts";
import type { PropertyDefinition } from "../../interface.ts";
import type { PropertyRows } from "../database/port.ts";

type Parse = (text: string) => unknown;

const integer: Parse = (text) => {
  const value = Number(text.trim());
  if (text.trim() === "" || !Number.isInteger(value)) throw new TypeError(`"${text}" is not an integer`);
  return value;
};
const real: Parse = (text) => {
  const value = Number(text.trim().replace(/^([+-]?)inf$/i, "$1Infinity"));
  if (text.trim() === "" || (Number.isNaN(value) && !/^nan$/i.test(text.trim())))
    throw new TypeError(`"${text}" is not a number`);
  return value;
};
const wide: Parse = (text) => {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new TypeError(`"${text}" is not an integer`);
  return BigInt(text.trim().replace("+", ""));
};
const boolean: Parse = (text) => {
  if (/^\s*(true|1|yes)\s*$/i.test(text)) return true;
  if (/^\s*(false|0|no)\s*$/i.test(text)) return false;
  throw new TypeError(`"${text}" is neither true nor false`);
};
const state: Parse = (text) => {
  if ((devStates as readonly string[]).includes(text.toUpperCase())) return text.toUpperCase();
  throw new TypeError(`"${text}" is not a device state`);
};

const scalars: ReadonlyMap<number, Parse> = new Map([
  [1, boolean], [2, integer], [3, integer], [4, real], [5, real], [6, integer], [7, integer], [8, (text: string) => text],
  [19, state], [22, integer], [23, wide], [24, wide], [29, integer],
]); // biome-ignore format: a table

const arrays: ReadonlyMap<number, (rows: readonly string[]) => unknown> = new Map<
  number,
  (rows: readonly string[]) => unknown
>([
  [9, (rows) => Uint8Array.from(rows, integer as (text: string) => number)],
  [10, (rows) => Int16Array.from(rows, integer as (text: string) => number)],
  [11, (rows) => Int32Array.from(rows, integer as (text: string) => number)],
  [12, (rows) => Float32Array.from(rows, real as (text: string) => number)],
  [13, (rows) => Float64Array.from(rows, real as (text: string) => number)],
  [14, (rows) => Uint16Array.from(rows, integer as (text: string) => number)],
  [15, (rows) => Uint32Array.from(rows, integer as (text: string) => number)],
  [16, (rows) => [...rows]],
  [21, (rows) => rows.map(boolean)],
  [25, (rows) => BigInt64Array.from(rows, wide as (text: string) => bigint)],
  [26, (rows) => BigUint64Array.from(rows, wide as (text: string) => bigint)],
  [31, (rows) => rows.map(state)],
]);

function parse({ type }: PropertyDefinition, rows: readonly string[]): unknown {
  const list = arrays.get(type.code);
  if (list) return list(rows);
  const one = scalars.get(type.code);
  if (!one) throw new TypeError(`${type.name} cannot be a property's type`);
  // A text of several lines is stored as several values.
  return one(type.code === 8 ? rows.join("\n") : (rows[0] ?? ""));
}

export const byName = <T>(rows: Readonly<Record<string, T>>, name: string): T | undefined => {
  if (rows[name] !== undefined) return rows[name];
  const key = name.toLowerCase();
  return Object.entries(rows).find(([candidate]) => candidate.toLowerCase() === key)?.[1];
};

/**
 * The values of declared properties: the device's, else the class's, else the code's.
 * @throws TypeError naming the device, the property and what is wrong with it.
 */
export function propertyValues(
  device: string,
  definitions: Readonly<Record<string, PropertyDefinition>>,
  ...levels: readonly PropertyRows[]
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    const rows = levels.map((level) => byName(level, name)).find((found) => found !== undefined);
    if (rows) values[name] = parsed(device, name, definition, rows);
    else if (definition.initial !== undefined || definition.optional) values[name] = definition.initial;
    else
      throw new TypeError(`property ${name} of ${device} is not set; set it in the database (${definition.type.name})`);
  }
  return values;
}

function parsed(device: string, name: string, definition: PropertyDefinition, rows: readonly string[]): unknown {
  try {
    return parse(definition, rows);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new TypeError(`property ${name} of ${device} is not ${definition.type.name}: ${problem}`);
  }
}

/** A default as the property wizard shows it: elements joined by line ends. */
export function defaultText({ initial }: PropertyDefinition): string {
  if (initial === undefined || initial === null) return "";
  return Array.isArray(initial) || ArrayBuffer.isView(initial)
    ? Array.from(initial as unknown as ArrayLike<unknown>, String).join("\n")
    : String(initial);
}
