// SPDX-License-Identifier: MIT
// Reads CBF files (crystallographic binary file, byte-offset compression) as Pilatus detectors and LIMA write them.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type ImageType, type Pixels, pixelKinds } from "../frame.ts";
import type { SavedImage } from "./saved-image.ts";

/** What stands between the header of the binary section and its bytes. */
const marker = Uint8Array.of(0x0c, 0x1a, 0x04, 0xd5);
/** No header is longer. */
const longestHeader = 1 << 20;
const largest = 1 << 28;

const types: Readonly<Record<string, ImageType>> = {
  "signed 32-bit integer": "Bpp32S",
  "unsigned 32-bit integer": "Bpp32",
  "signed 16-bit integer": "Bpp16S",
  "unsigned 16-bit integer": "Bpp16",
};

/** @throws Error naming the file and what is wrong with it. */
export async function readCbf(file: string): Promise<SavedImage> {
  return parseCbf(await readFile(file), file);
}

export function parseCbf(bytes: Uint8Array, file: string): SavedImage {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, longestHeader));
  const start = head.indexOf(marker);
  if (!head.subarray(0, 6).equals(Buffer.from("###CBF")) || start < 0)
    throw new Error(`${file} is no CBF file, or cut short: no "###CBF" at its start or no binary section`);
  const text = head.toString("latin1", 0, start);
  const field = (name: string) =>
    new RegExp(`^\\s*${name}[:=]\\s*"?([^"\\r\\n;]*)`, "im").exec(text)?.[1]?.trim() ?? "";
  const number = (name: string) => Number(field(name) || Number.NaN);
  const [width, height] = [number("X-Binary-Size-Fastest-Dimension"), number("X-Binary-Size-Second-Dimension")];
  if (!(width > 0 && height > 0 && width * height <= largest)) throw new Error(`${file}: no image size in its header`);
  if (!/x-CBF_BYTE_OFFSET/i.test(text))
    throw new Error(`${file}: "${field("conversions")}" is not readable here: byte-offset is`);
  const type = types[field("X-Binary-Element-Type").toLowerCase()];
  if (!type) throw new Error(`${file}: elements of type "${field("X-Binary-Element-Type")}" are not readable here`);
  const size = number("X-Binary-Size");
  const data = bytes.subarray(start + marker.length, start + marker.length + size);
  if (!(size > 0) || data.length < size)
    throw new Error(`${file} is cut short: ${size} bytes of pixels wanted, ${data.length} there`);
  const sum = field("Content-MD5");
  if (sum !== "" && createHash("md5").update(data).digest("base64") !== sum)
    throw new Error(`${file} is damaged: its pixels do not have the checksum in its header`);
  return { width, height, pixels: unpack(data, width * height, type, file), header: commentsIn(text) };
}

/** Each pixel is the one before plus a difference in 1, 2, 4 or 8 bytes; the most negative number says: a longer one follows. */
function unpack(data: Uint8Array, count: number, type: ImageType, file: string): Pixels {
  const pixels = pixelKinds[type].create(count);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  let value = 0;
  try {
    for (let i = 0; i < count; i++) {
      let step = view.getInt8(at);
      at += 1;
      if (step === -0x80) {
        step = view.getInt16(at, true);
        at += 2;
        if (step === -0x8000) {
          step = view.getInt32(at, true);
          at += 4;
          if (step === -0x80000000) {
            step = Number(view.getBigInt64(at, true));
            at += 8;
          }
        }
      }
      value = (value + step) | 0;
      pixels[i] = value;
    }
  } catch {
    throw new Error(`${file}: its bytes end before pixel ${count}`);
  }
  return pixels;
}

/** `# Exposure_time 0.1 s` of the header that Pilatus detectors write. */
const commentsIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    Array.from(
      text.matchAll(/^# *([\w.]+)[:=]? +([^\r\n]*)/gm),
      ([, key = "", value = ""]) => [key, value.trim()] as const,
    ),
  );
