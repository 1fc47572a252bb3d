// SPDX-License-Identifier: MIT
// The constructed types of IDL: sequences, arrays, enumerations, unions, recursion. Structs are in struct.ts.
import type { Codec, Infer } from "./codec.ts";
import { MarshalError } from "./marshal-error.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** An unbounded sequence of anything but numbers (those are typed arrays: numbers.ts). */
export const seq = <T>(item: Codec<T>): Codec<readonly T[]> => ({
  minimum: 4,
  read: (reader) => {
    const count = reader.count(Math.max(item.minimum, 1));
    const items: T[] = [];
    for (let index = 0; index < count; index++) items.push(item.read(reader));
    return items;
  },
  write: (writer, items) => {
    writer.ulong(items.length);
    for (const value of items) item.write(writer, value);
  },
});

/** An IDL array of a fixed length. */
export const array = <T>(item: Codec<T>, length: number): Codec<readonly T[]> => ({
  minimum: item.minimum * length,
  read: (reader) => Array.from({ length }, () => item.read(reader)),
  write: (writer, items) => {
    if (items.length !== length) {
      throw new MarshalError(`an array of ${length} items was given ${items.length}`, writer.position);
    }
    for (const value of items) item.write(writer, value);
  },
});

/** An enumeration: its names in the order of their ordinals. */
export function enumeration<const Names extends readonly string[]>(names: Names): Codec<Names[number]> {
  const ordinals = new Map<string, number>(names.map((name, ordinal) => [name, ordinal]));
  return {
    minimum: 4,
    read: (reader) => {
      const ordinal = reader.ulong();
      const name = names[ordinal];
      if (name !== undefined) return name;
      throw new MarshalError(
        `${ordinal} is none of ${names[0]}=0 ... ${names.at(-1)}=${names.length - 1}`,
        reader.offset - 4,
      );
    },
    write: (writer, name) => {
      const ordinal = ordinals.get(name);
      if (ordinal === undefined) throw new MarshalError(`"${name}" is none of ${names.join(", ")}`, writer.position);
      writer.ulong(ordinal);
    },
  };
}

type Branches<T extends string> = { readonly [Name in T]: Codec<unknown> };
/** A union's value: which branch, and what it holds. */
export type UnionOf<B> = { [Name in keyof B]: { readonly type: Name; readonly value: Infer<B[Name]> } }[keyof B];

/** A union switched by an enumeration; every branch has its one label, and there is no default. */
export const union = <T extends string, const B extends Branches<T>>(
  discriminator: Codec<T>,
  branches: B,
): Codec<UnionOf<B>> => ({
  minimum: 4,
  read: (reader) => {
    const type = discriminator.read(reader);
    return { type, value: branches[type].read(reader) } as UnionOf<B>;
  },
  write: (writer, value) => {
    const type = value.type as T;
    discriminator.write(writer, type);
    branches[type].write(writer, value.value);
  },
});

/** A type that contains itself: `codec` is asked for at the first use. */
export function lazy<T>(codec: () => Codec<T>): Codec<T> {
  const read = (reader: Reader) => codec().read(reader);
  return {
    minimum: 4,
    read: (reader) => reader.nested(read),
    write: (writer: Writer, value: T) => codec().write(writer, value),
  };
}
