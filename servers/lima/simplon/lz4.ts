// SPDX-License-Identifier: MIT
// LZ4 blocks, and bitshuffle with LZ4, as Dectris detectors (and HDF5's filters) use them.
import { unshuffle } from "../bit-shuffle.ts";

/** Decompresses one LZ4 block (without frame) into `out`. @throws Error when the block is not what fills it exactly. */
export function unlz4(block: Uint8Array, out: Uint8Array): void {
  let from = 0;
  let to = 0;
  const next = (): number => {
    const byte = block[from++];
    if (byte === undefined) throw broken(from, "it ends early");
    return byte;
  };
  /** Lengths of 15 go on in further bytes until one is not 255. */
  const length = (nibble: number): number => {
    let sum = nibble;
    if (nibble === 15) {
      let more: number;
      do {
        more = next();
        sum += more;
      } while (more === 255);
    }
    return sum;
  };
  while (from < block.length) {
    const token = next();
    const literals = length(token >> 4);
    if (from + literals > block.length || to + literals > out.length) throw broken(from, "literals beyond its end");
    out.set(block.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from === block.length) break;
    const offset = next() | (next() << 8);
    const match = length(token & 15) + 4;
    if (offset === 0 || offset > to || to + match > out.length) throw broken(from, "a match outside what it gave");
    // Regions may overlap: a run of one byte is a match at distance 1.
    if (offset >= match) out.copyWithin(to, to - offset, to - offset + match);
    else for (let i = 0; i < match; i++) out[to + i] = out[to + i - offset] as number;
    to += match;
  }
  if (to !== out.length) throw broken(from, `${out.length} bytes wanted, ${to} given`);
}

const broken = (at: number, why: string) => new Error(`LZ4 block broken at byte ${at}: ${why}`);

/** Fills `out` with what HDF5's LZ4 filter packed: total and block size, then each block; one that did not shrink as it is. */
export function unlz4Blocks(data: Uint8Array, out: Uint8Array): void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 12) throw new Error(`LZ4 data of ${data.length} bytes: the header alone has 12`);
  const [total, blockBytes] = [view.getBigUint64(0), view.getUint32(8)];
  if (total !== BigInt(out.length)) throw new Error(`LZ4 data of ${total} bytes where ${out.length} are wanted`);
  if (blockBytes === 0) throw new Error("LZ4 blocks of 0 bytes");
  let at = 12;
  for (let done = 0; done < out.length; done += blockBytes) {
    const block = out.subarray(done, done + blockBytes);
    const packed = at + 4 <= data.length ? view.getUint32(at) : -1;
    if (packed < 0 || at + 4 + packed > data.length) throw new Error(`LZ4 data end in block at byte ${at}`);
    const bytes = data.subarray(at + 4, at + 4 + packed);
    if (packed === block.length) block.set(bytes);
    else unlz4(bytes, block);
    at += 4 + packed;
  }
}

/** Fills `out` with what bitshuffle with LZ4 packed: elements of `size` bytes; total and block size, then each block. */
export function unbslz4(data: Uint8Array, out: Uint8Array, size: number): void {
  const bytes = out.length;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 12) throw new Error(`bslz4 data of ${data.length} bytes: the header alone has 12`);
  const total = view.getBigUint64(0);
  const blockBytes = view.getUint32(8) || defaultBlock(size);
  if (total !== BigInt(bytes)) throw new Error(`bslz4 data of ${total} bytes where ${bytes} are wanted`);
  if (blockBytes % (8 * size) !== 0)
    throw new Error(`bslz4 blocks of ${blockBytes} bytes: whole groups of 8 are wanted`);
  const shuffled = new Uint8Array(Math.min(blockBytes, bytes));
  const whole = bytes - (bytes % (8 * size));
  let at = 12;
  for (let done = 0; done < whole; done += blockBytes) {
    const length = Math.min(blockBytes, whole - done);
    const packed = at + 4 <= data.length ? view.getUint32(at) : -1;
    if (packed < 0 || at + 4 + packed > data.length) throw new Error(`bslz4 data end in block at byte ${at}`);
    const block = shuffled.subarray(0, length);
    unlz4(data.subarray(at + 4, at + 4 + packed), block);
    unshuffle(block, out.subarray(done, done + length), size);
    at += 4 + packed;
  }
  // What is left of 8 elements is stored as it is.
  const rest = data.subarray(at, at + bytes - whole);
  if (rest.length !== bytes - whole) throw new Error("bslz4 data end before the last elements");
  out.set(rest, whole);
}

/** Of the bitshuffle library when the header says 0: at most 8 KiB, a multiple of 8 elements. */
const defaultBlock = (size: number): number => Math.max(Math.floor(8192 / size / 8) * 8, 128) * size;
