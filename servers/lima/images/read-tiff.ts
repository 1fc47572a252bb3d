// SPDX-License-Identifier: MIT
// Reads TIFF files with one uncompressed greyscale image, as detectors write them.
import { readFile } from "node:fs/promises";
import { type ImageType, type Pixels, pixelKinds } from "../frame.ts";
import type { SavedImage } from "./saved-image.ts";

const tags = {
  width: 256, height: 257, bits: 258, compression: 259, description: 270, offsets: 273, samples: 277, counts: 279, format: 339,
} as const; // biome-ignore format: a list
/** Bytes of the number types that are read: byte, text, short, long. */
const sizes: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 2: 1, 3: 2, 4: 4 };
const kinds: Readonly<Record<string, ImageType>> = {
  "8 1": "Bpp8", "8 2": "Bpp8S", "16 1": "Bpp16", "16 2": "Bpp16S", "32 1": "Bpp32", "32 2": "Bpp32S", "32 3": "Bpp32F",
}; // biome-ignore format: a table
const [most, mostEntries] = [1 << 28, 1 << 20];

/** @throws Error naming the file and what is wrong with it. */
export async function readTiff(file: string): Promise<SavedImage> {
  return parseTiff(await readFile(file), file);
}

export function parseTiff(bytes: Uint8Array, file: string): SavedImage {
  try {
    return imageIn(new TiffReader(bytes));
  } catch (error) {
    const why = error instanceof RangeError ? "it is cut short" : (error as Error).message;
    throw new Error(`${file} is no TIFF image that can be read here: ${why}`);
  }
}

function imageIn(tiff: TiffReader): SavedImage {
  const entries = tiff.directory();
  const one = (tag: number, otherwise?: number): number => {
    const value = entries.get(tag)?.[0] ?? otherwise;
    if (value === undefined) throw new Error(`no tag ${tag}`);
    return value;
  };
  const [width, height] = [one(tags.width), one(tags.height)];
  if (!(width > 0 && height > 0 && width * height <= most)) throw new Error(`${width} x ${height} pixels`);
  if (one(tags.compression, 1) !== 1) throw new Error("it is compressed");
  if (one(tags.samples, 1) !== 1) throw new Error("it is no greyscale image");
  const type = kinds[`${one(tags.bits, 1)} ${one(tags.format, 1)}`];
  if (!type) throw new Error(`${one(tags.bits, 1)} bits a pixel, sample format ${one(tags.format, 1)}`);
  const [offsets, counts] = [entries.get(tags.offsets) ?? [], entries.get(tags.counts) ?? []];
  const pixels = pixelKinds[type].create(width * height);
  const whole = new Uint8Array(pixels.buffer, 0, pixels.byteLength);
  let at = 0;
  for (const [i, offset] of offsets.entries()) {
    const count = Math.min(counts[i] ?? 0, whole.length - at);
    whole.set(tiff.bytes(offset, count), at);
    at += count;
  }
  if (at < whole.length) throw new Error(`${at} of ${whole.length} bytes of pixels`);
  if (!tiff.littleEndian) swap(pixels);
  const description = entries.get(tags.description) ?? [];
  const text = String.fromCharCode(...description.slice(0, 10_000)).replace(/\0.*$/s, "");
  return { width, height, pixels, header: new Map(text === "" ? [] : [["ImageDescription", text]]) };
}

class TiffReader {
  readonly littleEndian: boolean;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const order = this.#view.getUint16(0);
    this.littleEndian = order === 0x4949;
    if (order !== 0x4949 && order !== 0x4d4d) throw new Error("it does not begin with II or MM");
    if (this.#short(2) !== 42) throw new Error("its number is not 42");
  }

  /** Numbers of each tag of the first directory. */
  directory(): ReadonlyMap<number, readonly number[]> {
    const start = this.#long(4);
    const entries = new Map<number, readonly number[]>();
    for (let i = 0, at = start + 2; i < this.#short(start); i++, at += 12)
      entries.set(this.#short(at), this.#numbers(at));
    return entries;
  }

  /** @throws RangeError when they are not there. */
  bytes(offset: number, count: number): Uint8Array {
    if (offset + count > this.#bytes.length) throw new RangeError("cut short");
    return this.#bytes.subarray(offset, offset + count);
  }

  #numbers(entry: number): readonly number[] {
    const [size, count] = [sizes[this.#short(entry + 2)], this.#long(entry + 4)];
    if (size === undefined) return [];
    if (count > mostEntries) throw new Error(`${count} values of a tag`);
    const start = count * size <= 4 ? entry + 8 : this.#long(entry + 8);
    const read = {
      1: (at: number) => this.#view.getUint8(at),
      2: (at: number) => this.#short(at),
      4: (at: number) => this.#long(at),
    }[size];
    return Array.from({ length: count }, (_, i) => read(start + i * size));
  }

  #short(at: number): number {
    return this.#view.getUint16(at, this.littleEndian);
  }
  #long(at: number): number {
    return this.#view.getUint32(at, this.littleEndian);
  }
}

function swap(pixels: Pixels): void {
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  if (pixels.BYTES_PER_ELEMENT === 2) bytes.swap16();
  if (pixels.BYTES_PER_ELEMENT === 4) bytes.swap32();
}
