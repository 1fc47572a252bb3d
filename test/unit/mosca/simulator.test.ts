// SPDX-License-Identifier: MIT
// The simulated detectors against the physics and statistics they stand for.
import { expect, test } from "vitest";
import { SimulatedDetectors, type SimulatedOptions } from "../../../servers/mosca/simulator/detectors.ts";
import { channelProbabilities, parseContent, sigmaOf } from "../../../servers/mosca/simulator/fluorescence.ts";
import { PhotonSource } from "../../../servers/mosca/simulator/photons.ts";
import type { Preset } from "../../../servers/mosca/simulator/point-source.ts";
import { poisson, random, SpectrumSampler } from "../../../servers/mosca/simulator/random.ts";
import { Signals } from "../../../servers/mosca/simulator/signals.ts";
import { danteValues, xiaStatistics, xiaValues } from "../../../servers/mosca/statistics.ts";
import { simulatedFalconX } from "../../../servers/mosca/xia-family.ts";

interface Wanted extends Partial<Pick<SimulatedOptions, "preset" | "buffers">> {
  readonly detectors: readonly number[];
  readonly rate: number;
  readonly seed: number;
  readonly signals: Signals;
}
/** Detectors that look at iron, 20.48 keV full scale. */
function simulated({ rate, seed, ...options }: Wanted): SimulatedDetectors {
  const photons = new PhotonSource({ sample: { content: { Fe: 1 }, rate }, fullScale: 20_480, seed });
  return new SimulatedDetectors({ ...options, family: simulatedFalconX, photons, about: () => ({}) });
}
const sum = (numbers: ArrayLike<number>) => Array.from(numbers).reduce((all, one) => all + one, 0);

test("the statistics follow from what is counted, as recorded from the original", () => {
  const values = xiaValues({
    realtime: 312500 * 320e-9,
    triggerLivetime: 250000 * 320e-9,
    triggers: 20000,
    events: 18000,
  });
  const recorded = [
    0.10000000149011612, 0.07999999821186066, 0.07199999690055847, 20000, 18000, 250000, 180000, 0.2800000011920929,
  ];
  expect(values).toEqual(recorded);
  expect(xiaStatistics).toHaveLength(values.length);
  expect(xiaValues({ realtime: 0, triggerLivetime: 0, triggers: 0, events: 0 })).toEqual(Array(8).fill(0));
});

test("the iron line is where it belongs, as wide as silicon makes it; escape and pile-up peaks are there", () => {
  const channels = channelProbabilities({ content: { Fe: 1 }, rate: 1e6 }, 4096, 40_960);
  expect(sum(channels)).toBeCloseTo(1, 9);
  const peak = channels.indexOf(Math.max(...channels));
  expect(peak * 10 + 5).toBeCloseTo(6404, -1);
  // 10 eV a channel: half height at 1.177 sigma.
  const half = channels.findIndex((value) => value > (channels[peak] ?? 0) / 2);
  expect((peak - half) * 10).toBeGreaterThan(1.177 * sigmaOf(6404) - 15);
  expect((peak - half) * 10).toBeLessThan(1.177 * sigmaOf(6404) + 15);
  const area = (energy: number) => sum(channels.subarray(energy / 10 - 15, energy / 10 + 15));
  expect(area(6404 - 1740)).toBeGreaterThan(area(6404 - 2400) + 0.002);
  expect(area(2 * 6404)).toBeGreaterThan(0.02);
  const quiet = channelProbabilities({ content: { Fe: 1 }, rate: 1000 }, 4096, 40_960);
  expect(sum(quiet.subarray(1265, 1297))).toBeLessThan(1e-3);
});

test("an element or weight that is none is refused by name", () => {
  expect(parseContent(["Fe", "Pb:0.5"])).toEqual({ Fe: 1, Pb: 0.5 });
  expect(() => parseContent(["Xx"])).toThrow('"Xx" is not known; there are: Si,');
  expect(() => parseContent(["Fe:-1"])).toThrow("weight of Fe:-1");
});

