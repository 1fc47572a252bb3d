// SPDX-License-Identifier: MIT
// Frames that are packed before they are written: by the camera or by several threads, each in its place in the file.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Frame, sharedPixels } from "../../../servers/lima/frame.ts";
import { defaultParameters } from "../../../servers/lima/parameters.ts";
import { FileSaver } from "../../../servers/lima/saving/saver.ts";
import { defaultSaving } from "../../../servers/lima/saving/settings.ts";
import { unbslz4 } from "../../../servers/lima/simplon/lz4.ts";
import { openHdf5 } from "../../../writers/hdf5/open.ts";

const [width, height, count] = [64, 32, 9];
const path = "/entry_0000/id00/cam/data";
/** Frames that take longer to pack come beside others: noise and zeros by turns. */
const frameOf = (index: number): Frame => {
  const pixels = sharedPixels("Bpp16", width * height);
  for (let i = 0; i < pixels.length; i++) pixels[i] = index % 2 === 0 ? index : (i * 7919 * (index + 1)) % 65521;
  return { index, width, height, pixels, time: index };
};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lima-packed-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The chunks of a file with these frames; undefined where there is no libhdf5 that takes chunks. */
async function saved(frames: readonly Frame[], prefix: string, cameraPacks: boolean) {
  await using library = await openHdf5();
  if (!library.abilities.has("chunk")) return undefined;
  const where = { directory: folder, prefix, suffix: ".h5", framesPerFile: count, format: "HDF5BS", cameraPacks };
  await using saver = new FileSaver({ ...defaultSaving("id00", "cam"), mode: "AUTO_FRAME", ...where }, { packers: 3 });
  const parameters = defaultParameters();
  await saver.prepare({ frames: frames.length, width, height, imageType: "Bpp16", parameters });
  const written = [];
  for (const frame of frames) written.push((await saver.save(frame)).written);
  expect(await Promise.all(written)).toEqual(frames.map(() => true));
  await saver.finish();
  await using file = await library.open(join(folder, `${prefix}0000.h5`), { mode: "read" });
  return Promise.all(frames.map(async (_, i) => (await file.readChunk(path, [i, 0, 0])).data));
}

test("several threads pack: each frame is in its place", async () => {
  const frames = Array.from({ length: count }, (_, index) => frameOf(index));
  const chunks = await saved(frames, "threads_", false);
  for (const [i, chunk] of (chunks ?? []).entries()) {
    const out = new Uint8Array(width * height * 2);
    unbslz4(chunk, out, 2);
    expect(new Uint16Array(out.buffer)).toEqual(Uint16Array.from(frames[i]?.pixels ?? []));
  }
});

test("the statistics of each frame go to a file when that is wanted", async () => {
  const where = { directory: folder, prefix: "log_", suffix: ".raw", framesPerFile: 2, format: "RAW" };
  await using saver = new FileSaver({ ...defaultSaving("id00", "cam"), mode: "AUTO_FRAME", ...where });
  const log = join(folder, "log_saving_statistics.log");
  for (const [logs, lines] of [
    [false, undefined],
    [true, 3],
  ] as const) {
    saver.rates.logs = logs;
    await saver.prepare({ frames: 2, width, height, imageType: "Bpp16", parameters: defaultParameters() });
    for (const index of [0, 1]) await (await saver.save(frameOf(index))).written;
    await saver.finish();
    const text = await readFile(log, "utf8").catch(() => undefined);
    expect(text?.trim().split("\n").length).toBe(lines);
  }
  expect(await readFile(log, "utf8")).toMatch(/\n1 4096 4096 0\.000000 \d+\.\d{6}\n$/);
  expect([...saver.rates.statistics].every((each) => each > 0)).toBe(true);
});

test.each([true, false])("what the camera packed is in the file as it is when that is wanted: %s", async (wanted) => {
  const bytes = new Uint8Array(new SharedArrayBuffer(20)).fill(9);
  const frames = [0, 1].map((index) => ({ ...frameOf(index), packed: { packing: "bslz4", bytes } as const }));
  const chunks = await saved(frames, `camera_${wanted}_`, wanted);
  for (const chunk of chunks ?? []) expect(Buffer.compare(chunk, bytes) === 0).toBe(wanted);
});
