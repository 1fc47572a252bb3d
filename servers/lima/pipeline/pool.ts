// SPDX-License-Identifier: MIT
// Processes frames in threads; small ones at once, since the way to a thread would take longer than the work.
import { extname } from "node:path";
import { bytesOf, type Frame, imageTypeOf, pixelKinds } from "../frame.ts";
import { changesNothing } from "../image-operations.ts";
import { Thread } from "../threads/thread.ts";
import { type Job, type Processed, processFrame } from "./process.ts";

/** Bytes from which a frame is worth a message to a thread and back (some 0.1 ms). */
const worthwhile = 1 << 17;

export interface ProcessingPool extends AsyncDisposable {
  /** Frames that can be processed at the same time. */
  readonly threads: number;
  /** Resolves with the frame and what each task gave. `into` has to be shared memory. @throws Error saying what a task lacks. */
  process(job: Job): Promise<Processed>;
}

export function processingPool(threads: number): ProcessingPool {
  const file = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
  const all = Array.from({ length: threads }, () => new Thread<Job>(file));
  const leastBusy = () => all.reduce((best, thread) => (thread.waiting < best.waiting ? thread : best));
  return {
    threads,
    process: async (job) => {
      const { frame, tasks, operations } = job;
      const nothing = tasks.length === 0 && changesNothing(operations);
      if (nothing || frame.pixels.byteLength < worthwhile) return processFrame(job);
      return leastBusy().ask<Processed>({ ...job, frame: inSharedMemory(frame, job.base ?? job.into) });
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(all.map((thread) => thread[Symbol.asyncDispose]()));
    },
  };
}

/** Frames of cameras that have memory of their own are copied once: to where a result goes when that is as large. */
function inSharedMemory(frame: Frame, into: Uint8Array): Frame {
  const { pixels } = frame;
  if (pixels.buffer instanceof SharedArrayBuffer) return frame;
  const fits = into.byteLength === pixels.byteLength;
  const place = fits ? into : new Uint8Array(new SharedArrayBuffer(pixels.byteLength));
  place.set(bytesOf(pixels));
  return { ...frame, pixels: pixelKinds[imageTypeOf(pixels)].view(place.buffer, place.byteOffset, pixels.length) };
}
