// SPDX-License-Identifier: MIT
// What is done to frames, in this thread and in others: the same; and the ring that keeps them.
import { describe, expect, test } from "vitest";
import { accumulated } from "../../../servers/lima/accumulation.ts";
import { bytesOf, type Frame, type ImageType, pixelKinds, sharedPixels } from "../../../servers/lima/frame.ts";
import { noOperations } from "../../../servers/lima/image-operations.ts";
import {
  type AcquisitionParameters,
  defaultAccumulation,
  defaultParameters,
} from "../../../servers/lima/parameters.ts";
import { processingPool } from "../../../servers/lima/pipeline/pool.ts";
import { type Job, processFrame } from "../../../servers/lima/pipeline/process.ts";
import type { Task } from "../../../servers/lima/pipeline/tasks.ts";
import { FrameRing, RingOverrun } from "../../../servers/lima/ring.ts";
import { SaturationCounter } from "../../../servers/lima/saturation.ts";

function jobOf(width: number, height: number, type: ImageType, tasks: readonly Task[], shared: boolean): Job {
  const length = width * height;
  const pixels = shared ? sharedPixels(type, length) : pixelKinds[type].create(length);
  for (let i = 0; i < length; i++) pixels[i] = (i * 31) % 1000;
  const into = new Uint8Array(new SharedArrayBuffer(pixels.byteLength));
  return { frame: { index: 3, width, height, pixels, time: 0.5 }, operations: noOperations, tasks, into };
}
const filled = (type: ImageType, length: number, value: number) => sharedPixels(type, length).fill(value);
const maskOf = (length: number) =>
  new Uint8Array(new SharedArrayBuffer(length)).map((_, i) => (i % 7 === 0 ? 0 : 1)) as Uint8Array;

/** Corrections, then each reduction. */
const chain = (length: number): readonly Task[] => [
  { do: "subtract", image: filled("Bpp16", length, 10), offset: 2 },
  { do: "divide", flat: filled("Bpp32F", length, 1.5) },
  { do: "mask", mask: maskOf(length), fill: undefined },
  {
    ...{ do: "statistics", ids: [4], mask: undefined },
    regions: [{ kind: "rectangle", x: 2, y: 1, width: 9, height: 5 }],
  },
  {
    ...{ do: "profiles", ids: [0], mask: maskOf(length) },
    regions: [{ x: 1, y: 1, width: 6, height: 4, mode: "COLUMN_SUM" }],
  },
  { do: "beam", background: undefined, closer: true, style: undefined },
  { do: "peak", radius: 3, mask: undefined },
  { do: "picture", style: { range: undefined, levels: "LOG", coloured: true, quality: 60 } },
];

test.each(["Bpp16", "Bpp32S", "Bpp32F"] as const)("threads give what this one gives: %s", async (type) => {
  await using pool = processingPool(2);
  const [width, height] = [300, 256];
  for (const shared of [true, false]) {
    const here = processFrame(jobOf(width, height, type, chain(width * height), shared));
    const there = await pool.process(jobOf(width, height, type, chain(width * height), shared));
    const timeless = ({ results }: typeof here) =>
      results.map((each) => JSON.stringify(each)?.replace(/"took":[^,}]+/, ""));
    expect(timeless(there)).toEqual(timeless(here));
    expect(Buffer.compare(bytesOf(there.frame.pixels), bytesOf(here.frame.pixels))).toBe(0);
    expect(there.frame.pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
  }
});

test("corrections leave the camera's pixels alone and saturate at the limits of the type", () => {
  const job = jobOf(4, 1, "Bpp8", [{ do: "subtract", image: filled("Bpp8", 4, 0), offset: 200 }], true);
  job.frame.pixels.set([0, 55, 56, 255]);
  const { frame } = processFrame(job);
  expect([...frame.pixels]).toEqual([200, 255, 255, 255]);
  expect([...job.frame.pixels]).toEqual([0, 55, 56, 255]);
  const down = jobOf(2, 1, "Bpp16S", [{ do: "subtract", image: filled("Bpp16S", 2, 32767), offset: -10 }], true);
  down.frame.pixels.set([-5, 32767]);
  expect([...processFrame(down).frame.pixels]).toEqual([-32767, -10]);
});

test("exposures are added up in a thread as here: filters, the mean, saturation", async () => {
  await using pool = processingPool(1);
  for (const [width, height] of [
    [8, 4],
    [300, 256],
  ] as const) {
    const { pixels } = jobOf(width, height, "Bpp16", [], false).frame;
    const saturation = { active: true, threshold: 900, mask: maskOf(pixels.length) };
    const accumulation = { ...defaultAccumulation, filter: "FILTER_OFFSET_THEN_THRESHOLD_MIN", offset: 100 } as const;
    const parameters: AcquisitionParameters = {
      ...defaultParameters(),
      mode: "ACCUMULATION",
      accumulation: { ...accumulation, threshold: 50, operation: "ACC_MEAN", type: "Bpp16", saturation },
    };
    const frames = async function* (): AsyncIterable<Frame> {
      for (let index = 0; index < 6; index++) yield { index, width, height, pixels: pixels.slice(), time: index };
    };
    const counter = new SaturationCounter(saturation);
    const images: Frame[] = [];
    const options = { parameters, count: 3, pool, saturation: counter };
    for await (const image of accumulated(frames(), options)) images.push(image);
    expect(images.map(({ index, time }) => [index, time])).toEqual([
      [0, 0],
      [1, 3],
    ]);
    const wanted = pixels.map((value) => (value - 100 > 50 ? value - 100 : 0));
    for (const image of images) expect(Buffer.compare(bytesOf(image.pixels), bytesOf(wanted))).toBe(0);
    const saturated = [...pixels].filter((value, i) => value > 900 && saturation.mask[i] !== 0).length;
    expect([...counter.sumCounter(0)]).toEqual([3, ...new Array(6).fill(saturated)]);
    expect(Math.max(...counter.imageCounter(1))).toBe(saturated > 0 ? 3 : 0);
  }
});

