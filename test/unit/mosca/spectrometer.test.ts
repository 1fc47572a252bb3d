// SPDX-License-Identifier: MIT
// Acquisitions: numbering, resume, stop, discard, faults; what is refused in which state; random sequences of commands.
import { expect, test } from "vitest";
import { readRois, readSpectra } from "../../../servers/mosca/reading.ts";
import { parseRoi } from "../../../servers/mosca/rois.ts";
import { random } from "../../../servers/mosca/simulator/random.ts";
import { Spectrometer } from "../../../servers/mosca/spectrometer.ts";
import { HandDetector } from "./detector.ts";

function set(points = 3) {
  const spectrometer = new Spectrometer();
  const detector = new HandDetector();
  spectrometer.attach(detector);
  spectrometer.set({ points });
  return { spectrometer, detector };
}
const counts = ({ recording }: Spectrometer) => [recording?.triggered, recording?.read, recording?.available];
const firsts = (spectrometer: Spectrometer) => [...readSpectra(spectrometer, [])].filter((_, at) => at % 16 === 0);

test("points are numbered from 0 at prepare and go on at resume; statuses are told", async () => {
  const { spectrometer, detector } = set();
  const told: string[] = [];
  spectrometer.listen((status) => told.push(status));
  const id = await spectrometer.prepare();
  expect(await spectrometer.start()).toBe(id);
  expect(spectrometer.status).toBe("RUNNING");
  await detector.give(2);
  expect(counts(spectrometer)).toEqual([2, 2, 2]);
  await detector.give(1);
  await spectrometer.stop();
  expect(spectrometer.status).toBe("READY");
  await spectrometer.resume();
  await detector.give(1);
  await spectrometer.stop();
  expect(counts(spectrometer)).toEqual([4, 4, 4]);
  expect(firsts(spectrometer)).toEqual([0, 10, 20, 0, 2000, 2010, 2020, 2000, 5000, 5010, 5020, 5000]);
  expect(spectrometer.recording?.starts).toBe(2);
  expect(await spectrometer.prepare()).toBeGreaterThan(id);
  expect(counts(spectrometer)).toEqual([0, 0, 0]);
  expect(told.filter((status, at) => status !== told[at - 1])).toEqual([
    "READY",
    "RUNNING",
    "READY",
    "RUNNING",
    "READY",
  ]);
});

test("FIRST leaves the first point of an acquisition out, also of blocks of one point; a resume leaves none out", async () => {
  for (const blocks of [[1, 1, 1], [3]]) {
    const { spectrometer, detector } = set();
    spectrometer.set({ discard: "FIRST" });
    await spectrometer.prepare();
    await spectrometer.start();
    for (const block of blocks) await detector.give(block);
    await spectrometer.stop();
    expect(counts(spectrometer)).toEqual([2, 2, 2]);
    expect(firsts(spectrometer)).toEqual([10, 20, 2010, 2020, 5010, 5020]);
    await spectrometer.resume();
    await detector.give(3);
    await spectrometer.stop();
    expect(counts(spectrometer)).toEqual([5, 5, 5]);
  }
});

test("what is asked for while it runs is refused and harms nothing", async () => {
  const { spectrometer, detector } = set();
  await spectrometer.prepare();
  await spectrometer.start();
  await detector.give(1);
  const refused = [
    () => spectrometer.apply(),
    () => spectrometer.start(),
    () => spectrometer.resume(),
    () => spectrometer.set({ points: 5 }),
    () => spectrometer.enable([0], false),
    () => void (spectrometer.rois = [parseRoi(["a", "1", "2"], false)]),
    () => void (spectrometer.rois = []),
  ];
  for (const ask of refused) await expect(async () => ask()).rejects.toThrow(/RuntimeError/);
  await expect(spectrometer.prepare()).rejects.toThrow("Can't call prepare_acq while MCA state is RUNNING.");
  await detector.give(2);
  await spectrometer.stop();
  expect(counts(spectrometer)).toEqual([3, 3, 3]);
});

test("without prepare, after apply, and a second time, start is refused", async () => {
  const { spectrometer } = set();
  const without = "Can't start an acquisition without calling prepare first.";
  await expect(spectrometer.start()).rejects.toThrow(without);
  await expect(spectrometer.resume()).rejects.toThrow(without);
  await spectrometer.prepare();
  spectrometer.apply();
  await expect(spectrometer.start()).rejects.toThrow(without);
  await spectrometer.prepare();
  await spectrometer.start();
  await spectrometer.stop();
  await expect(spectrometer.start()).rejects.toThrow("call prepare_acq first, or resume_acq");
});

test.each([
  [{ blockSize: 0 }, "block_size must be >= 1 (was: 0)"],
  [{ points: 0 }, "acq_nb_points must be >= 1 (was: 0)"],
  [{ realtime: 0 }, "acq_realtime <= 0"],
  [{ points: 1001 }, "no more than 1000 points"],
  [{ points: 1, discard: "FIRST" }, "leaves nothing"],
] as const)("%j is refused at apply and prepare, not when it is written", async (change, message) => {
  const { spectrometer } = set();
  spectrometer.set(change);
  expect(() => spectrometer.apply()).toThrow(message);
  await expect(spectrometer.prepare()).rejects.toThrow(message);
});

test("no enabled detector is refused; unknown ids are ignored", async () => {
  const { spectrometer } = set();
  spectrometer.enable([42], false);
  expect(spectrometer.enabled).toEqual([0, 2, 5]);
  spectrometer.enable([0, 2, 5], false);
  await expect(spectrometer.prepare()).rejects.toThrow("No detector is enabled");
});

