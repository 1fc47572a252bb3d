// SPDX-License-Identifier: MIT
// The images of a dataset in an HDF5 file.
import type { Hdf5, Hdf5File } from "../../../writers/hdf5/port.ts";
import { type ImageType, type Pixels, pixelKinds } from "../frame.ts";
import type { ImageSource } from "./image-source.ts";

const imageTypes: Readonly<Record<string, ImageType>> = {
  "|u1": "Bpp8", "|i1": "Bpp8S", "<u2": "Bpp16", "<i2": "Bpp16S", "<u4": "Bpp32", "<i4": "Bpp32S", "<f4": "Bpp32F",
}; // biome-ignore format: a table

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
  const file = await library.open(path, { mode: "read" });
  try {
    const found = dataset === "" ? await firstImages(file) : await imagesAt(file, dataset);
    if (!found) {
      const where = dataset === "" ? "anywhere" : `at ${dataset}`;
      throw new Error(`${path} has no images (a dataset of 3 dimensions of numbers) ${where}`);
    }
    const [count = 0, height = 0, width = 0] = found.shape;
    const read = async (index: number): Promise<Pixels> => {
      const { data } = await file.read(found.path, { from: index, to: index + 1 });
      const pixels = pixelKinds[found.imageType].create(width * height);
      new Uint8Array(pixels.buffer).set(data as Uint8Array);
      return pixels;
    };
    if (count > 0) await readable(() => read(0), path, found.path);
    return {
      ...{ path, count, width, height, imageType: found.imageType, read },
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** That images cannot be read is told now, not in the middle of an acquisition. */
async function readable(read: () => Promise<Pixels>, path: string, dataset: string): Promise<void> {
  try {
    await read();
  } catch (error) {
    const why = (error as Error).message;
    throw new Error(`${path}: the images at ${dataset} cannot be read (filters here are gzip and shuffle): ${why}`);
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
