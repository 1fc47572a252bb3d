// SPDX-License-Identifier: MIT
// A path of positions, one every period, as rows of time, position and velocity that a motor follows with cubics.
import type { Knot } from "./protocols.ts";

export interface Path {
  readonly knots: readonly Knot[];
  /** Seconds from the start to the first position. */
  readonly leadIn: number;
}

/**
 * From rest to the first position, through all of them without stopping, on for one period, and to rest. In between the velocity
 * is that of a line between the neighbours.
 */
export function knotsOf(positions: Float64Array, period: number, leadIn: number): Path {
  const last = positions.length - 1;
  const at = (i: number) => positions[Math.max(0, Math.min(last, i))]!;
  const slope = (i: number) => (at(i + 1) - at(i - 1)) / ((Math.min(i + 1, last) - Math.max(i - 1, 0)) * period);
  const inside = Array.from(
    positions,
    (position, i): Knot => ({ time: leadIn + i * period, position, velocity: slope(i) }),
  );
  const [first, end] = [inside[0]!, inside[last]!];
  // A ramp takes half the distance that its final velocity would.
  const begin: Knot = { time: 0, position: first.position - (first.velocity * leadIn) / 2, velocity: 0 };
  const beyond: Knot = {
    time: end.time + period,
    position: end.position + end.velocity * period,
    velocity: end.velocity,
  };
  const rest: Knot = {
    time: beyond.time + leadIn,
    position: beyond.position + (end.velocity * leadIn) / 2,
    velocity: 0,
  };
  return { knots: [begin, ...inside, beyond, rest], leadIn };
}
