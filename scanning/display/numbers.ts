// SPDX-License-Identifier: MIT
// Numbers in a table: as many digits as a person can use, decimal points below each other.
import type { ColumnValue } from "../column.ts";

export interface NumberStyle {
  /** Digits after the point; absent: six significant digits. */
  readonly decimals?: number;
  /** Whole numbers are written as such. */
  readonly whole?: boolean;
}

/** From here on fixed decimals would only be noise. */
const huge = 1e9;

/** `4.20000`, `0.0881720`, `1.52000e+07`; "-" for a value that is not there. */
export function written(value: ColumnValue | undefined, { decimals, whole = false }: NumberStyle = {}): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value !== "number") return value === undefined || value === null ? "-" : "...";
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "inf").replace("NaN", "nan");
  if (whole && Number.isSafeInteger(value)) return String(value);
  return decimals === undefined || Math.abs(value) >= huge ? significant(value) : value.toFixed(decimals);
}

/** Six significant digits, trailing zeros kept so that columns stay aligned. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 999_999.5)) return value.toExponential(5).replace(/e([+-])(\d)$/, "e$10$2");
  return value.toPrecision(6);
}
