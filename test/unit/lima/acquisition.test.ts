// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { Acquisition, type Saver } from "../../../servers/lima/acquisition.ts";
import type { Frame } from "../../../servers/lima/frame.ts";
import { processingPool } from "../../../servers/lima/pipeline/pool.ts";
import { type Picture, simulatedCamera } from "../../../servers/lima/simulator.ts";

const picture: Picture = {
  width: 8,
  height: 4,
  imageType: "Bpp16",
  peaks: [{ x: 3, y: 2, fwhm: 2, max: 1000, angle: 0 }],
  fill: "GAUSS",
  grow: 0,
  rotationAxis: "STATIC",
  rotationAngle: 0,
  rotationSpeed: 0,
  diffraction: [0, 0],
  diffractionSpeed: [0, 0],
};

function detector(saving: Partial<Saver> = {}) {
  const saved: number[] = [];
  const statuses: string[] = [];
  let changed = () => {};
  const saver: Saver = {
    automatic: false,
    byCamera: false,
    prepare: async () => {},
    save: async (frame: Frame) => ({ written: Promise.resolve(saved.push(frame.index) > 0) }),
    giveUp: () => {},
    finish: async () => {},
    ...saving,
  };
  const camera = simulatedCamera({ picture: { ...picture }, pixelSize: [1e-6, 1e-6] });
  const acquisition: Acquisition = new Acquisition({
    camera: () => camera,
    processors: new Set(),
    pool: processingPool(2),
    saver,
    bufferFrames: () => 3,
    onStatus: () => {
      statuses.push(acquisition.status);
      changed();
    },
    onCounters: () => changed(),
  });
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      changed = () => condition() && resolve();
      changed();
    });
  Object.assign(acquisition.parameters, { exposure: 0.0001 });
  return { acquisition, saved, statuses, until };
}

test("frames become readable, old ones leave the ring, the peak is where it was put", async () => {
  const { acquisition, until } = detector();
  acquisition.parameters.frames = 5;
  await acquisition.prepare();
  expect(() => acquisition.frame(-1)).toThrow("Frame not available yet");
  acquisition.start();
  expect(acquisition.status).toBe("Running");
  await until(() => acquisition.status === "Ready");
  expect(acquisition.counters).toMatchObject({ acquired: 4, base: 4, ready: 4, saved: -1 });
  expect(() => acquisition.frame(1)).toThrow("Frame no more available");
  expect(acquisition.frame(4).pixels[2 * 8 + 3]).toBe(1000);
  expect(() => acquisition.start()).toThrow("Run prepareAcq before starting acquisition");
});

test("a frame that is being sent stays what it is, as final and as base image, while its memory would be used again", async () => {
  const { acquisition, until } = detector();
  Object.assign(acquisition.parameters, { frames: 0, trigger: "INTERNAL_TRIGGER_MULTI" });
  acquisition.parameters.operations = { ...acquisition.parameters.operations, flip: [true, false] };
  await acquisition.prepare();
  const next = async (index: number) => {
    acquisition.start();
    await until(() => acquisition.counters.ready === index);
  };
  await next(0);
  const lent = acquisition.lendBase(0).pixels;
  await next(1);
  const final = acquisition.lend(1).pixels;
  expect([lent, final].map((pixels) => pixels.buffer instanceof SharedArrayBuffer)).toEqual([true, true]);
  const before = [lent.slice(), final.slice()];
  lent[0] = 7;
  final[0] = 8;
  for (let index = 2; index < 20; index++) await next(index);
  expect([lent[0], final[0]]).toEqual([7, 8]);
  expect(before[0]).toEqual(before[1]);
  await acquisition.stop();
});

test("INTERNAL_TRIGGER_MULTI gives one frame a start", async () => {
  const { acquisition, until } = detector();
  Object.assign(acquisition.parameters, { frames: 2, trigger: "INTERNAL_TRIGGER_MULTI" });
  await acquisition.prepare();
  for (const index of [0, 1]) {
    acquisition.start();
    await until(() => acquisition.status === "Ready" && acquisition.counters.ready === index);
  }
  await until(() => acquisition.counters.ready === 1);
  expect(() => acquisition.start()).toThrow("Run prepareAcq");
});

test("every frame is saved before the acquisition is Ready; a full disk ends it in Fault with the reason", async () => {
  const good = detector({ automatic: true });
  good.acquisition.parameters.frames = 3;
  await good.acquisition.prepare();
  good.acquisition.start();
  await good.until(() => good.acquisition.status === "Ready");
  expect(good.saved).toEqual([0, 1, 2]);

  const full = detector({
    automatic: true,
    save: async () => {
      throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    },
  });
  full.acquisition.parameters.frames = 3;
  await full.acquisition.prepare();
  full.acquisition.start();
  await full.until(() => full.acquisition.status === "Fault");
  expect(full.acquisition.fault).toContain("Saving: disk full");
  await full.acquisition.stop();
  expect(() => full.acquisition.start()).toThrow("Acquisition is in fault");
});

test("stop ends an endless acquisition, also one that waits for a trigger", async () => {
  for (const trigger of ["INTERNAL_TRIGGER", "EXTERNAL_TRIGGER"] as const) {
    const { acquisition } = detector();
    Object.assign(acquisition.parameters, { frames: 0, trigger });
    await acquisition.prepare();
    acquisition.start();
    await acquisition.stop();
    expect(acquisition.status).toBe("Ready");
  }
});

test("what cannot be prepared is refused and leaves the detector Ready", async () => {
  const { acquisition } = detector();
  // As after a change of camera.
  Object.assign(acquisition.parameters, { trigger: "ANOTHER_CAMERAS" });
  await expect(acquisition.prepare()).rejects.toThrow("Trigger mode: ANOTHER_CAMERAS not available");
  expect(acquisition.status).toBe("Ready");
  expect(() => acquisition.start()).toThrow("Run prepareAcq");
});
