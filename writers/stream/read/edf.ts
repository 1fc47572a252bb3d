// SPDX-License-Identifier: MIT
// EDF files: one frame after the other, each a text header in braces, padded to whole blocks of 512 bytes, and pixels.
import { type FileHandle, open } from "node:fs/promises";
import type { CallOptions } from "../connection.ts";
import { layoutOf, toNumbers } from "../dtype.ts";
import type { NumericBatch } from "../encoding.ts";

const block = 512;
const maxHeader = 64 * block;

const types: Readonly<Record<string, string>> = {
  SignedByte: "i1", UnsignedByte: "u1", SignedShort: "i2", UnsignedShort: "u2", SignedInteger: "i4", UnsignedInteger: "u4",
  SignedLong: "i4", UnsignedLong: "u4", Signed64: "i8", Unsigned64: "u8", FloatValue: "f4", Float: "f4", DoubleValue: "f8",
}; // biome-ignore format: a table

/** Frame `index` of a file. @throws RangeError when there is none, TypeError when the file is no EDF */
export async function readEdf(path: string, index: number, { signal }: CallOptions = {}): Promise<NumericBatch> {
  await using file = await open(path);
  let at = 0;
  for (let frame = 0; ; frame++) {
    signal?.throwIfAborted();
    const header = await readHeader(file, path, at);
    if (!header) throw new RangeError(`${path} has ${frame} frames, there is no frame ${index}`);
    if (frame < index) {
      at += header.size + header.bytes;
      continue;
    }
    const pixels = new Uint8Array(header.bytes);
    const { bytesRead } = await file.read(pixels, 0, pixels.length, at + header.size);
    if (bytesRead < pixels.length) throw new RangeError(`${path}: frame ${index} is not complete`);
    const layout = layoutOf(header.dtype);
    return { kind: "numeric", dtype: layout.dtype, shape: header.shape, data: toNumbers(pixels, layout) };
  }
}

interface Header {
  readonly size: number;
  readonly bytes: number;
  readonly dtype: string;
  readonly shape: readonly [height: number, width: number];
}

async function readHeader(file: FileHandle, path: string, at: number): Promise<Header | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(maxHeader), 0, maxHeader, at);
  if (bytesRead === 0) return undefined;
  const end = buffer.indexOf("}\n", 0, "latin1");
  if (buffer[0] !== 0x7b || end < 0) throw new TypeError(`${path} is no EDF file: no header at byte ${at}`);
  const values = new Map<string, string>();
  for (const [, key, value] of buffer.toString("latin1", 0, end).matchAll(/([\w-]+)\s*=\s*([^;]*);/g))
    values.set(key!.toLowerCase(), value!.trim());
  const type = types[values.get("datatype") ?? ""];
  const [width, height] = [Number(values.get("dim_1")), Number(values.get("dim_2") ?? 1)];
  if (!type || !Number.isSafeInteger(width * height) || width * height < 1)
    throw new TypeError(`${path}: DataType "${values.get("datatype")}" of ${width} x ${height} is not known`);
  if (values.has("compression") && !/^none/i.test(values.get("compression")!))
    throw new TypeError(`${path}: compressed EDF cannot be read here`);
  const dtype = (values.get("byteorder") === "HighByteFirst" ? ">" : "<") + type;
  const bytes = width * height * layoutOf(dtype).size;
  return { size: Math.ceil((end + 2) / block) * block, bytes, dtype, shape: [height, width] };
}
