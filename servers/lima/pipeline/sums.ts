// SPDX-License-Identifier: MIT
// What a processing thread does for mode ACCUMULATION: exposures are added up pixel by pixel, and made an image.
import { type ImageType, type Pixels, pixelKinds } from "../frame.ts";

/** One exposure of an image. All arrays are in memory that threads share. */
export interface Exposure {
  readonly pixels: Pixels;
  /** Zeros before the first exposure of an image. */
  readonly sums: Float64Array;
  /** Subtracted from each pixel. */
  readonly offset: number;
  /** Pixels that are not above it then add nothing; undefined: all add. */
  readonly threshold: number | undefined;
  /** Pixels above `threshold` are counted where the mask is not 0. */
  readonly saturation:
    | { readonly threshold: number; readonly mask: Uint8Array | undefined; readonly counts: Uint16Array }
    | undefined;
}

/** Gives the number of saturated pixels. */
export function addExposure(exposure: Exposure): number {
  const { sums, pixels } = exposure;
  if (exposure.threshold === undefined) for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! + pixels[i]!;
  else addAbove(sums, pixels, exposure.offset, exposure.threshold);
  return exposure.saturation ? countSaturated(pixels, exposure.saturation) : 0;
}

function addAbove(sums: Float64Array, pixels: Pixels, offset: number, threshold: number): void {
  for (let i = 0; i < sums.length; i++) {
    const value = pixels[i]! - offset;
    if (value > threshold) sums[i] = sums[i]! + value;
  }
}

function countSaturated(
  pixels: Pixels,
  { threshold, mask, counts }: Exclude<Exposure["saturation"], undefined>,
): number {
  let count = 0;
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i]! <= threshold || mask?.[i] === 0) continue;
    counts[i] = counts[i]! + 1;
    count++;
  }
  return count;
}

export interface Sum {
  readonly sums: Float64Array;
  readonly scale: number;
  readonly type: ImageType;
  /** Memory for the pixels. */
  readonly into: SharedArrayBuffer;
}

/** The image; values saturate at the limit of its type. */
export function imageOfSum({ sums, scale, type, into }: Sum): Pixels {
  const { view, max } = pixelKinds[type];
  const pixels = view(into, 0, sums.length);
  for (let i = 0; i < sums.length; i++) pixels[i] = Math.min(sums[i]! * scale, max);
  return pixels;
}
