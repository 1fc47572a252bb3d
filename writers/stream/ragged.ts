// SPDX-License-Identifier: MIT
// Points whose shape varies travel as MessagePack: an array of two, the point's dimensions and its bytes.
// Source: github.com/msgpack/msgpack/blob/master/spec.md; only the kinds that occur here are read.

export interface RaggedPayload {
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const maxDimensions = 32;

export function packRagged({ shape, bytes }: RaggedPayload): Buffer {
  if (shape.length > 15) throw new RangeError(`a point of ${shape.length} dimensions cannot be sent, at most 15`);
  const head = [0x92, 0x90 | shape.length, ...shape.flatMap(unsigned), ...binaryHead(bytes.length)];
  return Buffer.concat([Uint8Array.from(head), bytes]);
}

function unsigned(value: number): number[] {
  if (value < 0x80) return [value];
  if (value <= 0xff) return [0xcc, value];
  if (value <= 0xffff) return [0xcd, ...bigEndian(value, 2)];
  return [0xce, ...bigEndian(value, 4)];
}

function binaryHead(length: number): number[] {
  if (length <= 0xff) return [0xc4, length];
  return length <= 0xffff ? [0xc5, ...bigEndian(length, 2)] : [0xc6, ...bigEndian(length, 4)];
}

function bigEndian(value: number, size: number): number[] {
  return Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** (size - 1 - index)) % 256);
}

/** @throws RangeError for anything else than `[[dimensions], bytes]` */
export function unpackRagged(payload: Uint8Array): RaggedPayload {
  const reader = new Reader(payload);
  if (reader.arrayLength() !== 2) throw reader.error("an array of two");
  const dimensions = reader.arrayLength();
  if (dimensions > maxDimensions) throw reader.error(`at most ${maxDimensions} dimensions`);
  const shape = Array.from({ length: dimensions }, () => reader.unsigned());
  return { shape, bytes: reader.binary() };
}

class Reader {
  readonly #buffer: Buffer;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }
  error(expected: string): RangeError {
    return new RangeError(
      `payload of a ragged stream: expected ${expected} at byte ${this.#at} of ${this.#buffer.length}`,
    );
  }
  #number(size: number): number {
    if (this.#at + size > this.#buffer.length) throw this.error("more bytes");
    const value = this.#buffer.readUIntBE(this.#at, size);
    this.#at += size;
    return value;
  }
  arrayLength(): number {
    const head = this.#number(1);
    if (head >> 4 === 9) return head & 15;
    if (head === 0xdc) return this.#number(2);
    throw this.error("an array");
  }
  unsigned(): number {
    const head = this.#number(1);
    if (head < 0x80) return head;
    if (head === 0xcc) return this.#number(1);
    if (head === 0xcd) return this.#number(2);
    if (head === 0xce) return this.#number(4);
    throw this.error("an unsigned integer below 2^32");
  }
  binary(): Uint8Array {
    const size = { 196: 1, 197: 2, 198: 4 }[this.#number(1)];
    if (size === undefined) throw this.error("bytes");
    const length = this.#number(size);
    if (this.#at + length > this.#buffer.length) throw this.error(`${length} bytes`);
    return this.#buffer.subarray(this.#at, this.#at + length);
  }
}
