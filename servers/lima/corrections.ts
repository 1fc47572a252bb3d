// SPDX-License-Identifier: MIT
// Corrections of frames, pixel by pixel, written to `out` (which may be `pixels`). The pixel type stays; results saturate at
// its limits.
import { imageTypeOf, type Pixels, pixelKinds } from "./frame.ts";

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

/** The smallest and the largest value a pixel may get. */
function limits(pixels: Pixels): readonly [min: number, max: number] {
  const { signed, max } = pixelKinds[imageTypeOf(pixels)];
  return [signed ? -max : 0, max];
}

/** pixel - image + offset. */
export function subtract(pixels: Pixels, image: Pixels, offset: number, out: Pixels): void {
  const [min, max] = limits(pixels);
  for (let i = 0; i < out.length; i++) {
    const value = (pixels[i] as number) - (image[i] as number) + offset;
    out[i] = Math.max(min, Math.min(value, max));
  }
}

/** pixel / flat, rounded in whole pixel types; where the flat field is 0 the result is 0. */
export function divide(pixels: Pixels, flat: Pixels, out: Pixels): void {
  const [min, max] = limits(pixels);
  if (min === 0) {
    // What is stored in unsigned pixels is cut off: half a count more rounds it.
    for (let i = 0; i < out.length; i++) {
      const by = flat[i] as number;
      out[i] = by === 0 ? 0 : Math.max(0, Math.min((pixels[i] as number) / by + 0.5, max));
    }
    return;
  }
  const half = pixels instanceof Float32Array ? 0 : 0.5;
  for (let i = 0; i < out.length; i++) {
    const by = flat[i] as number;
    const share = by === 0 ? 0 : (pixels[i] as number) / by;
    const value = half === 0 ? share : Math.floor(share + half);
    out[i] = Math.max(min, Math.min(value, max));
  }
}

/** Pixels where the mask is 0 become what `fill` has there (saturated), or 0. */
export function applyMask(pixels: Pixels, mask: Uint8Array, fill: Pixels | undefined, out: Pixels): void {
  const [min, max] = limits(pixels);
  if (out !== pixels) out.set(pixels);
  // Few pixels are masked: the others stay where they are.
  for (let i = 0; i < out.length; i++)
    if (mask[i] === 0) out[i] = fill ? Math.min(Math.max(fill[i] as number, min), max) : 0;
}

/** A flat field whose mean is 1. */
export function normalized(flat: Pixels): Pixels {
  let sum = 0;
  for (const value of flat) sum += value;
  const mean = sum / flat.length;
  if (!(mean > 0)) throw new Error(`A flat field of mean ${mean} cannot be normalised: it must be above 0`);
  return Float32Array.from(flat, (value) => value / mean);
}
