// SPDX-License-Identifier: MIT
// Saturated pixels of the exposures of accumulated images: how often each pixel was, how many each exposure had.
import type { Accumulation } from "./parameters.ts";
import type { Exposure } from "./pipeline/sums.ts";

interface Counted {
  readonly frame: number;
  /** Exposures in which each pixel was saturated. */
  readonly pixels: Uint16Array;
  /** Saturated pixels of each exposure. */
  readonly exposures: readonly number[];
}
/** Images whose counters are kept. */
const kept = 16;

/** The counters of an image that is being accumulated. */
export interface SaturatedImage {
  /** What the threads count by, and where to. */
  readonly counting: Exclude<Exposure["saturation"], undefined>;
  exposure(saturated: number): void;
  /** The image is complete. */
  done(frame: number): void;
}

export class SaturationCounter {
  readonly #settings: Accumulation["saturation"];
  #counted: Counted[] = [];

  constructor(settings: Accumulation["saturation"]) {
    this.#settings = settings;
  }

  /** For an image of so many pixels; undefined: nothing is to be counted. */
  image(length: number): SaturatedImage | undefined {
    const { active, threshold, mask } = this.#settings;
    if (!active) return undefined;
    const counts = new Uint16Array(new SharedArrayBuffer(length * 2));
    const exposures: number[] = [];
    return {
      counting: { threshold, mask, counts },
      exposure: (saturated) => void exposures.push(saturated),
      done: (frame) => void (this.#counted = [...this.#counted, { frame, pixels: counts, exposures }].slice(-kept)),
    };
  }

  /** Of frame `index`, -1: the latest. @throws Error when it was not counted or is not kept any more. */
  imageCounter(index: number): Uint16Array {
    const found = index < 0 ? this.#counted.at(-1) : this.#counted.find(({ frame }) => frame === index);
    if (found) return found.pixels;
    if (!this.#settings.active) throw new Error("Saturated pixels are not counted: write acc_saturated_active first");
    const last = this.#counted.at(-1)?.frame ?? -1;
    throw new Error(index > last ? "Frame not available yet" : "Frame no more available");
  }

  /** The number of exposures an image has, then the counters of the exposures of images `from` and on. */
  sumCounter(from: number): Int32Array {
    const wanted = this.#counted.filter(({ frame }) => frame >= from);
    const [first] = wanted;
    return first
      ? Int32Array.from([first.exposures.length, ...wanted.flatMap(({ exposures }) => exposures)])
      : new Int32Array(0);
  }
}
