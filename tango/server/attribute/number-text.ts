// SPDX-License-Identifier: MIT
// Numbers as Tango stores them in texts: limits, periods, memorised values.
import type { DataType } from "./data-type-table.ts";

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A decimal number, or undefined: no blanks, no hexadecimal, no infinities. */
export const parseNumber = (text: string): number | undefined => (NUMBER.test(text) ? Number(text) : undefined);

/** A number with at most 15 significant digits, as C's `%.15g` prints it. */
export function printed(value: number | bigint): string {
  if (typeof value === "bigint") return value.toString();
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", exponentText = "0"] = value.toExponential(14).split("e");
  const exponent = Number(exponentText);
  const trim = (text: string) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (exponent < -4 || exponent >= 15) {
    const digits = String(Math.abs(exponent)).padStart(2, "0");
    return `${trim(mantissa)}e${exponent < 0 ? "-" : "+"}${digits}`;
  }
  return trim(value.toFixed(14 - exponent));
}

/** A bound of an attribute and its text; what does not fit an integer type is cut to it as a C cast would. */
export function parseBound(text: string, type: DataType): { value: number | bigint; text: string } | undefined {
  const number = parseNumber(text);
  if (number === undefined) return undefined;
  if (type.kind === "wide") return wideBound(text, number, type);
  if (type.kind !== "integer" && type.kind !== "enum") return { value: number, text };
  const value = cast(number, type.bits ?? 16);
  return { value, text: value === number ? text : String(value) };
}

/** To an integer of `bits` (negative: unsigned, which drops the sign first). */
function cast(number: number, bits: number): number {
  const whole = bits < 0 ? Math.abs(Math.trunc(number)) : Math.trunc(number);
  const wrapped = bits < 0 ? BigInt.asUintN(-bits, BigInt(whole)) : BigInt.asIntN(bits, BigInt(whole));
  return Number(wrapped);
}

function wideBound(text: string, number: number, { bits = 64 }: DataType) {
  const exact = /^[+-]?\d+$/.test(text) ? BigInt(text.replace("+", "")) : BigInt(Math.trunc(number));
  const positive = bits < 0 && exact < 0n ? -exact : exact;
  const [low, high] = bits < 0 ? [0n, 2n ** 64n - 1n] : [-(2n ** 63n), 2n ** 63n - 1n];
  const value = positive < low ? low : positive > high ? high : positive;
  return { value, text: value === exact ? text : value.toString() };
}

/** How far below and above the last value a change counts; undefined: never. Both positive. */
export interface Change {
  readonly down: number | undefined;
  readonly up: number | undefined;
}
export const noChange: Change = { down: undefined, up: undefined };

/** What "no change counts" is in the database: the largest 32-bit integer. */
export const NEVER = "2147483647";

/** `1`, `1,2`, `1,`, `,2`, `Not specified,2`: a signed number counts by its size, and 0 is none. */
export function parseChange(text: string): Change | undefined {
  const parts = text.split(",");
  if (parts.length > 2) return undefined;
  const sides = parts.map(changeSide);
  if (sides.includes("wrong")) return undefined;
  const [down, up] = sides as (number | undefined)[];
  return { down, up: parts.length === 1 ? down : up };
}

function changeSide(text: string): number | undefined | "wrong" {
  if (text === "" || /^(not specified|nan)$/i.test(text)) return undefined;
  const number = parseNumber(text);
  if (number === undefined) return "wrong";
  const size = Math.abs(number);
  return size === 0 || size === Number(NEVER) ? undefined : size;
}

const NOT_SPECIFIED = "Not specified";
const side = (value: number | undefined) => (value === undefined ? NOT_SPECIFIED : printed(value));

/** As clients see it. */
export function changeText({ down, up }: Change): string {
  if (down === undefined && up === undefined) return NOT_SPECIFIED;
  return down === up ? side(down) : `${side(down)},${side(up)}`;
}

/** As it is stored: lower then upper bound. */
export const changeRows = ({ down, up }: Change): readonly string[] =>
  down === undefined && up === undefined
    ? [NEVER]
    : [down === undefined ? NEVER : `-${printed(down)}`, up === undefined ? NEVER : printed(up)];
