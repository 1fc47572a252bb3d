// SPDX-License-Identifier: MIT
// Compresses LZ4 blocks: matches of four bytes or more, found through one table of where such bytes were last.

const shortest = 4;
/** The last bytes of a block are literals, and no match begins close before them: the format demands it. */
const lastLiterals = 5;
const noMatchAfter = 12;
const hashBits = 12;

/** Bytes the result needs at most. */
export const lz4Bound = (bytes: number): number => bytes + Math.ceil(bytes / 255) + 16;

export class Lz4Compressor {
  readonly #places = new Int32Array(1 << hashBits);

  /** Writes the block of `source` to `out` from `start` on; gives where it ends. `out` has to have room for `lz4Bound`. */
  compress(source: Uint8Array, out: Uint8Array, start: number): number {
    const places = this.#places.fill(-1);
    const end = source.length;
    let at = start;
    let literals = 0;
    let misses = 0;
    for (let i = 0; i < end - noMatchAfter; ) {
      const word = four(source, i);
      const slot = Math.imul(word, 0x9e3779b1) >>> (32 - hashBits);
      const before = places[slot] as number;
      places[slot] = i;
      if (before < 0 || i - before > 0xffff || four(source, before) !== word) {
        // What does not compress is passed over ever faster.
        i += 1 + (misses++ >> 6);
        continue;
      }
      misses = 0;
      const length = matchLength(source, before, i, end - lastLiterals);
      at = sequence(source, literals, i, out, at, length);
      const offset = i - before;
      at = offsetAndLength(out, at, offset, length);
      i += length;
      literals = i;
    }
    return sequence(source, literals, end, out, at, 0);
  }
}

const four = (b: Uint8Array, i: number): number =>
  (b[i] as number) | ((b[i + 1] as number) << 8) | ((b[i + 2] as number) << 16) | ((b[i + 3] as number) << 24);

function matchLength(source: Uint8Array, before: number, i: number, limit: number): number {
  let length = shortest;
  while (i + length < limit && source[before + length] === source[i + length]) length++;
  return length;
}

/** Token and literals; `match` 0: the last ones. */
function sequence(source: Uint8Array, from: number, to: number, out: Uint8Array, start: number, match: number): number {
  const count = to - from;
  const high = Math.min(count, 15);
  const low = match === 0 ? 0 : Math.min(match - shortest, 15);
  let at = start;
  out[at++] = (high << 4) | low;
  if (high === 15) at = more(out, at, count - 15);
  for (let i = from; i < to; i++) out[at++] = source[i] as number;
  return at;
}

function offsetAndLength(out: Uint8Array, start: number, offset: number, match: number): number {
  out[start] = offset & 0xff;
  out[start + 1] = offset >> 8;
  return match - shortest >= 15 ? more(out, start + 2, match - shortest - 15) : start + 2;
}

/** What of a length exceeds its four bits. */
function more(out: Uint8Array, start: number, rest: number): number {
  let at = start;
  let left = rest;
  for (; left >= 255; left -= 255) out[at++] = 255;
  out[at++] = left;
  return at;
}
