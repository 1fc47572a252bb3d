// SPDX-License-Identifier: MIT
// Images as they lie in HDF5 files of detectors: chunks packed by filters that the HDF5 library here does not have.
import { type ImageType, type Pixels, pixelKinds, sharedPixels } from "../frame.ts";
import { unbslz4, unlz4Blocks } from "../simplon/lz4.ts";

export interface PackedImage {
  readonly data: Uint8Array;
  /** Numbers of HDF5's filters, the first first. */
  readonly filters: readonly number[];
  readonly imageType: ImageType;
  readonly length: number;
}

type Unpack = (data: Uint8Array, out: Uint8Array, pixelBytes: number) => void;
const unpackers: Readonly<Record<number, Unpack>> = { 32008: unbslz4, 32004: unlz4Blocks };

/** In memory that threads share. @throws Error for other filters, and for chunks that are broken or not one image. */
export function unpackImage({ data, filters, imageType, length }: PackedImage): Pixels {
  const pixels = sharedPixels(imageType, length);
  const out = new Uint8Array(pixels.buffer);
  const [filter, ...more] = filters;
  const unpack = filter === undefined ? undefined : unpackers[filter];
  if (!unpack || more.length > 0)
    throw new Error(`filters ${filters.join(", ")}; those read here are gzip, shuffle, LZ4, and bitshuffle with LZ4`);
  unpack(data, out, pixelKinds[imageType].bytes);
  return pixels;
}
