// SPDX-License-Identifier: MIT
// Frames as TIFF 6.0: one uncompressed greyscale image a file, in one strip.
import { open } from "node:fs/promises";
import { bytesOf, type Frame, imageTypeOf, pixelKinds } from "../frame.ts";
import { flagsOf, writeWhole } from "./edf.ts";
import type { FileFormat } from "./format.ts";

const [short, long] = [3, 4];
/** SampleFormat of TIFF. */
const [unsigned, signed, float] = [1, 2, 3];

export const tiffFormat: FileFormat = {
  suffix: ".tiff",
  stack: false,
  open: async (request) => {
    // A second image in a file would be a page of its own, which LIMA's TIFF does not have: nothing is added.
    const file = await open(request.path, flagsOf(request) === "wx" ? "wx" : "w");
    return {
      write: async (frame) => {
        const [head, pixels] = [header(frame), bytesOf(frame.pixels)];
        await writeWhole(file, head);
        await writeWhole(file, pixels);
        return head.length + pixels.length;
      },
      close: () => file.close(),
    };
  },
};

/** Everything before the pixels: the file's header and the one directory. */
function header({ width, height, pixels }: Frame): Uint8Array {
  const type = imageTypeOf(pixels);
  const kind = pixelKinds[type];
  const format = type === "Bpp32F" ? float : kind.signed ? signed : unsigned;
  const entries: readonly (readonly [tag: number, type: number, value: number | "pixels"])[] = [
    [256, long, width],
    [257, long, height],
    [258, short, 8 * kind.bytes],
    [259, short, 1], // no compression
    [262, short, 1], // 0 is black
    [273, long, "pixels"], // where the strip begins
    [277, short, 1],
    [278, long, height],
    [279, long, pixels.byteLength],
    [339, short, format],
  ];
  const length = 8 + 2 + 12 * entries.length + 4;
  const view = new DataView(new ArrayBuffer(length));
  view.setUint16(0, 0x4949, true); // little-endian
  view.setUint16(2, 42, true);
  view.setUint32(4, 8, true);
  view.setUint16(8, entries.length, true);
  for (const [i, [tag, kindOf, value]] of entries.entries()) {
    const at = 10 + 12 * i;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, kindOf, true);
    view.setUint32(at + 4, 1, true);
    view.setUint32(at + 8, value === "pixels" ? length : value, true);
  }
  return new Uint8Array(view.buffer);
}
