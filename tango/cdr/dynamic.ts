// SPDX-License-Identifier: MIT
// Codecs composed at run time from a TypeCode that a peer has sent: nothing in it is trusted.
import type { Any } from "./any.ts";
import type { Codec } from "./codec.ts";
import { array, enumeration, seq } from "./constructed.ts";
import { MarshalError } from "./marshal-error.ts";
import { doubles, floats, longlongs, longs, octets, shorts, ulonglongs, ulongs, ushorts } from "./numbers.ts";
import {
  boolean,
  double,
  float,
  long,
  longlong,
  nothing,
  octet,
  short,
  string,
  ulong,
  ulonglong,
  ushort,
} from "./primitives.ts";
import type { Reader } from "./reader.ts";
import type { Member, TypeCode } from "./typecode.ts";
import { resolved } from "./typecode.ts";
import { readLabel } from "./typecode-reader.ts";

/** A codec for values of `type`. `room`: the bytes its value may take; a type that cannot be so small is refused. */
export function dynamicCodec(type: TypeCode, any: Codec<Any>, room = Number.POSITIVE_INFINITY): Codec<unknown> {
  const codec = new Composer(any).codec(type);
  if (codec.minimum > room) throw new MarshalError(`a value of at least ${codec.minimum} bytes, ${room} left`, 0);
  return codec;
}

const primitives = { boolean, double, float, long, longlong, octet, short, string, ulong, ulonglong, ushort };

const numberSequences = {
  octet: octets, short: shorts, ushort: ushorts, long: longs, ulong: ulongs, longlong: longlongs, ulonglong: ulonglongs,
  float: floats, double: doubles,
} as const; // biome-ignore format: a table

/** Composes each TypeCode once, however often indirections name it. */
class Composer {
  readonly #any: Codec<Any>;
  readonly #composed = new Map<TypeCode, Codec<unknown>>();

  constructor(any: Codec<Any>) {
    this.#any = any;
  }

  codec(type: TypeCode): Codec<unknown> {
    let codec = this.#composed.get(type);
    if (!codec) this.#composed.set(type, (codec = this.#compose(type)));
    return codec;
  }

  /** The codec of a part: it must take bytes, or a message could ask for endless work with none. */
  #part(type: TypeCode): Codec<unknown> {
    const codec = this.codec(type);
    if (codec.minimum < 1) throw new MarshalError(`a TypeCode has a part of kind ${type.kind}, which holds nothing`, 0);
    return codec;
  }

  #compose(type: TypeCode): Codec<unknown> {
    switch (type.kind) {
      case "null":
      case "void":
        return nothing as Codec<unknown>;
      case "any":
        return this.#any as Codec<unknown>;
      case "alias":
        return this.codec(type.content);
      case "sequence":
        return this.#sequence(type.element);
      case "array":
        return array(this.#part(type.element), type.length) as Codec<unknown>;
      case "enum":
        return enumeration(type.members) as Codec<unknown>;
      case "struct":
      case "except":
        return this.#record(type.members);
      case "union":
        return this.#union(type);
      default:
        return primitives[type.kind] as Codec<unknown>;
    }
  }

  #sequence(element: TypeCode): Codec<unknown> {
    const { kind } = resolved(element);
    const numbers = numberSequences[kind as keyof typeof numberSequences] as Codec<unknown> | undefined;
    return numbers ?? (seq(this.#part(element)) as Codec<unknown>);
  }

  /** A struct as an object; members without a name of their own (names may be left out) are called by their place. */
  #record(members: readonly Member[]): Codec<unknown> {
    const taken = new Set<string>(["__proto__", ""]);
    const entries = members.map(({ name, type }, index) => {
      const key = taken.has(name) ? `member${index}` : name;
      taken.add(key);
      return [key, this.#part(type)] as const;
    });
    return {
      minimum: entries.reduce((sum, [, codec]) => sum + codec.minimum, 0),
      read: (reader) => Object.fromEntries(entries.map(([key, codec]) => [key, codec.read(reader)])),
      write: (writer, value) => {
        for (const [key, codec] of entries) codec.write(writer, (value as Record<string, unknown>)[key]);
      },
    };
  }

  #union(type: Extract<TypeCode, { kind: "union" }>): Codec<unknown> {
    const branches = new Map(
      type.members.map((member, index) => [index === type.fallback ? "" : member.label, member]),
    );
    const codecs = new Map(type.members.map((member) => [member, this.#part(member.type)]));
    const read = (reader: Reader) => {
      const label = readLabel(reader, type.discriminator);
      const member = branches.get(label) ?? branches.get("");
      if (!member) throw new MarshalError(`the union ${type.name} has no branch ${label}`, reader.offset);
      return { type: member.name, label, value: codecs.get(member)?.read(reader) };
    };
    const write = () => {
      throw new TypeError(`the union ${type.name} inside an any is only read, never sent: no Tango type has one`);
    };
    return { minimum: 1, read, write };
  }
}
