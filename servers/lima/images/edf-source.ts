// SPDX-License-Identifier: MIT
// The images of an EDF file: several may follow each other, each with a header of its own.
import { type FileHandle, open } from "node:fs/promises";
import { longestHeader, parseEdf, parseEdfHeader } from "../saving/edf-read.ts";
import type { ImageSource } from "./image-source.ts";

/** Headers are a few kilobytes; longer ones are read in a second go. */
const usualHeader = 8192;

interface Place {
  readonly offset: number;
  /** Bytes of header and pixels. */
  readonly length: number;
}

/** @throws Error naming the file and what is wrong with it. */
export async function openEdfSource(path: string): Promise<ImageSource> {
  await using stack = new AsyncDisposableStack();
  const file = stack.use(await open(path, "r"));
  const first = await headerAt(file, path, 0);
  const places = await placesIn(file, path);
  const owned = stack.move();
  return {
    ...{ path, count: places.length, width: first.width, height: first.height, imageType: first.type },
    read: async (index) => {
      const place = places[index];
      if (!place) throw new RangeError(`${path} has no image ${index}`);
      const image = parseEdf(await bytesAt(file, place.offset, place.length), path);
      if (image.width === first.width && image.height === first.height) return image.pixels;
      throw new Error(`${path}: image ${index} has ${image.width} x ${image.height} pixels, the first others`);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function placesIn(file: FileHandle, path: string): Promise<readonly Place[]> {
  const { size: end } = await file.stat();
  const places: Place[] = [];
  for (let offset = 0; offset < end; ) {
    const { start, size } = await headerAt(file, path, offset);
    // The last image of a file that is still being written, or was cut, does not count.
    if (offset + start + size > end) break;
    places.push({ offset, length: start + size });
    offset += start + size;
  }
  if (places.length === 0) throw new Error(`${path} is cut short: not even its first image is whole`);
  return places;
}

async function headerAt(file: FileHandle, path: string, offset: number) {
  const usual = await bytesAt(file, offset, usualHeader);
  const whole = usual.includes("}\n") ? usual : await bytesAt(file, offset, longestHeader);
  return parseEdfHeader(whole, path);
}

/** As many as there are. */
async function bytesAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}
