// SPDX-License-Identifier: MIT
// Frames as CBF (crystallographic binary file) with byte-offset compression: each pixel as the difference to the one before.
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { type Frame, imageTypeOf, type Pixels } from "../frame.ts";
import { flagsOf, writeWhole } from "./edf.ts";
import type { FileFormat, FileRequest } from "./format.ts";

export const cbfFormat: FileFormat = {
  suffix: ".cbf",
  stack: false,
  open: async (request) => {
    const file = await open(request.path, flagsOf(request) === "wx" ? "wx" : "w");
    return {
      write: async (frame, headers) => {
        const bytes = cbfFile(frame, request, headers);
        await writeWhole(file, bytes);
        return bytes.byteLength;
      },
      close: () => file.close(),
    };
  },
};

/** The words of the format for the pixels after decompression: it has 32-bit integers. */
const elementTypes = { Bpp8: 32, Bpp8S: 32, Bpp16: 32, Bpp16S: 32, Bpp32: 32, Bpp32S: 32 } as const;

/** @throws Error for pixels that are not whole numbers. */
export function cbfFile(
  frame: Frame,
  { path, settings, plan }: FileRequest,
  headers: ReadonlyMap<string, string>,
): Uint8Array {
  const type = imageTypeOf(frame.pixels);
  if (!(type in elementTypes)) throw new Error("CBF holds whole numbers; save floating point frames as HDF5 or EDF");
  const data = byteOffset(frame.pixels);
  const { exposure, latency } = plan.parameters;
  // Readers want some header: these two are those that crystallographers look for.
  const exposed = [
    ["Exposure_time", `${exposure} s`],
    ["Exposure_period", `${exposure + latency} s`],
  ] as const;
  const comments = [...exposed, ...settings.commonHeader, ...headers]
    .map(([key, value]) => `# ${key} ${value}\r\n`)
    .join("");
  const name = basename(path).replace(/\.cbf$/, "");
  const head = [
    "###CBF: VERSION 1.5, LIMA CBF",
    "",
    `data_${name.replaceAll(/\s/g, "_")}`,
    "",
    '_array_data.header_convention "PILATUS_1.2"',
    "_array_data.header_contents",
    ";",
    `${comments};`,
    "",
    "_array_data.data",
    ";",
    "--CIF-BINARY-FORMAT-SECTION--",
    "Content-Type: application/octet-stream;",
    '     conversions="x-CBF_BYTE_OFFSET"',
    "Content-Transfer-Encoding: BINARY",
    `X-Binary-Size: ${data.length}`,
    "X-Binary-ID: 1",
    `X-Binary-Element-Type: "${type === "Bpp32" ? "unsigned" : "signed"} 32-bit integer"`,
    "X-Binary-Element-Byte-Order: LITTLE_ENDIAN",
    `Content-MD5: ${createHash("md5").update(data).digest("base64")}`,
    `X-Binary-Number-of-Elements: ${frame.pixels.length}`,
    `X-Binary-Size-Fastest-Dimension: ${frame.width}`,
    `X-Binary-Size-Second-Dimension: ${frame.height}`,
    "X-Binary-Size-Padding: 4095",
    "",
    "",
  ].join("\r\n");
  const start = Uint8Array.of(0x0c, 0x1a, 0x04, 0xd5);
  const tail = `\r\n--CIF-BINARY-FORMAT-SECTION----\r\n;\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), start, data, new Uint8Array(4095), Buffer.from(tail, "latin1")]);
}

/** Differences of one byte; 0x80 and two bytes; 0x8000 and four; 0x80000000 and eight. */
export function byteOffset(pixels: Pixels): Uint8Array {
  // At most 15 bytes a pixel; nearly always one.
  let out = Buffer.allocUnsafe(pixels.length + 1024);
  let at = 0;
  let last = 0;
  for (const value of pixels) {
    if (at + 16 > out.length) out = Buffer.concat([out, Buffer.allocUnsafe(out.length)]);
    // Modulo 2^32, as readers add up 32-bit integers: the eight-byte form is then needed for one value only.
    const step = (value - last) | 0;
    last = value;
    if (step >= -127 && step <= 127) {
      at = out.writeInt8(step, at);
      continue;
    }
    at = out.writeUInt8(0x80, at);
    if (step >= -32767 && step <= 32767) {
      at = out.writeInt16LE(step, at);
      continue;
    }
    at = out.writeUInt16LE(0x8000, at);
    if (step >= -2147483647 && step <= 2147483647) {
      at = out.writeInt32LE(step, at);
      continue;
    }
    at = out.writeUInt32LE(0x80000000, at);
    at = out.writeBigInt64LE(BigInt(step), at);
  }
  return out.subarray(0, at);
}
