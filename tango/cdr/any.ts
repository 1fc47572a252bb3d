// SPDX-License-Identifier: MIT
// The `any`: a TypeCode, then a value of that type, aligned within the message.
import type { Codec } from "./codec.ts";
import { dynamicCodec } from "./dynamic.ts";
import type { Reader } from "./reader.ts";
import type { TypeCode } from "./typecode.ts";
import { readTypeCode } from "./typecode-reader.ts";
import { writeTypeCode } from "./typecode-writer.ts";
import { Writer } from "./writer.ts";

export interface Any {
  readonly type: TypeCode;
  readonly value: unknown;
}

/** A type known beforehand: what it is called on the wire, and how its values are read and written. */
export interface KnownType {
  readonly type: TypeCode;
  readonly codec: Codec<unknown>;
}

interface Known extends KnownType {
  /** The TypeCode as little-endian bytes. */
  readonly encoded: Uint8Array;
}

/**
 * The codec of `any` for a vocabulary of types: a TypeCode whose repository id is in it is recognised by that id, without
 * being parsed; all others are read in full and their values by their structure.
 */
export function anyOf(vocabulary: readonly KnownType[]): Codec<Any> {
  const known = vocabulary.map((entry): Known => ({ ...entry, encoded: encodedTypeCode(entry.type) }));
  const byId = new Map(known.flatMap((entry) => ("id" in entry.type ? [[entry.type.id, entry] as const] : [])));
  const byType = new Map(known.map((entry) => [entry.type, entry]));
  const any: Codec<Any> = {
    minimum: 4,
    read: (reader) => {
      const start = reader.offset;
      const found = recognise(reader, byId);
      if (found) return { type: found.type, value: found.codec.read(reader) };
      reader.offset = start;
      const type = readTypeCode(reader);
      return { type, value: reader.nested((inner) => dynamicCodec(type, any, reader.remaining).read(inner)) };
    },
    write: (writer, { type, value }) => {
      const entry = byType.get(type);
      if (entry && writer.littleEndian) writer.block(entry.encoded, 4);
      else writeTypeCode(writer, type);
      (entry?.codec ?? dynamicCodec(type, any)).write(writer, value);
    },
  };
  return any;
}

function encodedTypeCode(type: TypeCode): Uint8Array {
  const writer = new Writer();
  writeTypeCode(writer, type);
  return writer.bytes();
}

const ALIAS = 21;
const STRUCT = 15;
const ENUM = 17;

/** Moves past the TypeCode when it is a known one; the caller goes back when it is not. */
function recognise(reader: Reader, byId: ReadonlyMap<string, Known>): Known | undefined {
  const kind = reader.ulong();
  if (kind !== ALIAS && kind !== STRUCT && kind !== ENUM) return undefined;
  const inner = reader.encapsulation();
  return byId.get(inner.string());
}
