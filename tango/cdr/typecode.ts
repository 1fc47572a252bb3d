// SPDX-License-Identifier: MIT
// TypeCodes (CORBA 3.3 part 2, section 9.3.5): the description of a type that travels in front of an `any`'s value.

/** Kinds without parameters. The index is the number on the wire; the others are in `parametric`. */
export const plainKinds = {
  null: 0, void: 1, short: 2, long: 3, ushort: 4, ulong: 5, float: 6, double: 7, boolean: 8, octet: 10, any: 11,
  longlong: 23, ulonglong: 24,
} as const; // biome-ignore format: a table
export type PlainKind = keyof typeof plainKinds;

export const parametricKinds = { struct: 15, union: 16, enum: 17, string: 18, sequence: 19, array: 20, alias: 21, except: 22 } as const; // biome-ignore format: a table
export type ParametricKind = keyof typeof parametricKinds;

export interface Member {
  readonly name: string;
  readonly type: TypeCode;
}
export interface UnionMember extends Member {
  readonly label: number | bigint | boolean;
}

export type TypeCode =
  | { readonly kind: PlainKind }
  | { readonly kind: "string"; readonly bound: number }
  | { readonly kind: "sequence"; readonly element: TypeCode; readonly bound: number }
  | { readonly kind: "array"; readonly element: TypeCode; readonly length: number }
  | { readonly kind: "alias"; readonly id: string; readonly name: string; readonly content: TypeCode }
  | { readonly kind: "enum"; readonly id: string; readonly name: string; readonly members: readonly string[] }
  | {
      readonly kind: "struct" | "except";
      readonly id: string;
      readonly name: string;
      readonly members: readonly Member[];
    }
  | {
      readonly kind: "union";
      readonly id: string;
      readonly name: string;
      readonly discriminator: TypeCode;
      /** Index of the default member, -1 without one. */
      readonly fallback: number;
      readonly members: readonly UnionMember[];
    };

/** The type an alias stands for. */
export function resolved(type: TypeCode): Exclude<TypeCode, { kind: "alias" }> {
  let found = type;
  while (found.kind === "alias") found = found.content;
  return found;
}
