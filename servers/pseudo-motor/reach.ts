// SPDX-License-Identifier: MIT
// Limits of calculated axes: how far each can go, the others resting, before a real axis meets a limit of its own.
import type { Geometry } from "./geometry.ts";

export type Range = readonly [low: number, high: number];

/** The first real axis that cannot go there, in words; `undefined` when all can. */
export function obstacle(geometry: Geometry, limits: readonly Range[], axes: readonly number[]): string | undefined {
  const reals = geometry.toReal(axes);
  for (const [i, [low, high]] of limits.entries()) {
    const position = reals[i] ?? Number.NaN;
    const name = geometry.reals[i];
    if (!Number.isFinite(position)) return `there is no position of ${name} for ${text(geometry, axes)}`;
    if (position < low || position > high)
      return `${text(geometry, axes)} needs ${name} at ${position}, beyond its limits [${low}, ${high}]`;
  }
  return undefined;
}

const text = ({ axes: names }: Geometry, axes: readonly number[]): string =>
  names.map((name, i) => `${name} ${axes[i]}`).join(", ");

/** Limits of one axis around where it is; infinite where nothing stops it within 1e9. */
export function reach(geometry: Geometry, limits: readonly Range[], axes: readonly number[], index: number): Range {
  const here = axes[index] ?? Number.NaN;
  const free = (position: number) =>
    obstacle(
      geometry,
      limits,
      axes.map((each, i) => (i === index ? position : each)),
    ) === undefined;
  if (!free(here)) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return [farthest(free, here, -1), farthest(free, here, 1)];
}

/** Goes out in growing steps, then halves between the last free place and the first that is not. */
function farthest(free: (position: number) => boolean, here: number, way: 1 | -1): number {
  let good = here;
  for (let step = 1e-3; step < 1e9; step *= 2) {
    const next = here + way * step;
    if (free(next)) {
      good = next;
      continue;
    }
    let bad = next;
    for (let n = 0; n < 80; n += 1) {
      const middle = (good + bad) / 2;
      if (free(middle)) good = middle;
      else bad = middle;
    }
    return good;
  }
  return way * Number.POSITIVE_INFINITY;
}
