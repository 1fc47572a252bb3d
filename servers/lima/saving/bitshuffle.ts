// SPDX-License-Identifier: MIT
// Bitshuffle with LZ4, as HDF5 filter 32008 has it: in blocks, bit 0 of all elements, then bit 1 ...; each block compressed.
import { shuffle } from "../bit-shuffle.ts";
import { Lz4Compressor, lz4Bound } from "./lz4.ts";

/** HDF5's number of the filter, and its options in a file: version 0.3, bytes of an element, default block size, LZ4. */
export const bslz4Filter = (elementBytes: number) => ({ id: 32008, options: [0, 3, elementBytes, 0, 2] });

/** Bytes of a block: the library's default. */
const blockBytes = 8192;
const headerBytes = 12;

export class Bslz4Compressor {
  readonly #lz4 = new Lz4Compressor();
  readonly #shuffled = new Uint8Array(blockBytes);
  /** A block of zeros, compressed: most of a photon counting detector's frame is that. */
  readonly #zeros = compressedZeros(this.#lz4);

  /**
   * Total and block size (big-endian), then each block with its length; the last elements (fewer than 8) as they are. In memory
   * that threads share.
   */
  compress(data: Uint8Array, elementBytes: number): Uint8Array {
    const group = 8 * elementBytes;
    const whole = data.length - (data.length % group);
    const blocks = Math.ceil(whole / blockBytes);
    const room = headerBytes + blocks * (4 + lz4Bound(blockBytes)) + group;
    const out = new Uint8Array(new SharedArrayBuffer(room));
    const view = new DataView(out.buffer);
    view.setBigUint64(0, BigInt(data.length));
    view.setUint32(8, blockBytes);
    let at = headerBytes;
    for (let from = 0; from < whole; from += blockBytes) {
      const length = Math.min(blockBytes, whole - from);
      if (length === blockBytes && allZero(data, from)) {
        view.setUint32(at, this.#zeros.length);
        out.set(this.#zeros, at + 4);
        at += 4 + this.#zeros.length;
        continue;
      }
      const shuffled = this.#shuffled.subarray(0, length);
      shuffle(data.subarray(from, from + length), shuffled, elementBytes);
      const end = this.#lz4.compress(shuffled, out, at + 4);
      view.setUint32(at, end - at - 4);
      at = end;
    }
    out.set(data.subarray(whole), at);
    return out.subarray(0, at + data.length - whole);
  }
}

function compressedZeros(lz4: Lz4Compressor): Uint8Array {
  const out = new Uint8Array(lz4Bound(blockBytes));
  return out.subarray(0, lz4.compress(new Uint8Array(blockBytes), out, 0));
}

/** Whether a block has no bit. */
function allZero(data: Uint8Array, from: number): boolean {
  const start = data.byteOffset + from;
  // Four bytes at a time where memory allows it.
  const words =
    start % 4 === 0 ? new Uint32Array(data.buffer, start, blockBytes / 4) : data.subarray(from, from + blockBytes);
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false;
  return true;
}
