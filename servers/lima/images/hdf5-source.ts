// SPDX-License-Identifier: MIT
// The images of a dataset in an HDF5 file.
import { extname } from "node:path";
import type { Hdf5, Hdf5File } from "../../../writers/hdf5/port.ts";
import { type ImageType, type Pixels, pixelKinds } from "../frame.ts";
import { Thread } from "../threads/thread.ts";
import type { PackedImage } from "./chunk.ts";
import type { ImageSource } from "./image-source.ts";

const imageTypes: Readonly<Record<string, ImageType>> = {
  "|u1": "Bpp8", "|i1": "Bpp8S", "<u2": "Bpp16", "<i2": "Bpp16S", "<u4": "Bpp32", "<i4": "Bpp32S", "<f4": "Bpp32F",
}; // biome-ignore format: a table

const chunkThread = new URL(`./chunk-thread${extname(import.meta.url)}`, import.meta.url);

/** Groups looked into for images. */
const mostGroups = 1000;

interface Found {
  readonly path: string;
  readonly shape: readonly number[];
  readonly imageType: ImageType;
}

/**
 * `dataset` "": the first of the file with three dimensions of numbers.
 * @throws Error naming the file when there are no images.
 */
export async function openHdf5Source(library: Hdf5, path: string, dataset: string): Promise<ImageSource> {
  await using stack = new AsyncDisposableStack();
  const file = stack.use(await library.open(path, { mode: "read" }));
  const found = dataset === "" ? await firstImages(file) : await imagesAt(file, dataset);
  if (!found) {
    const where = dataset === "" ? "anywhere" : `at ${dataset}`;
    throw new Error(`${path} has no images (a dataset of 3 dimensions of numbers) ${where}`);
  }
  const [count = 0, height = 0, width = 0] = found.shape;
  const read = await reader(file, found, path, stack);
  const owned = stack.move();
  return {
    ...{ path, count, width, height, imageType: found.imageType, read },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type Read = (index: number) => Promise<Pixels>;

/** How images are read. That they cannot be is told now, not in the middle of an acquisition: the first is tried. */
async function reader(file: Hdf5File, found: Found, path: string, stack: AsyncDisposableStack): Promise<Read> {
  const [count = 0, height = 0, width = 0] = found.shape;
  const { imageType } = found;
  const whole: Read = async (index) => {
    const { data } = await file.read(found.path, { from: index, to: index + 1 });
    const pixels = pixelKinds[imageType].create(width * height);
    new Uint8Array(pixels.buffer).set(data as Uint8Array);
    return pixels;
  };
  if (count === 0) return whole;
  try {
    await whole(0);
    return whole;
  } catch (error) {
    const thread = stack.use(new Thread<PackedImage>(chunkThread));
    const packed: Read = async (index) => {
      const chunk = await file.readChunk(found.path, [index, 0, 0]);
      return thread.ask<Pixels>({ ...chunk, imageType, length: width * height });
    };
    await packed(0).catch((second: Error) => {
      const why = `${(error as Error).message}; ${second.message}`;
      throw new Error(`${path}: the images at ${found.path} cannot be read: ${why}`);
    });
    return packed;
  }
}

async function imagesAt(file: Hdf5File, path: string): Promise<Found | undefined> {
  const node = await file.look(path);
  if (node?.kind === "softLink") return imagesAt(file, node.target);
  if (node?.kind !== "dataset" || node.shape.length !== 3) return undefined;
  const imageType = imageTypes[String(node.dtype)];
  return imageType && { path, shape: node.shape, imageType };
}

/** Group by group, the upper ones first. */
async function firstImages(file: Hdf5File): Promise<Found | undefined> {
  const groups = ["/"];
  for (let i = 0; i < groups.length && i < mostGroups; i++) {
    const group = groups[i] as string;
    const node = await file.look(group);
    if (node?.kind !== "group") continue;
    for (const name of node.members) {
      const path = `${group === "/" ? "" : group}/${name}`;
      const member = await file.look(path);
      if (member?.kind === "group") groups.push(path);
      const found = member?.kind === "dataset" ? await imagesAt(file, path) : undefined;
      if (found) return found;
    }
  }
  return undefined;
}
