// SPDX-License-Identifier: MIT
// An image in a file, whatever the format.
import { extname } from "node:path";
import type { Pixels } from "../frame.ts";
import { readEdf } from "../saving/edf-read.ts";
import { readCbf } from "./read-cbf.ts";
import { readTiff } from "./read-tiff.ts";

export interface SavedImage {
  readonly width: number;
  readonly height: number;
  /** Row by row, top first. */
  readonly pixels: Pixels;
  readonly header: ReadonlyMap<string, string>;
}

const readers: Readonly<Record<string, (file: string) => Promise<SavedImage>>> = {
  ".cbf": readCbf,
  ".edf": readEdf,
  ".tif": readTiff,
  ".tiff": readTiff,
};

/** The first image of a file, by the end of its name. @throws Error naming the file and what is wrong with it. */
export async function readImage(file: string): Promise<SavedImage> {
  const reader = readers[extname(file).toLowerCase()];
  if (reader) return reader(file);
  throw new Error(`${file}: images are read from ${Object.keys(readers).join(", ")}`);
}
