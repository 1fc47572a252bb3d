// SPDX-License-Identifier: MIT
// How frames are made smaller before they are written: in threads of their own, several at a time.
import { deflateSync } from "node:zlib";
import { bytesOf, type Pixels } from "../frame.ts";
import { Bslz4Compressor } from "./bitshuffle.ts";

/** Level of zlib. */
export const gzipLevel = 4;

/** By name, makers of functions that pack frames as HDF5's filters do; each function is for one thread. */
export const packings = {
  gzip: () => (pixels: Pixels) => deflateSync(byteShuffled(pixels), { level: gzipLevel }),
  bslz4: () => {
    const compressor = new Bslz4Compressor();
    return (pixels: Pixels) => compressor.compress(bytesOf(pixels), pixels.BYTES_PER_ELEMENT);
  },
} as const satisfies Record<string, () => (pixels: Pixels) => Uint8Array>;
export type Packing = keyof typeof packings;

/** HDF5's filter "shuffle": the first byte of all pixels, then the second ... */
function byteShuffled(pixels: Pixels): Uint8Array {
  const bytes = bytesOf(pixels);
  const size = pixels.BYTES_PER_ELEMENT;
  if (size === 1) return bytes;
  const out = new Uint8Array(bytes.length);
  for (let byte = 0, to = 0; byte < size; byte++)
    for (let from = byte; from < bytes.length; from += size) out[to++] = bytes[from] as number;
  return out;
}
