// SPDX-License-Identifier: MIT
// Seeded chance: the same seed gives the same spectra.

/** Uniform in [0, 1). */
export type Random = () => number;

/** sfc32 (PractRand): 128 bits of state, warmed up. */
export function random(...seeds: readonly number[]): Random {
  let [a = 0, b = 0x9e3779b9, c = 0x243f6a88] = seeds.map((seed) => seed | 0);
  let counter = 1;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return (t >>> 0) / 4294967296;
  };
  for (let turn = 0; turn < 16; turn++) next();
  return next;
}

/** Poisson distributed; from a mean of 50 on by the normal distribution of the same mean and width. */
export function poisson(mean: number, next: Random): number {
  if (!(mean > 0)) return 0;
  if (mean >= 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(next)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > limit; product *= next()) count++;
  return count;
}

function normal(next: Random): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Fills spectra by the probabilities of their channels. */
export class SpectrumSampler {
  readonly #probabilities: Float64Array;
  /** Walker's alias method: a channel, and the one that takes its place when the coin says so. */
  readonly #threshold: Float64Array;
  readonly #alias: Uint32Array;

  constructor(probabilities: Float64Array) {
    const size = probabilities.length;
    this.#probabilities = probabilities;
    this.#threshold = new Float64Array(size).fill(1);
    this.#alias = Uint32Array.from({ length: size }, (_, channel) => channel);
    const scaled = probabilities.map((value) => value * size);
    const small: number[] = [];
    const large: number[] = [];
    for (let channel = 0; channel < size; channel++) ((scaled[channel] ?? 0) < 1 ? small : large).push(channel);
    for (let low = small.pop(), high = large.pop(); low !== undefined && high !== undefined; low = small.pop()) {
      this.#threshold[low] = scaled[low] ?? 0;
      this.#alias[low] = high;
      scaled[high] = (scaled[high] ?? 0) - (1 - (scaled[low] ?? 0));
      if ((scaled[high] ?? 0) < 1) {
        small.push(high);
        high = large.pop();
      }
    }
  }

  /** Adds about `mean` photons (Poisson) to `spectrum`, which is all zeros; gives how many it holds then. */
  fill(spectrum: Uint32Array, mean: number, next: Random): number {
    return mean > 4 * spectrum.length ? this.#byChannel(spectrum, mean, next) : this.#byPhoton(spectrum, mean, next);
  }

  /** Exactly so many photons; gives how many. */
  fillExactly(spectrum: Uint32Array, photons: number, next: Random): number {
    let missing = photons - this.fill(spectrum, photons, next);
    while (missing !== 0) {
      const channel = this.#photon(next);
      if (missing < 0 && spectrum[channel] === 0) continue;
      spectrum[channel] = (spectrum[channel] ?? 0) + Math.sign(missing);
      missing -= Math.sign(missing);
    }
    return photons;
  }

  /** Channel of one photon. */
  #photon(next: Random): number {
    const place = next() * this.#threshold.length;
    const channel = Math.floor(place);
    return place - channel < (this.#threshold[channel] ?? 1) ? channel : (this.#alias[channel] ?? 0);
  }

  #byPhoton(spectrum: Uint32Array, mean: number, next: Random): number {
    const photons = poisson(mean, next);
    for (let photon = 0; photon < photons; photon++) {
      const hit = this.#photon(next);
      spectrum[hit] = (spectrum[hit] ?? 0) + 1;
    }
    return photons;
  }

  #byChannel(spectrum: Uint32Array, mean: number, next: Random): number {
    let photons = 0;
    for (let channel = 0; channel < spectrum.length; channel++) {
      const count = poisson(mean * (this.#probabilities[channel] ?? 0), next);
      spectrum[channel] = count;
      photons += count;
    }
    return photons;
  }
}
