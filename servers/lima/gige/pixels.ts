// SPDX-License-Identifier: MIT
// The pixels of an image as a typed array, one element a pixel, and the picture in colours where there are any.
import type { Pixels, VideoPicture } from "../frame.ts";
import { colourPixels } from "./colours.ts";
import type { Leader } from "./gvsp.ts";
import { bitsOfFormat, type PixelFormat, pixelFormatOf } from "./pixel-format-table.ts";

type Bytes = Uint8Array<ArrayBuffer>;

export interface Picture {
  readonly pixels: Pixels;
  readonly video: VideoPicture | undefined;
}

/** Whether pixels have to be computed: otherwise they lie in the image as they are wanted. */
export const needsUnpacking = ({ pixelFormat, paddingX }: Leader): boolean =>
  paddingX > 0 || pixelFormatOf(pixelFormat).layout !== "whole";

/** `data` holds the whole image. @throws Error for a format that is not read here. */
export function unpackPicture(leader: Leader, data: Bytes): Picture {
  const format = pixelFormatOf(leader.pixelFormat);
  const { width, height } = leader;
  const lines = withoutPadding(leader, data);
  if (typeof format.layout === "object") {
    const { pixels, picture } = colourPixels(format.layout, lines, width * height);
    return { pixels, video: format.video && { mode: format.video, data: picture } };
  }
  const pixels = unpackLines(leader, format, lines);
  const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return { pixels, video: format.video && { mode: format.video, data: bytes } };
}

/** The lines one after the other. Without padding they are, also where a line ends within a byte. */
function withoutPadding({ width, height, paddingX, pixelFormat }: Leader, data: Bytes): Bytes {
  if (paddingX === 0) return data;
  const line = Math.ceil((width * bitsOfFormat(pixelFormat)) / 8);
  const out = new Uint8Array(line * height);
  for (let row = 0, from = 0; row < height; row++, from += line + paddingX)
    out.set(data.subarray(from, from + line), row * line);
  return out;
}

function unpackLines({ width, height, paddingX }: Leader, format: PixelFormat, lines: Bytes) {
  // With padding each line begins with a byte of its own.
  if (paddingX === 0 || format.layout === "whole") return unpack(format, lines, width * height);
  const pixels = new Uint16Array(width * height);
  const line = lines.length / height;
  for (let row = 0; row < height; row++)
    pixels.set(unpack(format, lines.subarray(row * line, (row + 1) * line), width), row * width);
  return pixels;
}

function unpack({ layout, depth, imageType }: PixelFormat, data: Bytes, count: number) {
  if (layout === "packed") return unpackPacked(data, count, depth);
  if (layout === "dense") return unpackDense(data, count, depth);
  if (imageType === "Bpp8") return data.subarray(0, count);
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
