// SPDX-License-Identifier: MIT
// A file with one or many images of one size and type, read when they are wanted.
import { extname } from "node:path";
import { type ImageType, imageTypeOf, type Pixels } from "../frame.ts";
import { openEdfSource } from "./edf-source.ts";
import { readImage, type SavedImage } from "./saved-image.ts";

export interface ImageSource extends AsyncDisposable {
  readonly path: string;
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly imageType: ImageType;
  /** From 0. @throws Error naming the file. */
  read(index: number): Promise<Pixels>;
}

/** CBF, TIFF or EDF; HDF5 is opened otherwise. @throws Error naming the file. */
export async function openImageFile(path: string): Promise<ImageSource> {
  return extname(path).toLowerCase() === ".edf" ? openEdfSource(path) : single(path, await readImage(path));
}

const single = (path: string, { width, height, pixels }: SavedImage): ImageSource => ({
  ...{ path, count: 1, width, height, imageType: imageTypeOf(pixels) },
  read: async () => (await readImage(path)).pixels,
  [Symbol.asyncDispose]: async () => {},
});
