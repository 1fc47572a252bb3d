// SPDX-License-Identifier: MIT
// Processes frames in threads; small ones at once, since the way to a thread would take longer than the work.
import { extname } from "node:path";
import { bytesOf, type Frame, imageTypeOf, type Pixels, pixelKinds } from "../frame.ts";
import { changesNothing } from "../image-operations.ts";
import { Thread } from "../threads/thread.ts";
import { type Job, type Processed, processFrame } from "./process.ts";
import { addExposure, type Exposure, imageOfSum, type Sum } from "./sums.ts";
import type { Work } from "./work.ts";

/** Bytes from which a frame is worth a message to a thread and back (some 0.1 ms). */
const worthwhile = 1 << 17;

/** Adds the exposures of one image up; to be asked for one thing after the other. */
export interface Adder {
  /** Resolves with the number of saturated pixels. */
  add(exposure: Exposure): Promise<number>;
  image(sum: Sum): Promise<Pixels>;
}

export interface ProcessingPool extends AsyncDisposable {
  /** Frames that can be processed at the same time. */
  readonly threads: number;
  /** Resolves with the frame and what each task gave. `into` has to be shared memory. @throws Error saying what a task lacks. */
  process(job: Job): Promise<Processed>;
  /** For one image of exposures of so many bytes; images may be added up at the same time. */
  adder(bytes: number): Adder;
}

export function processingPool(threads: number): ProcessingPool {
  const file = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
  const all = Array.from({ length: threads }, () => new Thread<Work>(file));
  const leastBusy = () => all.reduce((best, thread) => (thread.waiting < best.waiting ? thread : best));
  return {
    threads,
    process: async (job) => {
      const { frame, tasks, operations } = job;
      const nothing = tasks.length === 0 && changesNothing(operations);
      if (nothing || frame.pixels.byteLength < worthwhile) return processFrame(job);
      const shared = { ...job, frame: inSharedMemory(frame, job.base ?? job.into) };
      return leastBusy().ask<Processed>({ do: "process", job: shared });
    },
    adder: (bytes) => (bytes < worthwhile ? adderHere : adderIn(leastBusy())),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(all.map((thread) => thread[Symbol.asyncDispose]()));
    },
  };
}

const adderHere: Adder = {
  add: async (exposure) => addExposure(exposure),
  image: async (sum) => imageOfSum(sum),
};
const adderIn = (thread: Thread<Work>): Adder => ({
  add: (exposure) => thread.ask({ do: "add", exposure }),
  image: (sum) => thread.ask({ do: "image", sum }),
});

/** Frames of cameras that have memory of their own are copied once: to where a result goes when that is as large. */
function inSharedMemory(frame: Frame, into: Uint8Array): Frame {
  const { pixels } = frame;
  if (pixels.buffer instanceof SharedArrayBuffer) return frame;
  const fits = into.byteLength === pixels.byteLength;
  const place = fits ? into : new Uint8Array(new SharedArrayBuffer(pixels.byteLength));
  place.set(bytesOf(pixels));
  return { ...frame, pixels: pixelKinds[imageTypeOf(pixels)].view(place.buffer, place.byteOffset, pixels.length) };
}
