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
  return {
    duration,
    end: last.position,
    at(seconds) {
      if (seconds >= duration) return { position: last.position, velocity: 0 };
      const time = Math.max(0, seconds) + first.time;
      const index = lastAtOrBefore(knots, time);
      return hermite(knots[index]!, knots[index + 1]!, time);
    },
    timeOf: (position) => (position === first.position ? 0 : crossing(knots, position)),
  };
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

/** First time at which the curve passes `position`: bracketed on a fine grid of each cubic, then halved. */
function crossing(knots: readonly Knot[], position: number): number | undefined {
  const pieces = 16;
  for (let index = 0; index + 1 < knots.length; index += 1) {
    const [a, b] = [knots[index]!, knots[index + 1]!];
    const beyond = (piece: number) => hermite(a, b, a.time + ((b.time - a.time) * piece) / pieces).position - position;
    for (let piece = 0; piece < pieces; piece += 1) {
      if (beyond(piece) * beyond(piece + 1) > 0) continue;
      let [low, high] = [piece, piece + 1];
      const sign = Math.sign(beyond(low)) || -Math.sign(beyond(high));
      for (let n = 0; n < 60; n += 1) {
        const middle = (low + high) / 2;
        if (beyond(middle) * sign > 0) low = middle;
        else high = middle;
      }
      return a.time - knots[0]!.time + ((b.time - a.time) * high) / pieces;
    }
  }
  return undefined;
}
