// SPDX-License-Identifier: MIT
// A motion through given points: position and velocity at given times, a cubic between two of them.
import type { Kinematic, Profile } from "./profile.ts";

/** One row of a trajectory. */
export interface Knot {
  /** Seconds from the start; ascending. */
  readonly time: number;
  readonly position: number;
  /** Units a second. */
  readonly velocity: number;
}

/**
 * Reads rows of (time s, position, velocity) from a flat array, as they travel over Tango.
 * @throws RangeError saying which row is wrong and why.
 */
export function knotsOf(flat: ArrayLike<number>): Knot[] {
  if (flat.length % 3 !== 0 || flat.length < 6)
    throw new RangeError(`a trajectory is at least two rows of (time, position, velocity), not ${flat.length} numbers`);
  const knots: Knot[] = [];
  for (let i = 0; i < flat.length; i += 3) {
    const [time, position, velocity] = [flat[i]!, flat[i + 1]!, flat[i + 2]!];
    const row = `row ${knots.length} (${time}, ${position}, ${velocity})`;
    if (![time, position, velocity].every(Number.isFinite))
      throw new RangeError(`${row} of the trajectory is not finite`);
    const previous = knots.at(-1);
    if (previous && time <= previous.time)
      throw new RangeError(`${row} of the trajectory is not later than the row before`);
    knots.push({ time, position, velocity });
  }
  return knots;
}

/** The motion through `knots`: Hermite cubics, so that position and velocity are continuous. */
export function through(knots: readonly Knot[]): Profile {
  const first = knots[0]!;
  const last = knots.at(-1)!;
  const duration = last.time - first.time;
  const at = (seconds: number): Kinematic => {
    if (seconds >= duration) return { position: last.position, velocity: 0 };
    const time = Math.max(0, seconds) + first.time;
    const index = lastAtOrBefore(knots, time);
    return hermite(knots[index]!, knots[index + 1]!, time);
  };
  const timeOf = (position: number) => (position === first.position ? 0 : passage(at, pieces(knots), position));
  return { duration, end: last.position, at, timeOf };
}

function lastAtOrBefore(knots: readonly Knot[], time: number): number {
  let low = 0;
  let high = knots.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (knots[middle]!.time <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

function hermite(a: Knot, b: Knot, time: number): Kinematic {
  const h = b.time - a.time;
  const s = (time - a.time) / h;
  const [s2, s3] = [s * s, s * s * s];
  const position =
    (2 * s3 - 3 * s2 + 1) * a.position +
    (s3 - 2 * s2 + s) * h * a.velocity +
    (3 * s2 - 2 * s3) * b.position +
    (s3 - s2) * h * b.velocity;
  const velocity =
    ((6 * s2 - 6 * s) * (a.position - b.position)) / h +
    (3 * s2 - 4 * s + 1) * a.velocity +
    (3 * s2 - 2 * s) * b.velocity;
  return { position, velocity };
}

/** The times of the knots from the first on, each cubic cut into pieces. */
const pieces = (knots: readonly Knot[], count = 16): number[] =>
  knots.flatMap(({ time }, i) => {
    const start = time - (knots[0]?.time ?? 0);
    const step = ((knots[i + 1]?.time ?? time) - time) / count;
    return step === 0 ? [start] : Array.from({ length: count }, (_, n) => start + n * step);
  });

/** First time at which a motion is at `position`: between two of the times, then halved. */
export function passage(at: Profile["at"], times: readonly number[], position: number): number | undefined {
  const beyond = (seconds: number) => at(seconds).position - position;
  for (let i = 1; i < times.length; i += 1) {
    let [low, high] = [times[i - 1] ?? 0, times[i] ?? 0];
    const side = Math.sign(beyond(low)) || -Math.sign(beyond(high));
    if (beyond(low) * beyond(high) > 0) continue;
    for (let n = 0; n < 60; n += 1) {
      const middle = (low + high) / 2;
      if (beyond(middle) * side > 0) low = middle;
      else high = middle;
    }
    return high;
  }
  return undefined;
}
