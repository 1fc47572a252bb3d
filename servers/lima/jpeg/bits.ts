// SPDX-License-Identifier: MIT
// The bit stream of JPEG: Huffman codes, numbers of a few bits, a zero after each byte 0xff.
import type { HuffmanTable } from "./jpeg-table.ts";

/** By value: the code and its length. */
export interface Codes {
  readonly code: Uint16Array;
  readonly length: Uint8Array;
}

export function codesOf({ lengths, values }: HuffmanTable): Codes {
  const [code, length] = [new Uint16Array(256), new Uint8Array(256)];
  let next = 0;
  let at = 0;
  for (const [i, count] of lengths.entries()) {
    for (let k = 0; k < count; k++) {
      const value = values[at++] as number;
      code[value] = next++;
      length[value] = i + 1;
    }
    next <<= 1;
  }
  return { code, length };
}

export class BitWriter {
  #bytes: Uint8Array;
  #at: number;
  #held = 0;
  #count = 0;

  /** Goes on after what is written already. */
  constructor(start: Uint8Array) {
    this.#bytes = new Uint8Array(start.length + (1 << 16));
    this.#bytes.set(start);
    this.#at = start.length;
  }

  write(value: number, bits: number): void {
    this.#held = (this.#held << bits) | value;
    this.#count += bits;
    while (this.#count >= 8) {
      this.#count -= 8;
      this.#byte((this.#held >> this.#count) & 0xff);
    }
    this.#held &= (1 << this.#count) - 1;
  }

  /** Fills the last byte with ones, adds `end` and gives everything. */
  finish(end: Uint8Array): Uint8Array {
    if (this.#count > 0) this.write((1 << (8 - this.#count)) - 1, 8 - this.#count);
    const all = new Uint8Array(this.#at + end.length);
    all.set(this.#bytes.subarray(0, this.#at));
    all.set(end, this.#at);
    return all;
  }

  #byte(byte: number): void {
    if (this.#at + 2 > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#at++] = byte;
    if (byte === 0xff) this.#bytes[this.#at++] = 0;
  }
}
