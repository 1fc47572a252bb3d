// SPDX-License-Identifier: MIT
// Images in files, to be acquired again: EDF, CBF and TIFF files, or datasets of HDF5 files.
import { glob } from "node:fs/promises";
import { extname } from "node:path";
import { openHdf5 } from "../../writers/hdf5/open.ts";
import type { Hdf5 } from "../../writers/hdf5/port.ts";
import type { ImageType, Pixels } from "./frame.ts";
import { openHdf5Source } from "./images/hdf5-source.ts";
import { type ImageSource, openImageFile } from "./images/image-source.ts";

/** Of one size and type; they are read when they are wanted. */
export interface SavedImages extends AsyncDisposable {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly imageType: ImageType;
  /** From 0. @throws Error naming the file. */
  read(index: number): Promise<Pixels>;
}

const hdf5Names = [".h5", ".hdf5", ".nxs"];

/**
 * `/data/run_*.edf`: all images of all files; `/data/run_*.h5::/entry_0000/instrument/cam/data`: those of that dataset of each
 * file, or without `::` of the first that has images. Files are taken in the order of their names.
 * @throws Error when nothing matches or a file is not readable.
 */
export async function openSavedImages(pattern: string): Promise<SavedImages> {
  const [files = "", dataset = ""] = pattern.split("::");
  const paths: string[] = [];
  for await (const path of glob(files)) paths.push(path);
  paths.sort();
  if (paths.length === 0) throw new Error(`No file matches ${files}`);
  await using stack = new AsyncDisposableStack();
  const sources = await opened(paths, dataset, stack);
  const [first] = sources as [ImageSource];
  for (const each of sources)
    if (each.width !== first.width || each.height !== first.height || each.imageType !== first.imageType)
      throw new Error(`${each.path} has another kind of images than ${first.path}`);
  const owned = stack.move();
  const { width, height, imageType } = first;
  return {
    ...{ width, height, imageType },
    count: sources.reduce((sum, { count }) => sum + count, 0),
    read: (index) => readFrom(sources, index),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function opened(paths: readonly string[], dataset: string, stack: AsyncDisposableStack): Promise<ImageSource[]> {
  const sources: ImageSource[] = [];
  let library: Hdf5 | undefined;
  for (const path of paths) {
    const inHdf5 = dataset !== "" || hdf5Names.includes(extname(path).toLowerCase());
    if (inHdf5) library ??= stack.use(await openHdf5());
    const source = library && inHdf5 ? await openHdf5Source(library, path, dataset) : await openImageFile(path);
    sources.push(stack.use(source));
  }
  return sources;
}

async function readFrom(sources: readonly ImageSource[], index: number): Promise<Pixels> {
  let rest = index;
  for (const source of sources) {
    if (rest < source.count) return source.read(rest);
    rest -= source.count;
  }
  throw new RangeError(`image ${index} is not there`);
}
