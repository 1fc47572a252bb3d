// SPDX-License-Identifier: MIT
// Sequences of numbers as typed arrays: one copy, or none, never a loop over elements.
import { Buffer } from "node:buffer";
import type { Codec } from "./codec.ts";
import { double, float, long, longlong, octet, short, ulong, ulonglong, ushort } from "./primitives.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

type Numbers =
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

interface ArrayType<A extends Numbers> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): A;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): A;
}
type ElementOf<A> = A extends BigInt64Array | BigUint64Array ? bigint : number;

const HOST_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Turns every `size` bytes around, in place. */
function swap(bytes: Uint8Array, size: number): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
  return bytes;
}

/**
 * `length` bytes at `at` as memory of the value's own. An array that fills most of the memory it came in keeps that
 * memory instead of being copied: its receiver is then the only user of it.
 */
function own(reader: Reader, at: number, length: number, size: number): { buffer: ArrayBufferLike; at: number } {
  const { bytes } = reader;
  const start = bytes.byteOffset + at;
  if (start % size === 0 && length * 2 > bytes.buffer.byteLength) return { buffer: bytes.buffer, at: start };
  const copy = new Uint8Array(length);
  copy.set(bytes.subarray(at, at + length));
  return { buffer: copy.buffer, at: 0 };
}

/** Up to this many bytes a loop over the elements costs less than getting at the array's memory. */
const SMALL = 64;

/** A sequence of numbers: how its elements are one by one, and all together. */
function numbers<A extends Numbers>(type: ArrayType<A>, element: Codec<ElementOf<A>>): Codec<A> {
  const size = type.BYTES_PER_ELEMENT;
  return {
    minimum: 4,
    read: (reader) => {
      const count = reader.count(size);
      if (count * size > SMALL) return readAll(reader, type, count);
      const array = new type(count);
      for (let index = 0; index < count; index++) array[index] = element.read(reader);
      return array;
    },
    write: (writer, array) => {
      writer.ulong(array.length);
      if (array.length * size > SMALL) writeAll(writer, array, size);
      else for (let index = 0; index < array.length; index++) element.write(writer, array[index] as ElementOf<A>);
    },
  };
}

function readAll<A extends Numbers>(reader: Reader, type: ArrayType<A>, count: number): A {
  const size = type.BYTES_PER_ELEMENT;
  const length = count * size;
  const memory = own(reader, reader.claim(size, length), length, size);
  if (reader.littleEndian !== HOST_LITTLE_ENDIAN) swap(new Uint8Array(memory.buffer, memory.at, length), size);
  return new type(memory.buffer, memory.at, count);
}

function writeAll(writer: Writer, array: Numbers, size: number): void {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const swapped = writer.littleEndian !== HOST_LITTLE_ENDIAN && size > 1;
  writer.block(swapped ? swap(bytes.slice(), size) : bytes, size);
}

const bytes: Codec<Uint8Array> = numbers(Uint8Array, octet);
/** What is written may come in pieces: they follow each other, and big ones are not copied. */
export const octets: Codec<Uint8Array> = {
  ...bytes,
  write: (writer, value: Uint8Array | readonly Uint8Array[]) => {
    if (value instanceof Uint8Array) bytes.write(writer, value);
    else writePieces(writer, value);
  },
};
function writePieces(writer: Writer, pieces: readonly Uint8Array[]): void {
  writer.ulong(pieces.reduce((sum, piece) => sum + piece.length, 0));
  for (const piece of pieces) writer.block(piece);
}

export const shorts: Codec<Int16Array> = numbers(Int16Array, short);
export const ushorts: Codec<Uint16Array> = numbers(Uint16Array, ushort);
export const longs: Codec<Int32Array> = numbers(Int32Array, long);
export const ulongs: Codec<Uint32Array> = numbers(Uint32Array, ulong);
export const longlongs: Codec<BigInt64Array> = numbers(BigInt64Array, longlong);
export const ulonglongs: Codec<BigUint64Array> = numbers(BigUint64Array, ulonglong);
export const floats: Codec<Float32Array> = numbers(Float32Array, float);
export const doubles: Codec<Float64Array> = numbers(Float64Array, double);
