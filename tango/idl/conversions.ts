// SPDX-License-Identifier: MIT
// Between values as people write them and the two forms they travel in: `any` (commands, old interfaces) and AttrValUnion.
import type { Any, TypeCode } from "../cdr/index.ts";
import { resolved } from "../cdr/index.ts";
import type { DevEncoded } from "./aliases.ts";
import { coercions, encodedList } from "./coercion-table.ts";
import type { AttributeDataType } from "./enums.ts";
import type { Encoded } from "./tango-types.ts";
import { encodedArray, typeCodes } from "./typecodes-table.ts";
import type { AttrValUnion } from "./values.ts";

/** A value with the number (CmdArgType) of its Tango type. */
export interface TangoValue {
  readonly code: number;
  readonly value: unknown;
}

const DEV_ENCODED = 28;
const encodedOf = ({ encoded_format, encoded_data }: DevEncoded): Encoded => ({
  format: encoded_format,
  data: encoded_data,
});

/**
 * A value as an `any`. DevEncoded takes one `{ format, data }` or an array of them (which only histories and the oldest
 * interfaces carry).
 * @throws TypeError when the value is not of that type.
 */
export function toAny(code: number, value: unknown): Any {
  if (code === DEV_ENCODED && Array.isArray(value)) return { type: encodedArray.type, value: encodedList(value) };
  const known = typeCodes.get(code);
  const coerce = coercions.get(code);
  if (!known || !coerce) throw new TypeError(`Tango type ${code} cannot travel in an any`);
  return { type: known.type, value: coerce(value) };
}

/**
 * The value in an `any`, with the number of the Tango type its TypeCode amounts to: aliases and sequences without a name
 * are seen through. Code 28 gives `{ format, data }`, or an array of them.
 * @throws TypeError when no Tango type is like it.
 */
export function fromAny({ type, value }: Any): TangoValue {
  if (type === encodedArray.type) return { code: DEV_ENCODED, value: (value as DevEncoded[]).map(encodedOf) };
  const code = codeByType.get(type) ?? structuralCode(type);
  if (code === undefined) throw new TypeError(`an any of ${describe(type)} is of no Tango type`);
  const names = structFields.get(code);
  const named = names && !codeByType.has(type) ? inOrder(value, names) : value;
  return { code, value: code === DEV_ENCODED ? encodedOf(named as DevEncoded) : named };
}

/** Lowest number first: a string is 8 (not 20), a short is 2 (not 29). */
const codeByType = new Map([...typeCodes].reverse().map(([code, { type }]) => [type, code]));
const scalarCodes = new Map<string, number>(
  [1, 2, 3, 4, 5, 6, 7, 8, 22, 23, 24].map((code) => [typeCodes.get(code)?.type.kind ?? "", code]),
);
const sequenceCodes: ReadonlyMap<string, number> = new Map([
  ["octet", 9], ["short", 10], ["long", 11], ["float", 12], ["double", 13], ["ushort", 14], ["ulong", 15], ["string", 16],
  ["boolean", 21], ["longlong", 25], ["ulonglong", 26], ["enum", 31],
]); // biome-ignore format: a table
const structCodes: ReadonlyMap<string, number> = new Map([
  ["long,string", 17],
  ["double,string", 18],
]);

function structuralCode(type: TypeCode): number | undefined {
  const found = resolved(type);
  switch (found.kind) {
    case "void":
    case "null":
      return 0;
    case "enum":
      return 19;
    case "sequence":
      return sequenceCodes.get(resolved(found.element).kind);
    case "struct": {
      const kinds = found.members.map((member) => {
        const part = resolved(member.type);
        return part.kind === "sequence" ? resolved(part.element).kind : part.kind === "string" ? "text" : "?";
      });
      return kinds.join() === "text,octet" ? DEV_ENCODED : structCodes.get(kinds.join());
    }
    default:
      return scalarCodes.get(found.kind);
  }
}

const describe = (type: TypeCode): string => ("name" in type && type.name ? `${type.name} (${type.kind})` : type.kind);

const structFields: ReadonlyMap<number, readonly string[]> = new Map([
  [17, ["lvalue", "svalue"]],
  [18, ["dvalue", "svalue"]],
  [DEV_ENCODED, ["encoded_format", "encoded_data"]],
]);

/** A struct's fields under the names they should have: a sender may leave names out of its TypeCodes. */
function inOrder(value: unknown, names: readonly string[]): unknown {
  const parts = Object.values(value as object);
  return Object.fromEntries(names.map((name, index) => [name, parts[index]]));
}

/** Branch of AttrValUnion and array type by attribute data type (a CmdArgType number). */
const branches: ReadonlyMap<number, readonly [branch: AttributeDataType, arrayCode: number]> = new Map([
  [1, ["ATT_BOOL", 21]], [2, ["ATT_SHORT", 10]], [3, ["ATT_LONG", 11]], [4, ["ATT_FLOAT", 12]], [5, ["ATT_DOUBLE", 13]],
  [6, ["ATT_USHORT", 14]], [7, ["ATT_ULONG", 15]], [8, ["ATT_STRING", 16]], [19, ["ATT_STATE", 31]], [22, ["ATT_UCHAR", 9]],
  [23, ["ATT_LONG64", 25]], [24, ["ATT_ULONG64", 26]], [28, ["ATT_ENCODED", 28]], [29, ["ATT_SHORT", 10]],
]); // biome-ignore format: a table
const codeByBranch = new Map([...branches].reverse().map(([code, [branch]]) => [branch, code]));

/**
 * The elements of an attribute value (read part, then set part) as AttrValUnion.
 * @throws TypeError when an element is not of the attribute's data type.
 */
export function toUnion(dataType: number, elements: unknown): AttrValUnion {
  const branch = branches.get(dataType);
  if (!branch) throw new TypeError(`no attribute can have Tango type ${dataType}`);
  const coerce = dataType === DEV_ENCODED ? encodedList : coercions.get(branch[1]);
  return { type: branch[0], value: coerce?.(elements) } as AttrValUnion;
}

/** What a failed or invalid read carries in place of a value. */
export const noData: AttrValUnion = { type: "ATT_NO_DATA", value: true };

/**
 * The elements in AttrValUnion, always as an array, with their Tango type; undefined when it carries no data. DevEnum
 * cannot be told from DevShort here: the attribute's configuration says.
 */
export function fromUnion(union: AttrValUnion): TangoValue | undefined {
  switch (union.type) {
    case "ATT_NO_DATA":
      return undefined;
    case "DEVICE_STATE":
      return { code: 19, value: [union.value] };
    case "ATT_ENCODED":
      return { code: DEV_ENCODED, value: union.value.map(encodedOf) };
    default:
      return { code: codeByBranch.get(union.type) ?? 0, value: union.value };
  }
}
