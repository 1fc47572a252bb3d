// SPDX-License-Identifier: MIT
// Mode ACCUMULATION: an image made of several exposures, so that none of them saturates the detector.
import { type Frame, type Pixels, pixelKinds, shared } from "./frame.ts";
import type { AcquisitionParameters } from "./parameters.ts";
import type { Adder, ProcessingPool } from "./pipeline/pool.ts";
import type { SaturatedImage, SaturationCounter } from "./saturation.ts";

/** How one image is exposed. Seconds. */
export interface SubFrames {
  readonly count: number;
  readonly exposure: number;
  /** Between the exposures of one image. */
  readonly dead: number;
  /** Sum of the exposures. */
  readonly live: number;
}

/** The exposures of one image; `latency` is the shortest time between two. */
export function subFrames({ mode, exposure, accumulation }: AcquisitionParameters, latency: number): SubFrames {
  if (mode !== "ACCUMULATION") return { count: 1, exposure, dead: 0, live: exposure };
  const { maxExposure, time } = accumulation;
  if (time === "LIVE") {
    const whole = Math.trunc(exposure / maxExposure);
    const count = exposure - whole * maxExposure > 1e-6 ? whole + 1 : Math.max(1, whole);
    return { count, exposure: exposure / count, dead: (count - 1) * latency, live: exposure };
  }
  const count = Math.trunc(exposure / (maxExposure + latency)) + 1;
  const dead = (count - 1) * latency;
  return { count, exposure: (exposure - dead) / count, dead, live: exposure - dead };
}

/** Makes images of several exposures. `saturation` is told of each. */
export interface AccumulationOptions {
  readonly parameters: AcquisitionParameters;
  /** Exposures of an image. */
  readonly count: number;
  readonly pool: Pick<ProcessingPool, "adder">;
  readonly saturation: SaturationCounter;
}

/** Images of `count` frames each; the frames themselves in the other modes. An image that is not complete is not given. */
export async function* accumulated(frames: AsyncIterable<Frame>, options: AccumulationOptions): AsyncIterable<Frame> {
  if (options.parameters.mode !== "ACCUMULATION") {
    yield* frames;
    return;
  }
  let image: GrowingImage | undefined;
  let index = 0;
  for await (const frame of frames) {
    image ??= new GrowingImage(frame, options);
    await image.add(frame.pixels);
    if ((frame.index + 1) % options.count !== 0) continue;
    yield await image.finish(index++);
    image = undefined;
  }
}

/** Where the threads add an image up. */
class GrowingImage {
  readonly #options: AccumulationOptions;
  readonly #first: Frame;
  readonly #adder: Adder;
  readonly #sums: Float64Array;
  readonly #saturation: SaturatedImage | undefined;
  /** Of the exposure before: one is added while the next is exposed. */
  #adding: Promise<void> | undefined;

  constructor(first: Frame, options: AccumulationOptions) {
    const { length, byteLength } = first.pixels;
    this.#options = options;
    this.#first = first;
    this.#adder = options.pool.adder(byteLength);
    this.#sums = new Float64Array(new SharedArrayBuffer(length * 8));
    this.#saturation = options.saturation.image(length);
  }

  /** Resolves when the exposure before is added. */
  async add(pixels: Pixels): Promise<void> {
    const { filter, threshold, offset } = this.#options.parameters.accumulation;
    const before = this.#adding;
    const saturated = this.#adder.add({
      pixels: shared(pixels),
      sums: this.#sums,
      offset: filter === "FILTER_OFFSET_THEN_THRESHOLD_MIN" ? offset : 0,
      threshold: filter === "FILTER_NONE" ? undefined : threshold,
      saturation: this.#saturation?.counting,
    });
    this.#adding = saturated.then((count) => this.#saturation?.exposure(count));
    this.#adding.catch(() => {}); // told by the next one, or the end
    await before;
  }

  async finish(index: number): Promise<Frame> {
    await this.#adding;
    this.#saturation?.done(index);
    const { parameters, count } = this.#options;
    const { operation, type } = parameters.accumulation;
    const into = new SharedArrayBuffer(this.#sums.length * pixelKinds[type].bytes);
    const scale = operation === "ACC_MEAN" ? 1 / count : 1;
    const pixels = await this.#adder.image({ sums: this.#sums, scale, type, into });
    return { ...this.#first, index, pixels, packed: undefined };
  }
}
