// SPDX-License-Identifier: MIT
// Saturated pixels of the exposures of accumulated images: how often each pixel was, how many each exposure had.
import type { ExposureObserver } from "./accumulation.ts";
import type { Pixels } from "./frame.ts";
import type { Accumulation } from "./parameters.ts";

interface Counted {
  readonly frame: number;
  /** Exposures in which each pixel was saturated. */
  readonly pixels: Uint16Array;
  /** Saturated pixels of each exposure. */
  readonly exposures: readonly number[];
}
/** Images whose counters are kept. */
const kept = 16;

export class SaturationCounter implements ExposureObserver {
  readonly #settings: Accumulation["saturation"];
  #counted: Counted[] = [];
  #pixels: Uint16Array | undefined;
  #exposures: number[] = [];

  constructor(settings: Accumulation["saturation"]) {
    this.#settings = settings;
  }

  exposure(pixels: Pixels): void {
    const { active, threshold, mask } = this.#settings;
    if (!active) return;
    this.#pixels ??= new Uint16Array(pixels.length);
    let count = 0;
    for (let i = 0; i < pixels.length; i++) {
      if ((pixels[i] as number) <= threshold || mask?.[i] === 0) continue;
      this.#pixels[i] = (this.#pixels[i] as number) + 1;
      count++;
    }
    this.#exposures.push(count);
  }

  image(frame: number): void {
    if (!this.#pixels) return;
    this.#counted = [...this.#counted, { frame, pixels: this.#pixels, exposures: this.#exposures }].slice(-kept);
    this.#pixels = undefined;
    this.#exposures = [];
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
