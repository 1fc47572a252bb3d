// SPDX-License-Identifier: MIT
// Corrections of frames, pixel by pixel. The pixel type stays; results saturate at its limits.
import { type Frame, imageTypeOf, type Pixels, pixelKinds } from "./frame.ts";

/** Refuses an image that does not fit the detector's, naming the file. */
export function checkSize(
  file: string,
  image: { readonly width: number; readonly height: number },
  wanted: { readonly width: number; readonly height: number },
): void {
  if (image.width !== wanted.width || image.height !== wanted.height)
    throw new Error(
      `${file} is ${image.width}x${image.height} pixels, the detector's images are ${wanted.width}x${wanted.height}`,
    );
}

/** What an unsigned or signed pixel can hold at least. */
const lowest = (pixels: Pixels): number => {
  const { signed, max } = pixelKinds[imageTypeOf(pixels)];
  return signed ? -max : 0;
};

function mapped(frame: Frame, value: (pixel: number, index: number) => number): Frame {
  const { create, max } = pixelKinds[imageTypeOf(frame.pixels)];
  const { pixels } = frame;
  const min = lowest(pixels);
  const result = create(pixels.length);
  for (let i = 0; i < pixels.length; i++) {
    const wanted = value(pixels[i] as number, i);
    result[i] = Math.min(Math.max(wanted, min), max);
  }
  return { ...frame, pixels: result };
}

/** pixel - background + offset. */
export const subtracted = (frame: Frame, background: ArrayLike<number>, offset: number): Frame =>
  mapped(frame, (pixel, i) => pixel - (background[i] as number) + offset);

/** pixel / flat; where the flat field is 0 the result is 0. */
export const divided = (frame: Frame, flat: ArrayLike<number>): Frame => {
  const whole = imageTypeOf(frame.pixels) !== "Bpp32F";
  return mapped(frame, (pixel, i) => {
    const by = flat[i] as number;
    if (by === 0) return 0;
    return whole ? Math.round(pixel / by) : pixel / by;
  });
};

/** Pixels where the mask is 0 become `fill` (0 by default). */
export const masked = (frame: Frame, mask: Uint8Array, fill?: ArrayLike<number>): Frame =>
  mapped(frame, (pixel, i) => (mask[i] === 0 ? ((fill?.[i] as number | undefined) ?? 0) : pixel));

/** A flat field whose mean is 1. */
export function normalized(flat: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(flat);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (!(mean > 0)) throw new Error(`A flat field of mean ${mean} cannot be normalised: it must be above 0`);
  return values.map((value) => value / mean);
}
