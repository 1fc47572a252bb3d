// SPDX-License-Identifier: MIT
// Reads CDR (CORBA 3.3 part 2, section 9.3): every primitive aligned to its size, in the sender's byte order.
import { MarshalError } from "./marshal-error.ts";
import type { CodeSet } from "./text.ts";
import { decodeText } from "./text.ts";

export interface ReaderOptions {
  /** Byte order of the data; default true. */
  readonly littleEndian?: boolean;
  /** Where to start reading, an index into `bytes`; default 0. */
  readonly offset?: number;
  /** Where the data end; default the end of `bytes`. */
  readonly end?: number;
  /** The index from which alignment counts: the first byte of a GIOP message; default 0. */
  readonly origin?: number;
  readonly text?: CodeSet;
}

/** How deep recursive types (pipes in pipes, TypeCodes) may nest. */
const MAX_DEPTH = 64;

/** A cursor over bytes that never reads past their end: every shortage is a MarshalError. */
export class Reader {
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  readonly end: number;
  readonly origin: number;
  text: CodeSet;
  offset: number;
  #depth = 0;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, options: ReaderOptions = {}) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.littleEndian = options.littleEndian ?? true;
    this.offset = options.offset ?? 0;
    this.end = Math.min(options.end ?? bytes.byteLength, bytes.byteLength);
    this.origin = options.origin ?? 0;
    this.text = options.text ?? "latin1";
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  /** Skips to the next multiple of `size` (a power of two) and claims `length` bytes there; returns their index. */
  claim(size: number, length: number): number {
    const at = this.origin + ((this.offset - this.origin + size - 1) & -size);
    const next = at + length;
    if (next > this.end) throw new MarshalError(`${length} bytes expected, ${Math.max(this.end - at, 0)} left`, at);
    this.offset = next;
    return at;
  }

  octet(): number {
    const at = this.offset;
    if (at >= this.end) throw new MarshalError("1 byte expected, 0 left", at);
    this.offset = at + 1;
    return this.bytes[at]!;
  }
  boolean(): boolean {
    return this.octet() !== 0;
  }
  short(): number {
    return this.#view.getInt16(this.claim(2, 2), this.littleEndian);
  }
  ushort(): number {
    return this.#view.getUint16(this.claim(2, 2), this.littleEndian);
  }
  long(): number {
    return this.#view.getInt32(this.claim(4, 4), this.littleEndian);
  }
  ulong(): number {
    return this.#view.getUint32(this.claim(4, 4), this.littleEndian);
  }
  longlong(): bigint {
    return this.#view.getBigInt64(this.claim(8, 8), this.littleEndian);
  }
  ulonglong(): bigint {
    return this.#view.getBigUint64(this.claim(8, 8), this.littleEndian);
  }
  float(): number {
    return this.#view.getFloat32(this.claim(4, 4), this.littleEndian);
  }
  double(): number {
    return this.#view.getFloat64(this.claim(8, 8), this.littleEndian);
  }

  /** A string: its length with the final NUL, the bytes, NUL. Length 0 (illegal, but sent by some) is the empty string. */
  string(): string {
    const length = this.ulong();
    if (length === 0) return "";
    const at = this.claim(1, length);
    const last = at + length - 1;
    if (this.bytes[last] !== 0) throw new MarshalError("a string does not end with NUL", last);
    return decodeText(this.bytes, at, last, this.text);
  }

  /** The count of a sequence, refused when the bytes left cannot hold that many items of at least `minimum` bytes. */
  count(minimum: number): number {
    const count = this.ulong();
    if (count * minimum > this.end - this.offset) {
      const problem = `a sequence of ${count} items needs ${count * minimum} bytes, ${this.remaining} left`;
      throw new MarshalError(problem, this.offset - 4);
    }
    return count;
  }

  /** A sequence of octets, copied. */
  octets(): Uint8Array {
    const length = this.count(1);
    const at = this.claim(1, length);
    return this.bytes.slice(at, at + length);
  }

  /** A reader of the encapsulation that comes next: its own byte order, its own alignment, the same positions. */
  encapsulation(): Reader {
    const length = this.count(1);
    const at = this.claim(1, length);
    if (length === 0) throw new MarshalError("an encapsulation has no byte order", at);
    return this.within(at, at + length);
  }

  /** A reader of the encapsulation between two positions of the same bytes. */
  within(start: number, end: number): Reader {
    if (start >= end || end > this.bytes.byteLength) throw new MarshalError("an encapsulation is out of bounds", start);
    const inner = new Reader(this.bytes, {
      littleEndian: this.bytes[start] !== 0,
      offset: start + 1,
      end,
      origin: start,
      text: this.text,
    });
    inner.#depth = this.#depth;
    return inner;
  }

  /** Runs `read` one level deeper: what a recursive type does, so that no message can exhaust the stack. */
  nested<T>(read: (reader: Reader) => T): T {
    if (this.#depth >= MAX_DEPTH) throw new MarshalError(`nested more than ${MAX_DEPTH} deep`, this.offset);
    this.#depth++;
    try {
      return read(this);
    } finally {
      this.#depth--;
    }
  }
}