test("counts are Poisson distributed about the shape, by photon and by channel", () => {
  const shape = channelProbabilities({ content: { Cu: 1 }, rate: 1e4 }, 256, 20_480);
  const sampler = new SpectrumSampler(shape);
  for (const mean of [400, 40_000]) {
    const next = random(7);
    const repeats = 200;
    const total = new Float64Array(256);
    const photons: number[] = [];
    for (let turn = 0; turn < repeats; turn++) {
      const spectrum = new Uint32Array(256);
      photons.push(sampler.fill(spectrum, mean, next));
      expect(sum(spectrum)).toBe(photons.at(-1));
      for (let channel = 0; channel < 256; channel++) total[channel] = (total[channel] ?? 0) + (spectrum[channel] ?? 0);
    }
    const average = sum(photons) / repeats;
    const variance = sum(photons.map((count) => (count - average) ** 2)) / (repeats - 1);
    expect(Math.abs(average - mean)).toBeLessThan(4 * Math.sqrt(mean / repeats));
    expect(variance / mean).toBeGreaterThan(0.6);
    expect(variance / mean).toBeLessThan(1.5);
    // Chi square of the summed spectrum against the shape, a channel.
    const expected = shape.map((value) => value * mean * repeats);
    const used = [...expected.keys()].filter((channel) => (expected[channel] ?? 0) > 10);
    const chi = sum(
      used.map((channel) => ((total[channel] ?? 0) - (expected[channel] ?? 0)) ** 2 / (expected[channel] ?? 1)),
    );
    expect(chi / used.length).toBeGreaterThan(0.6);
    expect(chi / used.length).toBeLessThan(1.4);
  }
  expect(poisson(0, random(1))).toBe(0);
});

test("edges: GATE takes two a point, EXT_TRIG one, those before the start and after the end none", async () => {
  const signals = new Signals();
  const detectors = simulated({ detectors: [0, 1], rate: 1e5, seed: 3, signals });
  expect(() => signals.trigger()).toThrow("Acquisition not started.");
  signals.external = true;
  for (const [trigger, edges] of [
    ["GATE", 2],
    ["EXT_TRIG", 1],
  ] as const) {
    const asked = { trigger, gate: "HIGH", points: 3, realtime: 1, blockSize: 2, spectrumSize: 128, detectors: [0, 1] } as const; // biome-ignore format: a list
    expect(detectors.refuse(asked)).toBeUndefined();
    expect(detectors.refuse({ ...asked, gate: "IGNORE" })).toContain("gate mode IGNORE");
    expect(detectors.refuse({ ...asked, trigger: "INT_TRIG_READOUT" })).toContain("acq_nb_points != 1 (was: 3)");
    detectors.prepare();
    let triggered = 0;
    const blocks: number[] = [];
    const run = (async () => {
      const watch = { triggered: (points: number) => void (triggered = points) };
      for await (const block of detectors.acquire(asked, watch, new AbortController().signal))
        blocks.push(block.points);
    })();
    for (let edge = 1; edge <= 3 * edges; edge++) {
      signals.trigger();
      await new Promise((resolve) => setImmediate(resolve));
      expect(triggered).toBe(Math.floor(edge / edges));
    }
    await run;
    expect(blocks).toEqual([2, 1]);
    signals.trigger();
  }
});

test("the same seed gives the same spectra, another gives others", async () => {
  const take = async (seed: number) => {
    const detectors = simulated({ detectors: [0], rate: 1e6, seed, signals: new Signals() });
    const asked = { trigger: "INT_TRIG_READOUT", gate: "IGNORE", points: 1, realtime: 1e-3, blockSize: 1, spectrumSize: 256, detectors: [0] } as const; // biome-ignore format: a list
    detectors.prepare();
    const watch = { triggered: () => {} };
    for await (const block of detectors.acquire(asked, watch, new AbortController().signal)) return block.spectra;
    return undefined;
  };
  expect(await take(1)).toEqual(await take(1));
  expect(await take(1)).not.toEqual(await take(2));
});

test("a free running point ends when it is stopped, and is given; part of a block of others is lost", async () => {
  const signals = new Signals();
  const detectors = simulated({ detectors: [0], rate: 1e6, seed: 5, signals });
  signals.external = true;
  const base = { gate: "HIGH", realtime: 1, spectrumSize: 128, detectors: [0] } as const;
  const free = { ...base, trigger: "FREERUN", gate: "IGNORE", points: 1, blockSize: 1 } as const;
  const blocks = { ...base, trigger: "EXT_TRIG", points: 8, blockSize: 4 } as const;
  for (const [asked, edges, given] of [
    [free, 0, [1]],
    [blocks, 6, [4]],
  ] as const) {
    const stop = new AbortController();
    detectors.prepare();
    const got: number[] = [];
    let events = 0;
    const run = (async () => {
      for await (const block of detectors.acquire(asked, { triggered: () => {} }, stop.signal)) {
        got.push(block.points);
        events += sum(block.spectra);
      }
    })();
    for (let edge = 0; edge <= edges; edge++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (edge < edges) signals.trigger();
    }
    const until = performance.now() + 2;
    while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    await run;
    expect(got).toEqual(given);
    expect(events).toBeGreaterThan(0);
  }
});

