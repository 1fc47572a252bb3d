// SPDX-License-Identifier: MIT
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TriggerMode } from "../../../../servers/lima/camera.ts";
import { openReplay } from "../../../../servers/lima/replay/replay.ts";

/** An EDF image of 2 x 1 pixels: `value` and its negative. */
function edf(value: number, width = 2): Buffer {
  const header = `{\nByteOrder = HighByteFirst ;\nDataType = SignedShort ;\nDim_1 = ${width} ;\nDim_2 = 1 ;\n`;
  const data = Buffer.alloc(2 * width);
  for (let i = 0; i < width; i++) data.writeInt16BE(i % 2 === 0 ? value : -value, 2 * i);
  return Buffer.concat([Buffer.from(`${header.padEnd(510)}}\n`), data]);
}

/** Files a.edf with images 1, 2, 3 and b.edf with 4. */
async function folder() {
  const path = await mkdtemp(join(tmpdir(), "replay-"));
  await writeFile(join(path, "a.edf"), Buffer.concat([edf(1), edf(2), edf(3)]));
  await writeFile(join(path, "b.edf"), edf(4));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

const open = (pattern: string, loop = true) => openReplay({ pattern, loop, pixelSize: [1e-6, 1e-6] });
const settings = { exposure: 0.001, latency: 0 };

async function values(
  camera: Awaited<ReturnType<typeof open>>,
  frames: number,
  trigger: TriggerMode = "INTERNAL_TRIGGER",
) {
  await camera.prepare({ ...settings, frames, trigger }, { signal: AbortSignal.timeout(5000) });
  const given: number[] = [];
  if (trigger === "EXTERNAL_TRIGGER") camera.externalTrigger();
  for (let i = 0; i < frames; i++) if (trigger === "INTERNAL_TRIGGER_MULTI") camera.trigger();
  for await (const { index, pixels } of camera.frames(AbortSignal.timeout(5000))) {
    expect(index).toBe(given.length);
    expect(pixels[1]).toBe(-(pixels[0] ?? 0));
    given.push(pixels[0] ?? 0);
  }
  return given;
}

test("all images of all files, from any on, round and round", async () => {
  await using place = await folder();
  await using camera = await open(join(place.path, "*.edf"));
  expect(camera.capabilities).toMatchObject({ width: 2, height: 1, imageType: "Bpp16S", type: "Replay" });
  expect(camera.images).toBe(4);
  expect(await values(camera, 6)).toEqual([1, 2, 3, 4, 1, 2]);
  camera.first = 2;
  expect(await values(camera, 3, "INTERNAL_TRIGGER_MULTI")).toEqual([3, 4, 1]);
  expect(await values(camera, 2, "EXTERNAL_TRIGGER")).toEqual([3, 4]);
});

test("without a loop the images have to suffice", async () => {
  await using place = await folder();
  await using camera = await open(join(place.path, "*.edf"), false);
  camera.first = 1;
  expect(await values(camera, 3)).toEqual([2, 3, 4]);
  await expect(values(camera, 4)).rejects.toThrow(
    "3 images from image 1 on, 4 frames wanted: write loop true, or acq_nb_frames 3",
  );
  await expect(values(camera, 0)).rejects.toThrow("endless frames wanted");
});

test("other files while frames are given: those go on to the end with the ones before", async () => {
  await using place = await folder();
  await using camera = await open(join(place.path, "a.edf"));
  await camera.prepare({ ...settings, frames: 3, trigger: "INTERNAL_TRIGGER" }, { signal: AbortSignal.timeout(5000) });
  const given: (number | undefined)[] = [];
  for await (const { pixels } of camera.frames(AbortSignal.timeout(5000))) {
    given.push(pixels[0]);
    if (given.length === 1) await camera.open(join(place.path, "b.edf"));
  }
  expect(given).toEqual([1, 2, 3]);
  expect(await values(camera, 2)).toEqual([4, 4]);
});

test("stopped between frames", async () => {
  await using place = await folder();
  await using camera = await open(join(place.path, "a.edf"));
  const stop = new AbortController();
  await camera.prepare({ ...settings, frames: 0, trigger: "INTERNAL_TRIGGER" }, { signal: stop.signal });
  let given = 0;
  for await (const _ of camera.frames(stop.signal)) if (++given === 3) stop.abort();
  expect(given).toBe(3);
});

test("no files, files of different kinds, a file that is cut, one that vanishes", async () => {
  await using place = await folder();
  await using camera = await open("");
  await expect(values(camera, 1)).rejects.toThrow("Replay: no images: write file_pattern first");
  await expect(camera.open(join(place.path, "*.cbf"))).rejects.toThrow("No file matches");
  await writeFile(join(place.path, "c.edf"), edf(5, 4));
  await expect(camera.open(join(place.path, "*.edf"))).rejects.toThrow(
    /c\.edf has another kind of images than .*a\.edf/,
  );
  await writeFile(join(place.path, "d.edf"), edf(6).subarray(0, 514));
  await expect(camera.open(join(place.path, "d.edf"))).rejects.toThrow(
    "d.edf is cut short: not even its first image is whole",
  );
  await appendFile(join(place.path, "b.edf"), edf(7).subarray(0, 514));
  await camera.open(join(place.path, "b.edf"));
  expect(camera.images).toBe(1);
  await writeFile(join(place.path, "e.edf"), "{\nno end");
  await expect(camera.open(join(place.path, "e.edf"))).rejects.toThrow("e.edf is no EDF file");
});
