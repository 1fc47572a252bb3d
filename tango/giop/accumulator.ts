// SPDX-License-Identifier: MIT
import { Buffer } from "node:buffer";

/** Announced sizes up to this are believed at once, of a peer that nothing is known of. */
export const BELIEVED = 65536;
/** Beyond it, memory is taken for at most this many times the bytes that have come. */
const TRUST = 8;
/** Fewer bytes than these are not worth a read of their own. */
const ROOM = 16_384;

/**
 * The bytes of one message as they come. Its memory is sized from the announced length, so that a big message is written
 * to its final place at once; but a length that nothing follows costs nothing.
 */
export class Accumulator {
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;
  /** Bytes to expect in all, so far. */
  #expected: number;
  /** Room for what may be appended beyond that (fragments). */
  readonly #spare: number;
  readonly #believed: number;

  constructor(expected: number, spare = 0, believed = BELIEVED) {
    this.#expected = expected;
    this.#spare = spare;
    this.#believed = believed;
  }

  get length(): number {
    return this.#length;
  }
  get complete(): boolean {
    return this.#length >= this.#expected;
  }
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Where the bytes that are still to come will be, when they are many; undefined when they are few. */
  get room(): Uint8Array | undefined {
    const left = this.#expected - this.#length;
    if (left < ROOM) return undefined;
    if (this.#bytes.length - this.#length < Math.min(left, ROOM)) this.#enlarge(this.#length + ROOM);
    return this.#bytes.subarray(this.#length, this.#expected);
  }

  /** More is announced. */
  expect(more: number): void {
    this.#expected += more;
  }

  /** Takes what is expected from `chunk`, starting at `at`; returns how many bytes that was. */
  append(chunk: Uint8Array, at: number): number {
    const count = Math.min(chunk.length - at, this.#expected - this.#length);
    if (this.#length + count > this.#bytes.length) this.#enlarge(this.#length + count);
    if (!this.#isInPlace(chunk, at)) {
      this.#bytes.set(at === 0 && count === chunk.length ? chunk : chunk.subarray(at, at + count), this.#length);
    }
    this.#length += count;
    return count;
  }

  /** Bytes that were read to `room`. */
  #isInPlace(chunk: Uint8Array, at: number): boolean {
    const { buffer, byteOffset } = this.#bytes;
    return chunk.buffer === buffer && chunk.byteOffset + at === byteOffset + this.#length;
  }

  #enlarge(needed: number): void {
    const believable = Math.max(this.#believed, needed * TRUST);
    const wanted = this.#expected + this.#spare;
    const capacity = wanted <= believable ? wanted : Math.max(needed, Math.min(2 * needed, wanted));
    const bytes = Buffer.allocUnsafeSlow(Math.max(capacity, needed));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}