test("a frame that nothing changes is the camera's own, not a copy", async () => {
  await using pool = processingPool(1);
  const statistics: Task = { do: "statistics", regions: [], ids: [], mask: undefined };
  const job = jobOf(300, 256, "Bpp16", [statistics], true);
  const { frame } = await pool.process(job);
  job.frame.pixels[5] = 4321;
  expect(frame.pixels[5]).toBe(4321);
});

test.each([
  ["in this thread", 8, 4],
  ["in another", 300, 256],
])("the frame before corrections is kept where it is wanted, binned and turned: %s", async (_, width, height) => {
  await using pool = processingPool(1);
  const length = width * height;
  for (const [shared, rotation] of [
    [true, "NONE"],
    [false, "NONE"],
    [true, "180"],
    [false, "180"],
  ] as const) {
    const subtract: Task = { do: "subtract", image: filled("Bpp16", length, 1), offset: 5 };
    const job = jobOf(width, height, "Bpp16", [subtract], shared);
    const base = new Uint8Array(new SharedArrayBuffer(2 * length));
    const before = [...job.frame.pixels];
    const processed = await pool.process({ ...job, operations: { ...noOperations, rotation }, base });
    const wanted = rotation === "180" ? before.toReversed() : before;
    expect([...(processed.base?.pixels ?? [])]).toEqual(wanted);
    expect([...processed.frame.pixels]).toEqual(wanted.map((value) => value + 4));
  }
  const { base } = await pool.process({ ...jobOf(width, height, "Bpp16", [{ do: "copy" }], true) });
  expect(base).toBeUndefined();
});

test("a task that does not fit says so, and the thread goes on", async () => {
  await using pool = processingPool(1);
  const wrong: Task = { do: "mask", mask: new Uint8Array(new SharedArrayBuffer(3)), fill: undefined };
  await expect(pool.process(jobOf(300, 256, "Bpp16", [wrong], true))).rejects.toThrow(
    "an image of 3 pixels for frames",
  );
  await pool.process(jobOf(300, 256, "Bpp16", [{ do: "copy" }], true));
});

describe("the ring", () => {
  const frame = (index: number): Frame => ({ index, width: 1, height: 1, pixels: new Uint8Array(1), time: 0 });
  const put = (ring: FrameRing, index: number) => {
    ring.claim(index);
    ring.put(frame(index));
  };

  test("keeps its capacity; frames on their way have places of their own", () => {
    const ring = new FrameRing({ capacity: 3, spare: 2, bytes: 8, block: 1 });
    for (let i = 0; i < 5; i++) put(ring, i);
    expect(ring.frame(2, 4).index).toBe(2);
    expect(() => ring.frame(1, 4)).toThrow("Frame no more available");
    ring.claim(5);
    ring.claim(6);
    expect(ring.frame(-1, 4).index).toBe(4);
    expect(ring.frame(2, 4).index).toBe(2);
    expect(() => ring.frame(5, 4)).toThrow("Frame not available yet");
  });

  test("has no place for a frame where one waits to be saved", () => {
    const ring = new FrameRing({ capacity: 2, spare: 0, bytes: 8, block: 1 });
    put(ring, 0);
    ring.hold(frame(0));
    put(ring, 1);
    expect(() => ring.claim(2)).toThrow(RingOverrun);
    ring.letGo(frame(0));
    ring.claim(2);
  });

  test("does not write where somebody outside still reads", () => {
    for (const block of [1, 2]) {
      const ring = new FrameRing({ capacity: 2, spare: 0, bytes: 8, block });
      const claimed = [ring.claim(0), ring.claim(1)];
      for (const index of [0, 1]) ring.put(frame(index));
      ring.lend(0, 1);
      const [first, second] = [ring.claim(2), ring.claim(3)];
      expect([first.buffer === claimed[0]?.buffer, second]).toEqual([false, claimed[1]]);
      ring.put(frame(2));
      expect(ring.claim(4)).toBe(first);
    }
  });

  test("gives the same memory again; in blocks when frames are concatenated", () => {
    const ring = new FrameRing({ capacity: 4, spare: 0, bytes: 8, block: 2 });
    const places = [0, 1, 2, 3, 4].map((index) => ring.claim(index));
    expect(places[1]?.buffer).toBe(places[0]?.buffer);
    expect(places[1]?.byteOffset).toBe(8);
    expect(places[2]?.buffer).not.toBe(places[0]?.buffer);
    expect(places[4]?.buffer).toBe(places[0]?.buffer);
  });
});
