// SPDX-License-Identifier: MIT
// What happens to one frame between the camera and its readers: image operations, then the tasks of the plugins in order.
import { beamOf, closerBeam, highestPixel } from "../beam.ts";
import { applyMask, divide, subtract } from "../corrections.ts";
import { type Frame, imageTypeOf, type Pixels, pixelKinds, shared } from "../frame.ts";
import { applyOperations, type ImageOperations } from "../image-operations.ts";
import { jpegOf, type PictureStyle } from "../picture.ts";
import { profile } from "../roi-profile.ts";
import { roiStatistics } from "../roi-statistics.ts";
import type { Task, TaskKind, TaskResults, TimedPicture } from "./tasks.ts";

export interface Job {
  /** As the camera gave it; its pixels are not changed. */
  readonly frame: Frame;
  readonly operations: ImageOperations;
  readonly tasks: readonly Task[];
  /** Memory for the final pixels, of their size in bytes; they go there only when they differ from the camera's. */
  readonly into: Uint8Array;
  /** Memory of the same size for the pixels before corrections. Absent: nobody wants them. */
  readonly base?: Uint8Array | undefined;
}
export interface Processed {
  readonly frame: Frame;
  /** The frame before corrections; undefined when nothing was corrected, or `base` was absent. */
  readonly base: Frame | undefined;
  /** One a task. */
  readonly results: readonly unknown[];
}

/** @throws Error when a task cannot work on such a frame. */
export function processFrame(job: Job): Processed {
  const place = new Place(job);
  const results = job.tasks.map((task) => (steps[task.do] as Step<TaskKind>)(place, task));
  return { frame: place.final(), base: place.base, results };
}

/** A frame on its way: its pixels are the camera's until something changes them. */
class Place {
  readonly #raw: Pixels;
  readonly #into: Uint8Array;
  readonly #baseMemory: Uint8Array | undefined;
  #frame: Frame;
  #base: Frame | undefined;

  constructor({ frame, operations, into, base }: Job) {
    this.#raw = frame.pixels;
    this.#into = into;
    this.#baseMemory = base;
    this.#frame = applyOperations(frame, operations);
  }
  get frame(): Frame {
    return this.#frame;
  }
  get base(): Frame | undefined {
    return this.#base;
  }
  /** Gives the pixels and the place for the changed ones, which are the frame's from now on. */
  change(fits: readonly ArrayLike<number>[], write: (pixels: Pixels, out: Pixels) => void): undefined {
    const { pixels } = this.#frame;
    for (const { length } of fits)
      if (length !== pixels.length) throw new Error(`an image of ${length} pixels for frames of ${pixels.length}`);
    if (this.#baseMemory) this.#base ??= this.#keptIn(this.#baseMemory);
    const out = this.#out(pixels);
    write(pixels, out);
    this.#frame = { ...this.#frame, pixels: out };
  }
  #keptIn(memory: Uint8Array): Frame {
    const { pixels } = this.#frame;
    if (pixels === this.#raw) return this.#frame;
    const kept = viewOf(memory, pixels);
    kept.set(pixels);
    return { ...this.#frame, pixels: kept };
  }
  final(): Frame {
    const { pixels } = this.#frame;
    if (pixels === this.#raw || pixels.buffer === this.#into.buffer) return this.#frame;
    const out = this.#out(pixels);
    out.set(pixels);
    return { ...this.#frame, pixels: out };
  }
  #out(pixels: Pixels): Pixels {
    return viewOf(this.#into, pixels);
  }
}

/** `memory` as pixels of the same kind and number. */
const viewOf = (memory: Uint8Array, like: Pixels): Pixels =>
  pixelKinds[imageTypeOf(like)].view(memory.buffer, memory.byteOffset, like.length);

type Step<Kind extends TaskKind> = (place: Place, task: Task<Kind>) => TaskResults[Kind];

const steps: { readonly [Kind in TaskKind]: Step<Kind> } = {
  subtract: (place, { image, offset }) => place.change([image], (pixels, out) => subtract(pixels, image, offset, out)),
  divide: (place, { flat }) => place.change([flat], (pixels, out) => divide(pixels, flat, out)),
  mask: (place, { mask, fill }) => place.change([mask], (pixels, out) => applyMask(pixels, mask, fill, out)),
  statistics: ({ frame }, { regions, mask }) => regions.map((roi) => roiStatistics(frame, roi, mask)),
  profiles: ({ frame }, { regions, mask }) => regions.map((region) => profile(frame, region, mask)),
  beam: ({ frame }, { background, closer, style }) => {
    const beam = beamOf(withoutBackground(frame, background));
    const picture = style && timedPicture(frame, style);
    return { ...(closer ? closerBeam(withoutBackground(frame, background), beam) : beam), picture };
  },
  peak: ({ frame }, { radius, mask }) => highestPixel(frame, radius, mask),
  picture: ({ frame }, { style }) => timedPicture(frame, style),
  copy: ({ frame: { pixels } }) => shared(pixels.slice()),
};

function timedPicture(frame: Frame, style: PictureStyle): TimedPicture {
  const start = performance.now();
  const jpeg = jpegOf(frame, style);
  return { jpeg, took: performance.now() - start };
}

function withoutBackground(frame: Frame, background: Pixels | undefined): Frame {
  const { pixels } = frame;
  if (background?.length !== pixels.length) return frame;
  const clean = pixelKinds[imageTypeOf(pixels)].create(pixels.length);
  subtract(pixels, background, 0, clean);
  return { ...frame, pixels: clean };
}
