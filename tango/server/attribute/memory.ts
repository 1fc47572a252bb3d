// SPDX-License-Identifier: MIT
// Memorised set values as the texts that the database keeps.
import { type DataType, isNumeric } from "./data-type-table.ts";
import { parseNumber, printed } from "./number-text.ts";

export function memorizedText(type: DataType, value: unknown): string {
  if (type.code === 4) return printed(Math.fround(value as number));
  if (isNumeric(type)) return printed(value as number | bigint);
  return String(value);
}

/** The value of a stored text, or undefined when it is of no use for the type. */
export function memorizedValue(type: DataType, text: string, labels: readonly string[]): unknown {
  switch (type.kind) {
    case "text":
      return text;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "real":
      return parseNumber(text);
    case "wide":
      return /^[+-]?\d+$/.test(text) ? BigInt(text.replace("+", "")) : undefined;
    case "integer":
    case "enum": {
      const number = parseNumber(text);
      if (number === undefined || !Number.isInteger(number)) return undefined;
      return type.kind === "enum" && (number < 0 || number >= labels.length) ? undefined : number;
    }
    default:
      return undefined;
  }
}
