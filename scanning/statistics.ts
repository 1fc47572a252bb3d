// SPDX-License-Identifier: MIT
// From the readings within one count time to the values of a sampling counter: a table of modes.
import type { SamplingMode } from "./protocols.ts";

/** One channel a mode makes: suffix of its name, its unit from the counter's, its value from the readings. */
export interface ModeChannel {
  readonly suffix: string;
  readonly unit: (unit: string | undefined) => string | undefined;
  readonly value: (readings: Readings, countTime: number) => number;
}

const own = (unit: string | undefined) => unit;
const count = () => "#";
const squared = (unit: string | undefined) => (unit ? `${unit}^2` : undefined);

const mean: ModeChannel = { suffix: "", unit: own, value: (r) => r.mean };
const integral: ModeChannel = { suffix: "", unit: own, value: (r, time) => r.mean * time };
const statistics: readonly ModeChannel[] = [
  { suffix: "_N", unit: count, value: (r) => r.count },
  { suffix: "_std", unit: own, value: (r) => Math.sqrt(r.variance) },
  { suffix: "_var", unit: squared, value: (r) => r.variance },
  { suffix: "_min", unit: own, value: (r) => r.min },
  { suffix: "_max", unit: own, value: (r) => r.max },
  { suffix: "_p2v", unit: own, value: (r) => r.max - r.min },
];
/** Of an integral over the count time: lengths scale with it, the variance with its square, the number not at all. */
const scaled = statistics.map((channel): ModeChannel => {
  const power = channel.suffix === "_N" ? 0 : channel.suffix === "_var" ? 2 : 1;
  return { ...channel, value: (r, time) => channel.value(r, time) * time ** power };
});

/** SAMPLES has one more channel, `_samples`, with the readings themselves. */
export const modeChannels: Readonly<Record<SamplingMode, readonly ModeChannel[]>> = {
  MEAN: [mean],
  STATS: [mean, ...statistics],
  SAMPLES: [mean],
  SINGLE: [{ suffix: "", unit: own, value: (r) => r.first }],
  LAST: [{ suffix: "", unit: own, value: (r) => r.last }],
  INTEGRATE: [integral],
  INTEGRATE_STATS: [integral, ...scaled],
};

/** Rolling statistics of one counter within one point (Welford: stable however large the mean). */
export class Readings {
  count = 0;
  mean = 0;
  first = Number.NaN;
  last = Number.NaN;
  min = Number.NaN;
  max = Number.NaN;
  #m2 = 0;

  clear(): void {
    this.count = 0;
    this.mean = this.#m2 = 0;
    this.first = this.last = this.min = this.max = Number.NaN;
  }

  add(reading: number): void {
    if (this.count++ === 0) this.first = this.min = this.max = reading;
    else if (reading < this.min) this.min = reading;
    else if (reading > this.max) this.max = reading;
    this.last = reading;
    const before = reading - this.mean;
    this.mean += before / this.count;
    this.#m2 += before * (reading - this.mean);
  }

  /** Of the readings themselves: divided by their number. */
  get variance(): number {
    return this.count === 0 ? Number.NaN : this.#m2 / this.count;
  }
}
