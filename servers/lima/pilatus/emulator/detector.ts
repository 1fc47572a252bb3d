// SPDX-License-Identifier: MIT
// What an emulated Pilatus exposes: a picture that depends on the frame's number alone, in a file of the asked format.
import { appendFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Frame } from "../../frame.ts";
import { defaultParameters } from "../../parameters.ts";
import { cbfFormat } from "../../saving/cbf.ts";
import { edfFormat } from "../../saving/edf.ts";
import type { FileFormat } from "../../saving/format.ts";
import { defaultSaving } from "../../saving/settings.ts";
import { tiffFormat } from "../../saving/tiff.ts";

export interface DetectorSize {
  readonly width: number;
  readonly height: number;
}

const formats: Readonly<Record<string, FileFormat>> = {
  ".cbf": cbfFormat,
  ".edf": edfFormat,
  ".tif": tiffFormat,
  ".tiff": tiffFormat,
};
/** Pixels between two modules count nothing and read -1; every 195th row and 487th column begins a gap. */
const [moduleHeight, moduleWidth] = [195, 487];
const [gapHeight, gapWidth] = [17, 7];

/** Counts of x + y + frame; gaps as `gapFill` says. */
export function exposePicture(
  { width, height }: DetectorSize,
  index: number,
  gapFill: number,
): Int32Array<ArrayBuffer> {
  const pixels = new Int32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const inGap = y % (moduleHeight + gapHeight) >= moduleHeight;
    for (let x = 0; x < width; x++, i++)
      pixels[i] = inGap || x % (moduleWidth + gapWidth) >= moduleWidth ? gapFill : x + y + index;
  }
  return pixels;
}

export interface ImageFile {
  readonly path: string;
  readonly frame: Frame;
  /** Lines of the header: exposure time, threshold ... */
  readonly header: ReadonlyMap<string, string>;
}

/** Whether camserver writes images that end so. */
export const isImageName = (name: string): boolean => extname(name).toLowerCase() in formats;

/** `pause`: milliseconds between its two halves; 0: it appears whole. @throws Error when the folder is not there. */
export async function writeImage({ path, frame, header }: ImageFile, pause = 0): Promise<void> {
  const format = formats[extname(path).toLowerCase()];
  if (!format) throw new Error(`unknown image format: ${path}`);
  const settings = { ...defaultSaving("", "PILATUS"), policy: "OVERWRITE" as const, commonHeader: header };
  const { width, height } = frame;
  const plan = { frames: 1, width, height, imageType: "Bpp32S" as const, parameters: defaultParameters() };
  const hdf5 = async (): Promise<never> => {
    throw new Error("camserver writes no HDF5");
  };
  const hidden = join(dirname(path), `.${frame.index}-${process.pid}.part`);
  const file = await format.open({ path: hidden, settings, plan, start: new Date() }, hdf5);
  try {
    await file.write(frame, new Map());
  } finally {
    await file.close();
  }
  if (pause === 0) await rename(hidden, path);
  else await trickle(hidden, path, pause);
}

async function trickle(from: string, to: string, pause: number): Promise<void> {
  const bytes = await readFile(from);
  await rm(from);
  const half = bytes.length >> 1;
  await writeFile(to, bytes.subarray(0, half));
  await sleep(pause);
  await appendFile(to, bytes.subarray(half));
}
