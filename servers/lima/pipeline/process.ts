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
}
export interface Processed {
  readonly frame: Frame;
  /** One a task. */
  readonly results: readonly unknown[];
}

/** @throws Error when a task cannot work on such a frame. */
export function processFrame({ frame, operations, tasks, into }: Job): Processed {
  const place = new Place(applyOperations(frame, operations), frame.pixels, into);
  const results = tasks.map((task) => (steps[task.do] as Step<TaskKind>)(place, task));
  return { frame: place.final(), results };
}

/** A frame on its way: its pixels are the camera's until something changes them. */
class Place {
  #frame: Frame;
  readonly #raw: Pixels;
  readonly #into: Uint8Array;

  constructor(frame: Frame, raw: Pixels, into: Uint8Array) {
    this.#frame = frame;
    this.#raw = raw;
    this.#into = into;
  }
  get frame(): Frame {
    return this.#frame;
  }
  /** Gives the pixels and the place for the changed ones, which are the frame's from now on. */
  change(fits: readonly ArrayLike<number>[], write: (pixels: Pixels, out: Pixels) => void): undefined {
    const { pixels } = this.#frame;
    for (const { length } of fits)
      if (length !== pixels.length) throw new Error(`an image of ${length} pixels for frames of ${pixels.length}`);
    const out = this.#out(pixels);
    write(pixels, out);
    this.#frame = { ...this.#frame, pixels: out };
  }
  final(): Frame {
    const { pixels } = this.#frame;
    if (pixels === this.#raw || pixels.buffer === this.#into.buffer) return this.#frame;
    const out = this.#out(pixels);
    out.set(pixels);
    return { ...this.#frame, pixels: out };
  }
  #out(pixels: Pixels): Pixels {
    return pixelKinds[imageTypeOf(pixels)].view(this.#into.buffer, this.#into.byteOffset, pixels.length);
  }
}

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
