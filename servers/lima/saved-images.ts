// SPDX-License-Identifier: MIT
// Images in files, to be acquired again: EDF files, or a dataset of HDF5 files.
import { glob } from "node:fs/promises";
import { openHdf5 } from "../../writers/hdf5/open.ts";
import type { Hdf5, Hdf5File } from "../../writers/hdf5/port.ts";
import { type ImageType, imageTypeOf, type Pixels, pixelKinds } from "./frame.ts";
import { readEdf } from "./saving/edf-read.ts";

/** Of one size and type; they are read when they are wanted. */
export interface SavedImages extends AsyncDisposable {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly imageType: ImageType;
  /** From 0. @throws Error naming the file. */
  read(index: number): Promise<Pixels>;
}

/**
 * `/data/run_*.edf`, one image a file; or `/data/run_*.h5::/entry_0000/instrument/cam/data`, all images of the dataset of each
 * file. Files are taken in the order of their names.
 * @throws Error when nothing matches or a file is not readable.
 */
export async function openSavedImages(pattern: string): Promise<SavedImages> {
  const [files = "", dataset] = pattern.split("::");
  const paths: string[] = [];
  for await (const path of glob(files)) paths.push(path);
  paths.sort();
  if (paths.length === 0) throw new Error(`No file matches ${files}`);
  if (dataset !== undefined) return openDatasets(paths, dataset);
  if (/\.(h5|hdf5|nxs)$/.test(files)) throw new Error(`${files}: a dataset is wanted too: ${files}::/path/in/file`);
  const { width, height, pixels } = await readEdf(paths[0] as string);
  return {
    ...{ count: paths.length, width, height, imageType: imageTypeOf(pixels) },
    read: async (index) => {
      const path = paths[index] as string;
      const image = await readEdf(path);
      if (image.width !== width || image.height !== height || imageTypeOf(image.pixels) !== imageTypeOf(pixels))
        throw new Error(`${path} is another kind of image than ${paths[0]}`);
      return image.pixels;
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

interface OpenDataset {
  readonly file: Hdf5File;
  readonly images: number;
}

async function openDatasets(paths: readonly string[], dataset: string): Promise<SavedImages> {
  await using stack = new AsyncDisposableStack();
  const library: Hdf5 = stack.use(await openHdf5());
  const open: OpenDataset[] = [];
  let first: { width: number; height: number; imageType: ImageType } | undefined;
  for (const path of paths) {
    const file = stack.use(await library.open(path, { mode: "read" }));
    const node = await file.look(dataset);
    const [images, height, width] = node?.kind === "dataset" ? node.shape : [];
    const type = node?.kind === "dataset" ? imageTypes[String(node.dtype)] : undefined;
    if (images === undefined || height === undefined || width === undefined || !type)
      throw new Error(`${path} has no images (a dataset of 3 dimensions of numbers) at ${dataset}`);
    first ??= { width, height, imageType: type };
    if (first.width !== width || first.height !== height || first.imageType !== type)
      throw new Error(`${path} has another kind of images than ${paths[0]}`);
    open.push({ file, images });
  }
  if (!first) throw new Error(`No images at ${dataset}`);
  const owned = stack.move();
  return {
    ...first,
    count: open.reduce((sum, { images }) => sum + images, 0),
    read: (index) => readRow(open, dataset, first.imageType, index),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const imageTypes: Readonly<Record<string, ImageType>> = {
  "|u1": "Bpp8", "|i1": "Bpp8S", "<u2": "Bpp16", "<i2": "Bpp16S", "<u4": "Bpp32", "<i4": "Bpp32S", "<f4": "Bpp32F",
}; // biome-ignore format: a table

async function readRow(open: readonly OpenDataset[], dataset: string, type: ImageType, index: number): Promise<Pixels> {
  let row = index;
  for (const { file, images } of open) {
    if (row >= images) {
      row -= images;
      continue;
    }
    const { data, shape } = await file.read(dataset, { from: row, to: row + 1 });
    const pixels = pixelKinds[type].create(shape.reduce((product, n) => product * n, 1));
    new Uint8Array(pixels.buffer).set(data as Uint8Array);
    return pixels;
  }
  throw new RangeError(`image ${index} is not there`);
}
