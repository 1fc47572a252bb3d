// SPDX-License-Identifier: MIT
// What a server must know of each data type an attribute can have.

export interface DataType {
  /** CmdArgType number. */
  readonly code: number;
  /** How C++ clients know it, for error texts. */
  readonly cppName: string;
  /** CmdArgType number of a list of it. */
  readonly arrayCode: number;
  /** Default display format. */
  readonly format: string;
  readonly kind: "real" | "integer" | "wide" | "boolean" | "text" | "state" | "encoded" | "enum";
  /** Width in bits of an integer; negative when unsigned. */
  readonly bits?: number;
  /** The set value before the first write. */
  readonly initial: unknown;
}

const integer = (code: number, cppName: string, arrayCode: number, bits: number): DataType => ({
  code, cppName, arrayCode, format: "%d", kind: "integer", bits, initial: 0,
}); // biome-ignore format: a table
const wide = (code: number, cppName: string, arrayCode: number, bits: number): DataType => ({
  code, cppName, arrayCode, format: "%d", kind: "wide", bits, initial: 0n,
}); // biome-ignore format: a table
const real = (code: number, cppName: string, arrayCode: number): DataType => ({
  code, cppName, arrayCode, format: "%6.2f", kind: "real", initial: 0,
}); // biome-ignore format: a table

const table: readonly DataType[] = [
  { code: 1, cppName: "DevBoolean", arrayCode: 21, format: "Not specified", kind: "boolean", initial: true },
  integer(2, "DevShort", 10, 16),
  integer(3, "DevLong", 11, 32),
  real(4, "DevFloat", 12),
  real(5, "DevDouble", 13),
  integer(6, "DevUShort", 14, -16),
  integer(7, "DevULong", 15, -32),
  { code: 8, cppName: "DevString", arrayCode: 16, format: "%s", kind: "text", initial: "Not initialised" },
  { code: 19, cppName: "DevState", arrayCode: 31, format: "Not specified", kind: "state", initial: "ON" },
  integer(22, "DevUChar", 9, -8),
  wide(23, "DevLong64", 25, 64),
  wide(24, "DevULong64", 26, -64),
  { code: 28, cppName: "DevEncoded", arrayCode: 28, format: "Not specified", kind: "encoded", initial: { format: "", data: new Uint8Array(0) } },
  { code: 29, cppName: "DevEnum", arrayCode: 10, format: "%s", kind: "enum", initial: 0 },
]; // biome-ignore format: a table

export const dataTypes: ReadonlyMap<number, DataType> = new Map(table.map((type) => [type.code, type]));

export const isNumeric = ({ kind }: DataType): boolean => kind === "real" || kind === "integer" || kind === "wide";
