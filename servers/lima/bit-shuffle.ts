// SPDX-License-Identifier: MIT
// The order of bits in bitshuffled blocks: bit 0 of all elements, then bit 1 ...

/** Sorts the bits of whole groups of eight elements. */
export function shuffle(block: Uint8Array, out: Uint8Array, elementBytes: number): void {
  const groups = block.length / (8 * elementBytes);
  for (let byte = 0; byte < elementBytes; byte++)
    for (let k = 0; k < groups; k++)
      transpose(block, 8 * k * elementBytes + byte, elementBytes, out, 8 * byte * groups + k, groups);
}

/** Puts them back. */
export function unshuffle(block: Uint8Array, out: Uint8Array, elementBytes: number): void {
  const groups = block.length / (8 * elementBytes);
  for (let byte = 0; byte < elementBytes; byte++)
    for (let k = 0; k < groups; k++)
      transpose(block, 8 * byte * groups + k, groups, out, 8 * k * elementBytes + byte, elementBytes);
}

/** Eight bytes, `step` apart, become eight: bit i of each in the i-th. Three rounds of swaps in two words of 32 bits. */
function transpose(data: Uint8Array, at: number, step: number, out: Uint8Array, to: number, apart: number): void {
  const byte = (i: number) => data[at + i * step] as number;
  let low = byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
  let high = byte(4) | (byte(5) << 8) | (byte(6) << 16) | (byte(7) << 24);
  // Most groups of a detector's frame have no bit in their upper bytes.
  if ((low | high) === 0) {
    for (let i = 0; i < 8; i++) out[to + i * apart] = 0;
    return;
  }
  let swap = (low ^ (low >>> 7)) & 0x00aa00aa;
  low ^= swap ^ (swap << 7);
  swap = (high ^ (high >>> 7)) & 0x00aa00aa;
  high ^= swap ^ (swap << 7);
  swap = (low ^ (low >>> 14)) & 0x0000cccc;
  low ^= swap ^ (swap << 14);
  swap = (high ^ (high >>> 14)) & 0x0000cccc;
  high ^= swap ^ (swap << 14);
  const lower = (low & 0x0f0f0f0f) | ((high << 4) & 0xf0f0f0f0);
  const upper = ((low >>> 4) & 0x0f0f0f0f) | (high & 0xf0f0f0f0);
  for (let i = 0; i < 4; i++) {
    out[to + i * apart] = lower >>> (8 * i);
    out[to + (i + 4) * apart] = upper >>> (8 * i);
  }
}