const column = (stats: Float64Array, row: number, name: (typeof xiaStatistics)[number]) =>
  stats[row * xiaStatistics.length + xiaStatistics.indexOf(name)] ?? Number.NaN;

test.each<[Preset, Record<string, number>]>([
  [{ kind: "REAL", value: 0.002 }, { realtime: 0.002 }],
  [
    { kind: "LIVE", value: 0.002 },
    { trigger_livetime: 0.002, realtime: 0.0022 },
  ],
  [{ kind: "EVENTS", value: 777 }, { events: 777 }],
  [{ kind: "EVENTS", value: 5000 }, { events: 5000 }],
  [{ kind: "TRIGGERS", value: 777 }, { triggers: 777 }],
])("a point that ends by %j", async (preset, wanted) => {
  const detectors = simulated({ detectors: [0, 3], rate: 1e6, seed: 1, signals: new Signals(), preset: () => preset });
  const asked = { trigger: "INT_TRIG_READOUT", gate: "IGNORE", points: 1, realtime: 99, blockSize: 1, spectrumSize: 256, detectors: [0, 3] } as const; // biome-ignore format: a list
  for await (const { spectra, stats } of detectors.acquire(
    asked,
    { triggered: () => {} },
    new AbortController().signal,
  ))
    for (const row of [0, 1]) {
      for (const [name, value] of Object.entries(wanted))
        expect(column(stats, row, name as "events") / value).toBeCloseTo(1, 3);
      expect(sum(spectra.subarray(row * 256, (row + 1) * 256))).toBe(column(stats, row, "events"));
      expect(column(stats, row, "triggers")).toBeGreaterThanOrEqual(column(stats, row, "events"));
    }
});

test("a number of photons is refused where there are none", () => {
  const preset = () => ({ kind: "EVENTS", value: 5 }) as const;
  const asked = { trigger: "INT_TRIG_READOUT", gate: "IGNORE", points: 1, realtime: 1, blockSize: 1, spectrumSize: 256, detectors: [0] } as const; // biome-ignore format: a list
  expect(simulated({ detectors: [0], rate: 0, seed: 1, signals: new Signals(), preset }).refuse(asked)).toBe(
    "A point of 5 events never ends: there are no photons.",
  );
});

test("triggers faster than blocks are read: an overrun counts what is lost, whole blocks before it are kept", async () => {
  const signals = new Signals();
  const detectors = simulated({ detectors: [0], rate: 1e5, seed: 1, signals, buffers: 2 });
  signals.external = true;
  const asked = { trigger: "EXT_TRIG", gate: "HIGH", points: 100, realtime: 1, blockSize: 2, spectrumSize: 128, detectors: [0] } as const; // biome-ignore format: a list
  let triggered = 0;
  let read = 0;
  let resume = () => {};
  const slow = new Promise<void>((resolve) => (resume = resolve));
  const run = (async () => {
    for await (const { points } of detectors.acquire(
      asked,
      { triggered: (points) => void (triggered = points) },
      new AbortController().signal,
    )) {
      read += points;
      if (read === 2) await slow;
    }
  })();
  for (let edge = 0; edge < 2; edge++) signals.trigger();
  while (read < 2) await new Promise((resolve) => setImmediate(resolve));
  for (let edge = 0; edge < 5; edge++) signals.trigger();
  resume();
  await expect(run).rejects.toThrow("buffer overrun: 5 points were not read, the hardware keeps 4");
  expect([triggered, read]).toEqual([7, 2]);
});

test("the DANTE's statistics are those of the XIA, fewer", () => {
  const counted = { realtime: 0.1, triggerLivetime: 0.08, triggers: 20_000, events: 18_000 };
  expect(danteValues(counted)).toEqual([0.1, 0.08, 250_000, 180_000].map(Math.fround));
});

test("what would be divided by zero is 0", () => {
  expect(xiaValues({ realtime: 0, triggerLivetime: 0, triggers: 0, events: 0 })).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(xiaValues({ realtime: 1, triggerLivetime: 1, triggers: 0, events: 5 })).toEqual([1, 1, 0, 0, 5, 0, 5, 0]);
});
