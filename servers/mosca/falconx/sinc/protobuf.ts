// SPDX-License-Identifier: MIT
// Messages of protocol buffers as values: a message is a table of its fields, and its type follows from the table.
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** The scalar kinds of SINC, and the TypeScript type of their values. */
interface Scalars {
  int32: number;
  uint32: number;
  int64: bigint;
  uint64: bigint;
  bool: boolean;
  double: number;
  string: string;
}
type Word = keyof Scalars;

const wireTypes: Readonly<Record<Word, WireType>> = {
  int32: WireType.Varint,
  uint32: WireType.Varint,
  int64: WireType.Varint,
  uint64: WireType.Varint,
  bool: WireType.Varint,
  double: WireType.Bit64,
  string: WireType.LengthDelimited,
};
const wireTypeOf = (kind: Word | Shape) => (typeof kind === "string" ? wireTypes[kind] : WireType.LengthDelimited);

export interface Field<K extends Word | Shape = Word | Shape, R extends boolean = boolean> {
  readonly number: number;
  readonly kind: K;
  readonly repeated: R;
}
/** The fields of a message by their names. */
export interface Shape {
  readonly [name: string]: Field;
}

export const field = <const K extends Word | Shape>(number: number, kind: K): Field<K, false> => ({
  number,
  kind,
  repeated: false,
});
export const repeated = <const K extends Word | Shape>(number: number, kind: K): Field<K, true> => ({
  number,
  kind,
  repeated: true,
});

type One<K> = K extends Word ? Scalars[K] : K extends Shape ? Message<K> : never;
/** A message: every field may be missing, a repeated one is a list. */
export type Message<S extends Shape> = {
  readonly [N in keyof S]?: S[N]["repeated"] extends true ? readonly One<S[N]["kind"]>[] : One<S[N]["kind"]>;
};

export function encode<S extends Shape>(shape: S, message: Message<S>): Uint8Array {
  const writer = new BinaryWriter();
  write(writer, shape, message);
  return writer.finish();
}

function write(writer: BinaryWriter, shape: Shape, message: Readonly<Record<string, unknown>>): void {
  for (const [name, { number, kind, repeated: many }] of Object.entries(shape)) {
    const value = message[name];
    if (value === undefined) continue;
    for (const one of many ? (value as readonly unknown[]) : [value]) {
      writer.tag(number, wireTypeOf(kind));
      if (typeof kind === "string") (writer[kind] as (value: unknown) => BinaryWriter).call(writer, one);
      else {
        writer.fork();
        write(writer, kind, one as Readonly<Record<string, unknown>>);
        writer.join();
      }
    }
  }
}

/** Fields that the table does not know are left out. @throws Error when the bytes are no such message */
export function decode<S extends Shape>(shape: S, bytes: Uint8Array): Message<S> {
  const reader = new BinaryReader(bytes);
  const message: Record<string, unknown> = {};
  const byNumber = new Map(Object.entries(shape).map(([name, one]) => [one.number, { name, one }]));
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const known = byNumber.get(number);
    if (!known) {
      reader.skip(wire, number);
      continue;
    }
    const found = read(reader, wire, known.one);
    if (known.one.repeated) {
      const list = (message[known.name] ??= []) as unknown[];
      for (const one of found) list.push(one);
    } else message[known.name] = found.at(-1);
  }
  return message as Message<S>;
}

/** One value, or all of a packed list. */
function read(reader: BinaryReader, wire: WireType, { number, kind }: Field): unknown[] {
  const expected = wireTypeOf(kind);
  if (wire === expected) return [typeof kind === "string" ? reader[kind]() : decode(kind, reader.bytes())];
  if (wire !== WireType.LengthDelimited || typeof kind !== "string")
    throw new RangeError(`field ${number} has the wire type ${wire}, not ${expected}`);
  const list = new BinaryReader(reader.bytes());
  const found: unknown[] = [];
  while (list.pos < list.len) found.push(list[kind]());
  return found;
}
