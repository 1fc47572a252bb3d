// SPDX-License-Identifier: MIT
// What the emulated camera sees: a ramp along the diagonal that moves by a pixel a frame, packed as the pixel format says.
import { type PixelFormat, pixelFormatOf } from "../pixel-format-table.ts";

export interface View {
  readonly width: number;
  readonly height: number;
  readonly offsetX: number;
  readonly offsetY: number;
  readonly pixelFormat: number;
}

/** Pixel x, y of frame `shift`: x + y + shift, in the bits the format has. */
export function takePicture(
  { width, height, offsetX, offsetY, pixelFormat }: View,
  shift: number,
): Uint8Array<ArrayBuffer> {
  const format = pixelFormatOf(pixelFormat);
  const mask = 2 ** format.depth - 1;
  const pixels = new Uint16Array(width * height);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) pixels[i] = (x + offsetX + y + offsetY + shift) & mask;
  return packed(format, pixels);
}

function packed({ layout, depth }: PixelFormat, pixels: Uint16Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (layout === "whole") return depth === 8 ? Uint8Array.from(pixels) : new Uint8Array(pixels.buffer);
  if (layout === "dense") return packDense(pixels, depth);
  const bytes = new Uint8Array(Math.ceil((pixels.length * 3) / 2));
  const low = depth - 8;
  const mask = (1 << low) - 1;
  for (let i = 0, at = 0; i < pixels.length; i += 2, at += 3) {
    const [first, second = 0] = [pixels[i]!, pixels[i + 1]];
    bytes[at] = first >> low;
    bytes[at + 1] = (first & mask) | ((second & mask) << 4);
    if (at + 2 < bytes.length) bytes[at + 2] = second >> low;
  }
  return bytes;
}

function packDense(pixels: Uint16Array, depth: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil((pixels.length * depth) / 8));
  let [bits, held, at] = [0, 0, 0];
  for (const pixel of pixels) {
    bits |= pixel << held;
    held += depth;
    for (; held >= 8; held -= 8) {
      bytes[at++] = bits & 0xff;
      bits >>>= 8;
    }
  }
  if (held > 0) bytes[at] = bits;
  return bytes;
}