test("a detector that fails in the middle is a FAULT that says why; what came before can be read", async () => {
  const { spectrometer, detector } = set();
  await spectrometer.prepare();
  await spectrometer.start();
  await detector.give(1);
  await detector.give(new Error("cable pulled"));
  await spectrometer.stop();
  expect([spectrometer.status, spectrometer.trouble]).toEqual(["FAULT", "cable pulled"]);
  expect(counts(spectrometer)).toEqual([1, 1, 1]);
  await expect(spectrometer.resume()).rejects.toThrow("cable pulled");
  await spectrometer.prepare();
  expect(spectrometer.status).toBe("READY");
});

test("a detector that gives more than was asked for is a FAULT; no count is ever above", async () => {
  const { spectrometer, detector } = set();
  await spectrometer.prepare();
  await spectrometer.start();
  await detector.give(5);
  await spectrometer.stop();
  expect(spectrometer.trouble).toBe("the detector gave more than the 3 points asked for");
  expect(counts(spectrometer)).toEqual([3, 0, 0]);
});

test("start resolves when the hardware is armed; one that cannot be armed is a FAULT", async () => {
  const { spectrometer, detector } = set(1);
  const { promise, resolve } = Promise.withResolvers<void>();
  detector.arm = () => promise;
  await spectrometer.prepare();
  let started = false;
  const starting = spectrometer.start().then(() => (started = true));
  await detector.give(1);
  expect([spectrometer.status, started]).toEqual(["RUNNING", false]);
  resolve();
  await starting;
  await detector.give(1);
  await spectrometer.stop();
  expect(counts(spectrometer)).toEqual([1, 1, 1]);
  detector.arm = () => Promise.reject(new Error("no answer"));
  await spectrometer.prepare();
  await spectrometer.start();
  await spectrometer.stop();
  expect([spectrometer.status, spectrometer.trouble]).toEqual(["FAULT", "no answer"]);
});

test("ROIs that change after the first point are known again from the next prepare on", async () => {
  const { spectrometer, detector } = set(1);
  await spectrometer.prepare();
  await spectrometer.start();
  await detector.give(1);
  await spectrometer.stop();
  spectrometer.rois = [parseRoi(["a", "0", "1"], false)];
  expect(counts(spectrometer)).toEqual([1, 1, 0]);
  expect(() => readRois(spectrometer, [])).toThrow("Buffer contains no point yet.");
  spectrometer.rois = [];
  expect(counts(spectrometer)).toEqual([1, 1, 1]);
  spectrometer.rois = [parseRoi(["a", "0", "1"], false)];
  await spectrometer.prepare();
  await spectrometer.start();
  await detector.give(1);
  await spectrometer.stop();
  expect([...readRois(spectrometer, [])]).toEqual([1n, 4001n, 10001n]);
});

test("a detector that is detached stops, and everything is refused until another comes", async () => {
  const spectrometer = new Spectrometer();
  const attached = spectrometer.attach(new HandDetector());
  await spectrometer.prepare();
  await spectrometer.start();
  await attached[Symbol.asyncDispose]();
  expect(spectrometer.status).toBe("UNINITIALIZED");
  await expect(spectrometer.prepare()).rejects.toThrow("No hardware device is open in this server.");
  spectrometer.names.controller = "a/hand/1";
  expect(spectrometer.trouble).toBe("The hardware device a/hand/1 is not open: its Status says why.");
  spectrometer.attach(new HandDetector());
  expect(spectrometer.status).toBe("READY");
});

test("10,000 random commands: every answer is prompt, counts never exceed what was asked, it ends READY", async () => {
  const next = random(20_26);
  const { spectrometer, detector } = set();
  let faults = 0;
  const pick = (most: number) => Math.floor(next() * most);
  const commands: (() => unknown)[] = [
    () => spectrometer.set({ points: 1 + pick(6), discard: pick(2) ? "NONE" : "FIRST" }),
    () => spectrometer.set({ blockSize: pick(3), realtime: pick(3) - 1 }),
    () => spectrometer.set({ blockSize: 1, realtime: 1 }),
    () => spectrometer.apply(),
    () => spectrometer.prepare(),
    () => spectrometer.start(),
    () => spectrometer.resume(),
    () => spectrometer.stop(),
    () => detector.give(1 + pick(3)),
    () => detector.give(new Error("fault")),
    () => spectrometer.enable([pick(6)], pick(3) > 0),
    () => void (spectrometer.rois = pick(2) ? [] : [parseRoi(["r", "1", "9"], pick(2) === 0)]),
    () => readSpectra(spectrometer, [BigInt(pick(9) - 4)]),
    () => readRois(spectrometer, []),
  ];
  let refusals = 0;
  for (let turn = 0; turn < 10_000; turn++) {
    try {
      await commands[pick(commands.length)]?.();
    } catch {
      refusals++;
    }
    const { recording, status } = spectrometer;
    if (status === "FAULT") faults++;
    const { triggered = 0, read = 0, available = 0 } = recording ?? {};
    const most = (recording?.acquisition.points ?? 0) * (recording?.starts ?? 0);
    if (triggered > most || read > most || available > read)
      throw new Error(`turn ${turn}: triggered ${triggered}, read ${read}, available ${available} of ${most}`);
  }
  expect(refusals).toBeGreaterThan(1000);
  expect(faults).toBeGreaterThan(10);
  await spectrometer.stop();
  spectrometer.enable([0, 2, 5], true);
  spectrometer.set({ points: 2, blockSize: 1, realtime: 1, discard: "NONE" });
  await spectrometer.prepare();
  expect(spectrometer.status).toBe("READY");
});
