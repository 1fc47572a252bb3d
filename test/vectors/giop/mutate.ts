// SPDX-License-Identifier: MIT
// Damages messages: the same damage for the same seed.

/** A small seeded generator of numbers from 0 to 1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const EXTREMES = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff];

/** One to four kinds of damage at random places. */
export function mutate(message: Uint8Array, next: () => number): Uint8Array {
  let bytes = new Uint8Array(message);
  const at = () => Math.floor(next() * bytes.length);
  const damages: readonly (() => void)[] = [
    () => void (bytes[at()] = Math.floor(next() * 256)),
    () => void (bytes[at()]! ^= 1 << Math.floor(next() * 8)),
    () => {
      // A count, a length, a kind: a word where words are.
      if (bytes.length < 8) return;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const place = Math.floor((next() * (bytes.length - 4)) / 4) * 4;
      view.setUint32(place, EXTREMES[Math.floor(next() * EXTREMES.length)]!, next() < 0.8);
    },
    () => void (bytes = bytes.slice(0, at())),
    () => {
      const [from, to] = [at(), at()];
      bytes.copyWithin(from, to, to + Math.floor(next() * 32));
    },
    () => {
      const place = at();
      bytes = Uint8Array.from([...bytes.subarray(0, place), ...bytes.subarray(place + Math.floor(next() * 8))]);
    },
  ];
  for (let left = 1 + Math.floor(next() * 4); left > 0 && bytes.length > 0; left--) {
    damages[Math.floor(next() * damages.length)]!();
  }
  // Mostly with the right length in the header, or the damage would seldom be looked at.
  if (next() < 0.9 && bytes.length >= 12) {
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(8, bytes.length - 12, (bytes[6]! & 1) === 1);
  }
  return bytes;
}
