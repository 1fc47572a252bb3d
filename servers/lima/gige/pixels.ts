// SPDX-License-Identifier: MIT
// The pixels of an image as a typed array, one element a pixel.
import type { Pixels } from "../frame.ts";
import type { Leader } from "./gvsp.ts";
import { type PixelFormat, pixelFormatOf } from "./pixel-format-table.ts";

/** `data` holds the whole image. @throws Error for a format that is not read here. */
export function unpackPixels(leader: Leader, data: Uint8Array<ArrayBuffer>): Pixels {
  const format = pixelFormatOf(leader.pixelFormat);
  const { width, height, paddingX } = leader;
  if (paddingX === 0) return unpackLine(format, data, width * height);
  const pixels = format.imageType === "Bpp8" ? new Uint8Array(width * height) : new Uint16Array(width * height);
  const stride = Math.ceil((width * bitsPerPixel(format)) / 8) + paddingX;
  for (let row = 0; row < height; row++)
    pixels.set(unpackLine(format, data.subarray(row * stride, (row + 1) * stride), width), row * width);
  return pixels;
}

const bitsPerPixel = ({ code }: PixelFormat): number => (code >> 16) & 0xff;

function unpackLine(format: PixelFormat, data: Uint8Array<ArrayBuffer>, count: number) {
  if (format.layout === "packed") return unpackPacked(data, count, format.depth);
  if (format.layout === "dense") return unpackDense(data, count, format.depth);
  if (format.imageType === "Bpp8") return data.subarray(0, count);
  // A view needs an even offset; lines with an odd padding have none.
  const aligned = data.byteOffset % 2 === 0 ? data : data.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, count);
}

function unpackPacked(data: Uint8Array, count: number, depth: number): Uint16Array<ArrayBuffer> {
  const pixels = new Uint16Array(count);
  const low = depth - 8;
  const mask = (1 << low) - 1;
  for (let i = 0, at = 0; i < count; i += 2, at += 3) {
    const shared = data[at + 1]!;
    pixels[i] = (data[at]! << low) | (shared & mask);
    if (i + 1 < count) pixels[i + 1] = (data[at + 2]! << low) | ((shared >> 4) & mask);
  }
  return pixels;
}

function unpackDense(data: Uint8Array, count: number, depth: number): Uint16Array<ArrayBuffer> {
  const pixels = new Uint16Array(count);
  const mask = (1 << depth) - 1;
  let [bits, held, at] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    while (held < depth) {
      bits |= data[at++]! << held;
      held += 8;
    }
    pixels[i] = bits & mask;
    bits >>>= depth;
    held -= depth;
  }
  return pixels;
}
