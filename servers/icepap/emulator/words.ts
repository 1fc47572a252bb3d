// SPDX-License-Identifier: MIT
// Words of the controller's language, read and written.
import { Refusal } from "./refusal.ts";

export function integer(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new Refusal("Wrong parameter(s)");
  const value = Number(text);
  if (Math.abs(value) > 2 ** 31 - 1) throw new Refusal("Out of range parameter(s)");
  return value;
}
export function float(text: string): number {
  const value = text === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new Refusal("Wrong parameter(s)");
  return value;
}
export function notNegative(text: string): number {
  const value = float(text);
  if (value < 0) throw new Refusal("Out of range parameter(s)");
  return value;
}
export function positive(text: string): number {
  const value = notNegative(text);
  if (value === 0) throw new Refusal("Out of range parameter(s)");
  return value;
}

/** An answer of several lines. */
export const long = (lines: readonly string[]): string => ["$", ...lines, "$"].join("\r\n");
