// SPDX-License-Identifier: MIT
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Pixels } from "../../../../servers/lima/frame.ts";
import { parseCbf } from "../../../../servers/lima/images/read-cbf.ts";
import { parseTiff } from "../../../../servers/lima/images/read-tiff.ts";
import { readImage } from "../../../../servers/lima/images/saved-image.ts";
import { writeImage } from "../../../../servers/lima/pilatus/emulator/detector.ts";

/** Differences of one, two, four and eight bytes. */
const steep = Int32Array.of(0, 1, 127, -1, 300, -70_000, 2_147_483_647, -2_147_483_648, 5, 5, 5, 5);

async function written(suffix: string, pixels: Pixels = steep) {
  const folder = await mkdtemp(join(tmpdir(), "images-"));
  const path = join(folder, `image${suffix}`);
  const frame = { index: 0, width: 4, height: 3, pixels, time: 0 };
  await writeImage({ path, frame, header: new Map([["Exposure_time", "0.1 s"]]) });
  return {
    path,
    bytes: new Uint8Array(await readFile(path)),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

test.each([".cbf", ".edf", ".tif"])("what is written as %s is read", async (suffix) => {
  await using file = await written(suffix);
  const { width, height, pixels, header } = await readImage(file.path);
  expect([width, height, Array.from(pixels)]).toEqual([4, 3, Array.from(steep)]);
  if (suffix !== ".tif") expect(header.get("Exposure_time")).toBe("0.1 s");
});

test("a CBF that is cut anywhere, or changed within its pixels, is refused by name", async () => {
  await using file = await written(".cbf");
  const end = Buffer.from(file.bytes).indexOf(Uint8Array.of(0x0c, 0x1a, 0x04, 0xd5)) + 4 + 31;
  for (let length = 0; length < end; length++)
    expect(() => parseCbf(file.bytes.subarray(0, length), "x.cbf")).toThrow(/x\.cbf/);
  const changed = file.bytes.slice();
  changed[end - 8] = (changed[end - 8] ?? 0) ^ 1;
  expect(() => parseCbf(changed, "x.cbf")).toThrow("x.cbf is damaged");
});

test("a TIFF that is cut anywhere is refused by name; a big-endian one is read", async () => {
  await using file = await written(".tif");
  for (let length = 0; length < file.bytes.length; length++)
    expect(() => parseTiff(file.bytes.subarray(0, length), "x.tif")).toThrow(
      "x.tif is no TIFF image that can be read here",
    );
  const words = [0x4d4d, 42, 0, 8, 7];
  const entry = (tag: number, type: number, value: number) => [
    tag,
    type,
    0,
    1,
    ...(type === 3 ? [value, 0] : [0, value]),
  ];
  const entries = [[256, 3, 2], [257, 3, 1], [258, 3, 16], [259, 3, 1], [273, 4, 98], [278, 3, 1], [279, 4, 4]] as const; // biome-ignore format: a table
  const all = [...words, ...entries.flatMap(([tag, type, value]) => entry(tag, type, value)), 0, 0, 0x0102, 0x0304];
  const bytes = new Uint8Array(all.flatMap((word) => [word >> 8, word & 255]));
  expect(Array.from(parseTiff(bytes, "x.tif").pixels)).toEqual([0x0102, 0x0304]);
});

test("other files", async () => {
  await using file = await written(".cbf");
  await expect(readImage(`${file.path}.png`)).rejects.toThrow("images are read from .cbf, .edf, .tif, .tiff");
  const other = file.path.replace("cbf", "edf");
  await writeFile(other, "no EDF");
  await expect(readImage(other)).rejects.toThrow("is no EDF file");
});
