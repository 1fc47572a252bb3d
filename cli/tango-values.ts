// SPDX-License-Identifier: MIT
// Tango values as text: as people and scripts write them, and as they read them.
import type { Encoded, Image } from "../tango/index.ts";

const isImage = (value: object): value is Image<ArrayLike<unknown>> => "data" in value && "shape" in value;
const isEncoded = (value: object): value is Encoded => "format" in value && "data" in value;

/** What JSON can hold: typed arrays as lists, images as rows, 64-bit integers as text where a number would be wrong. */
export function jsonable(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return "errors" in value ? value.errors : { message: value.message };
  if (Array.isArray(value)) return value.map(jsonable);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, jsonable);
  if (isImage(value)) return rowsOf(value).map(jsonable);
  if (isEncoded(value)) return { format: value.format, data: Buffer.from(value.data).toString("base64") };
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, jsonable(each)]));
}

const rowsOf = ({ data, shape: [rows, columns] }: Image<ArrayLike<unknown>>): unknown[][] =>
  Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, at) => data[row * columns + at]));

export const json = (value: unknown): string => JSON.stringify(jsonable(value));

/** For people: texts and numbers as they are, lists on one line, images row by row. */
export function shown(value: unknown): string {
  if (value === undefined) return "-";
  if (typeof value === "object" && value !== null && isImage(value)) {
    return rowsOf(value).map(shown).join("\n");
  }
  if (typeof value !== "object" || value === null) return String(value);
  return json(value).replaceAll('"', "");
}

/** On one line of bounded length: long lists and images by their start and size. */
export function brief(value: unknown): string {
  if (typeof value === "object" && value !== null && isImage(value)) return `${value.shape.join(" x ")} image`;
  const text = shown(value).replaceAll("\n", " ");
  if (text.length <= 100) return text;
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  return `${text.slice(0, 90)}...${isList ? ` ${(value as ArrayLike<unknown>).length} values` : ""}`;
}

type Parse = (text: string) => unknown;

function whole(text: string): number {
  if (!/^[+-]?(\d+|0x[\da-f]+)$/i.test(text)) throw new TypeError(`"${text}" is not a whole number`);
  return Number(text);
}
function big(text: string): bigint {
  whole(text);
  return BigInt(text.replace(/^\+/, ""));
}
function number(text: string): number {
  if (/^[+-]?(inf|infinity)$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  const value = Number(text);
  if (text.trim() === "" || (Number.isNaN(value) && !/^nan$/i.test(text)))
    throw new TypeError(`"${text}" is not a number`);
  return value;
}
function truth(text: string): boolean {
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  if (/^(false|0|no|off)$/i.test(text)) return false;
  throw new TypeError(`"${text}" is neither true nor false`);
}
const encoded = (text: string): Encoded => {
  const [format = "", data = ""] = text.split(/:(.*)/s);
  return { format, data: Uint8Array.from(Buffer.from(data, "base64")) };
};
/** A label or an index. */
const label = (text: string): unknown => (/^\d+$/.test(text) ? Number(text) : text);

const scalars: Readonly<Record<string, Parse>> = {
  DevBoolean: truth, DevUChar: whole, DevShort: whole, DevUShort: whole, DevLong: whole, DevULong: whole, DevLong64: big,
  DevULong64: big, DevFloat: number, DevDouble: number, DevString: String, DevEnum: label, DevEncoded: encoded,
  DevState: (text) => text.toUpperCase(),
}; // biome-ignore format: a table
const lists: Readonly<Record<string, string>> = {
  DevVarBooleanArray: "DevBoolean", DevVarCharArray: "DevUChar", DevVarShortArray: "DevShort", DevVarUShortArray: "DevUShort",
  DevVarLongArray: "DevLong", DevVarULongArray: "DevULong", DevVarLong64Array: "DevLong64", DevVarULong64Array: "DevULong64",
  DevVarFloatArray: "DevFloat", DevVarDoubleArray: "DevDouble", DevVarStringArray: "DevString", DevVarStateArray: "DevState",
}; // biome-ignore format: a table

function scalar(type: string, text: string): unknown {
  const parse = scalars[type];
  if (!parse) throw new TypeError(`values of type ${type} cannot be given on a command line`);
  return parse(text);
}

/** Words, or one word that is a JSON list, as elements. */
const elements = (type: string, words: readonly string[]): unknown[] =>
  jsonList(words)?.map((each) =>
    Array.isArray(each) ? each.map((one) => scalar(type, String(one))) : scalar(type, String(each)),
  ) ?? words.map((word) => scalar(type, word));

function jsonList(words: readonly string[]): unknown[] | undefined {
  const [only] = words;
  if (words.length !== 1 || !only?.trim().startsWith("[")) return undefined;
  try {
    return JSON.parse(only);
  } catch (cause) {
    throw new TypeError(`${only} is not a JSON list`, { cause });
  }
}

/** An attribute's value: one word for a scalar, several or a JSON list for a spectrum, a JSON list of rows for an image. */
export function attributeValue(type: string, format: string, words: readonly string[]): unknown {
  if (format !== "SCALAR") return elements(type, words);
  if (words.length !== 1) throw new TypeError(`one value expected, not ${words.length}`);
  return scalar(type, words[0] ?? "");
}

/** A command's argument. Numbers and texts together (DevVarLongStringArray): numbers, then texts; "/" parts them when a text is a number. */
export function commandArgument(type: string, words: readonly string[]): unknown {
  if (type === "DevVoid") {
    if (words.length > 0) throw new TypeError("the command takes no argument");
    return undefined;
  }
  const element = lists[type];
  if (element) return elements(element, words);
  if (type === "DevVarLongStringArray" || type === "DevVarDoubleStringArray") return mixed(type, words);
  return attributeValue(type, "SCALAR", words);
}

function mixed(type: string, words: readonly string[]): unknown {
  const numbers = words.findIndex((word) => !/^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(word));
  const end = numbers < 0 ? words.length : numbers;
  const texts = words.slice(words[end] === "/" ? end + 1 : end);
  const values = words.slice(0, end);
  return type === "DevVarLongStringArray"
    ? { lvalue: values.map(whole), svalue: texts }
    : { dvalue: values.map(number), svalue: texts };
}
