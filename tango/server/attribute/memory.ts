// SPDX-License-Identifier: MIT
// Memorised set values as the texts that the database keeps.
import { DevFloat } from "../../idl/tango-types.ts";
import { type DataType, isNumeric } from "./data-type-table.ts";
import { parseNumber, printed } from "./number-text.ts";

export function memorizedText(type: DataType, value: unknown): string {
  if (type.code === DevFloat.code) return printed(Math.fround(value as number));
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
    case "real": {
      const number = parseNumber(text);
      // Fifteen digits of a float are not the float.
      return number !== undefined && type.code === DevFloat.code ? Math.fround(number) : number;
    }
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
