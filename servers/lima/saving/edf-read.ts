// SPDX-License-Identifier: MIT
// Reads EDF files: masks, flat fields, backgrounds, frames to be replayed.
import { readFile } from "node:fs/promises";
import { type ImageType, type Pixels, pixelKinds } from "../frame.ts";

export interface EdfImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Pixels;
  readonly header: ReadonlyMap<string, string>;
}

const names: Readonly<Record<string, ImageType>> = {
  UnsignedByte: "Bpp8",
  SignedByte: "Bpp8S",
  UnsignedShort: "Bpp16",
  SignedShort: "Bpp16S",
  UnsignedInteger: "Bpp32",
  UnsignedLong: "Bpp32",
  SignedInteger: "Bpp32S",
  SignedLong: "Bpp32S",
  FloatValue: "Bpp32F",
  Float: "Bpp32F",
};
/** No header is longer: what has no end before is no EDF file. */
export const longestHeader = 1 << 20;

/** The first image of a file. @throws Error naming the file and what is wrong with it. */
export async function readEdf(file: string): Promise<EdfImage> {
  return parseEdf(await readFile(file), file);
}

/** What the header at the start of `bytes` announces. @throws Error naming the file and what is wrong with it. */
export function parseEdfHeader(bytes: Buffer, file: string) {
  const end = bytes.subarray(0, longestHeader).indexOf("}\n");
  if (bytes[0] !== 0x7b || end < 0) throw new Error(`${file} is no EDF file: no header between braces at its start`);
  const header = entries(bytes.toString("latin1", 1, end));
  const [width, height] = [Number(header.get("Dim_1")), Number(header.get("Dim_2") ?? 1)];
  const type = names[header.get("DataType") ?? ""];
  if (!type) throw new Error(`${file}: DataType "${header.get("DataType") ?? ""}" is not readable here`);
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0))
    throw new Error(`${file}: Dim_1 and Dim_2 are no image size`);
  return { header, width, height, type, start: end + 2, size: width * height * pixelKinds[type].bytes };
}

/** The image at the start of `bytes`. @throws Error naming the file and what is wrong with it. */
export function parseEdf(bytes: Buffer, file: string): EdfImage {
  const { header, width, height, type, start, size } = parseEdfHeader(bytes, file);
  if (start + size > bytes.length)
    throw new Error(`${file} is cut short: ${size} bytes of pixels wanted, ${bytes.length - start} there`);
  const kind = pixelKinds[type];
  const pixels = kind.create(width * height);
  const raw = new Uint8Array(pixels.buffer);
  raw.set(bytes.subarray(start, start + size));
  if (header.get("ByteOrder") === "HighByteFirst") swap(raw, kind.bytes);
  return { width, height, pixels, header };
}

const entries = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(";").flatMap((line) => {
      const at = line.indexOf("=");
      return at < 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const];
    }),
  );

function swap(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}
