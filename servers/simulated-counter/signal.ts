// SPDX-License-Identifier: MIT
// What the simulated diode sees, as pure functions of positions and a seeded source of chance.

export interface Peak {
  readonly centers: ArrayLike<number>;
  /** Full widths at half maximum. */
  readonly widths: ArrayLike<number>;
  readonly height: number;
  readonly background: number;
}

/** Background + height * product over motors of exp(-4 ln 2 ((x - center) / width)^2). */
export function intensity(positions: readonly number[], { centers, widths, height, background }: Peak): number {
  let exponent = 0;
  positions.forEach((position, i) => {
    exponent -= 4 * Math.LN2 * ((position - (centers[i] ?? 0)) / (widths[i] ?? 1)) ** 2;
  });
  return background + height * Math.exp(exponent);
}

/** Numbers in [0, 1): the generator "mulberry32", whose whole state is its seed. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number from the Poisson distribution of this mean; above 50 from the normal distribution that it approaches. */
export function poisson(mean: number, random: () => number): number {
  if (mean <= 0) return 0;
  if (mean > 50) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}
