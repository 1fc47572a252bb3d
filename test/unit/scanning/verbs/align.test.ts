// SPDX-License-Identifier: MIT
// fit, goto_fit, align and plot of images, as a person uses them.
import { beforeEach, expect, test } from "vitest";
import { type Beamline, beamline, type Detector, type DetectorCounter, type SamplingCounter, Session, softAxis, softCounters } from "../../../../scanning/index.ts"; // biome-ignore format: one import

let said: string;
let line: Beamline;
const m = softAxis("m", { unit: "mm", decimals: 3, limits: [-100, 100], position: 5 });
let diode: SamplingCounter;
beforeEach(async () => {
  said = "";
  await m.move(5);
  let at = 0;
  const move = m.move;
  const watched = { ...m, move: async (to: number, options = {}) => (at = await move(to, options)) };
  const { diode: d } = softCounters("det", {
    diode: () => 10 + 100 * Math.exp(-4 * Math.LN2 * ((at - 5.25) / 2) ** 2),
  });
  diode = d;
  const screen = { columns: 80, write: (part: string) => (said += part) };
  line = beamline(new Session({ name: "demo", objects: [watched, diode], warn: () => {} }), screen);
});
const axis = () => line.session.axis("m");

test("align goes to the centre of the peak, or where it is told", async () => {
  expect(await line.align(axis(), -4, 4, 40, 0, diode)).toBeCloseTo(5.25, 2);
  expect(await axis().position()).toBeCloseTo(5.25, 2);
  expect(await line.align(axis(), -4, 4, 40, 0, diode, { to: "gaussian" })).toBeCloseTo(5.25, 9);
  expect(await line.align(axis(), -4, 4, 8, 0, diode, { to: "peak" })).toBeCloseTo(5.25, 9);
  await expect(line.align(axis(), -4, 4, 8, 0, diode, { to: "pek" as "peak" })).rejects.toThrow(
    /no place pek.*cen, peak/,
  );
});

test("fit tells its parameters; goto_fit does not leave what was scanned", async () => {
  await line.ascan(axis(), 2, 9, 28, 0, diode);
  said = "";
  expect(line.fit()).toMatchObject({ shape: "gaussian" });
  expect(said).toMatch(
    /^gaussian of det:diode over axis:m, rms .*\n {2}center +5\.250000 +\+- .*\n {2}fwhm +2\.000000/,
  );
  expect(await line.goto_fit()).toBeCloseTo(5.25, 9);
  expect(() => line.fit("gausian" as "gaussian")).toThrow(/no shape gausian; there are gaussian, lorentzian/);
  await line.ascan(axis(), 2, 5, 12, 0, diode);
  await expect(line.goto_fit()).rejects.toThrow(/outside of what was scanned: nothing moves/);
  expect(await axis().position()).toBe(5);
});

test("plot shows an image that stays with the camera, and one that came with the data", async () => {
  const camera = imaging(true);
  line.session.add(camera);
  await line.loopscan(2, 0, camera);
  said = "";
  await line.plot("image");
  expect(said).toBe("cam:image of point 1  2 x 2, 0 to 9\n| @|\n");
  const own = imaging(false);
  line.session.add(own);
  await line.loopscan(1, 0, own);
  said = "";
  await line.plot(own.counters[0]);
  expect(said).toBe("cam:image of point 0  2 x 2, 1 to 4\n|*@|\n");
});

function imaging(stays: boolean): Detector {
  const counters: DetectorCounter[] = [];
  let points = 0;
  const detector: Detector = {
    name: "cam",
    triggers: ["software"],
    counters,
    prepare: async (acquisition) => {
      points = acquisition.points;
      const images = { serverUrl: "tango://h:1/a/b/c", bufferMaxNumber: 4, framesPerAcquisition: 4 };
      return { channels: { image: { dtype: "uint16", shape: [2, 2], ...(stays && { images }) } } };
    },
    trigger: async () => {},
    async *data() {
      for (let first = 0; first < points; first++)
        yield { first, points: 1, values: { image: stays ? { lastIndex: first, lastIndexSaved: -1 } : Uint16Array.of(1, 2, 3, 4) } }; // biome-ignore format: one glance
    },
    stop: async () => {},
    ...(stays && { picture: async (point: number) => ({ values: [0, 0, 0, 8 + point], width: 2, height: 2 }) }),
  };
  counters.push({ kind: "detector", name: "image", detector, dim: 2 });
  return detector;
}

test("the scans of a sequence are shown as they run, then the sequence with their list", async () => {
  const parts = async () => {
    await line.sequence("two", async ({ run, start }) => {
      await run(line.plan.loopscan(1, 0, diode));
      await Promise.all([start(line.plan.loopscan(2, 0, diode)), start(line.plan.ct(0, diode))]);
    });
  };
  await parts();
  const heads = said.split("\n").filter((text) => /^(Scan|ct|Took| {2}\S+ {2}\w)/.test(text)).map((text) => text.replace(/ {2}\(.*| \d+\.\d s/, "")); // biome-ignore format: one glance
  expect(heads).toEqual([
    "Scan 1: two", "Scan 2: loopscan 1 0", "Took", "Scan 3: loopscan 2 0", "Took", "ct 0 1", "Took", "Took",
    "  2  loopscan 1 0  1 point, DONE", "  3  loopscan 2 0  2 points, DONE", "  -  ct 0 1  1 point, DONE",
  ]); // biome-ignore format: a list
});
