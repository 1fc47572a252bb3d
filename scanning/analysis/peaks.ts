// SPDX-License-Identifier: MIT
// The largest and the smallest value of a curve, and its centre of mass. Points whose x or y is not finite are left out.
import { finite, type Numbers, ordered } from "./curve.ts";

export interface Extreme {
  readonly position: number;
  readonly value: number;
}

/** Of the point with the largest value; the first of several. */
export const peak = (x: Numbers, y: Numbers): Extreme => extreme(x, y, (a, b) => a > b);
/** Of the point with the smallest value; the first of several. */
export const trough = (x: Numbers, y: Numbers): Extreme => extreme(x, y, (a, b) => a < b);

function extreme(x: Numbers, y: Numbers, better: (a: number, b: number) => boolean): Extreme {
  let best: Extreme = { position: Number.NaN, value: Number.NaN };
  for (const [position, value] of finite(x, y))
    if (Number.isNaN(best.value) || better(value, best.value)) best = { position, value };
  return best;
}

/** Centre of mass of what stands above the smallest value; of equal x the first counts. */
export function com(x: Numbers, y: Numbers): number {
  const curve = ordered(finite(x, y));
  const points = Array.from(curve.x, (position, i) => [position, curve.y[i]!] as const);
  const least = points.reduce((min, [, value]) => Math.min(min, value), Number.POSITIVE_INFINITY);
  const all = points.reduce((sum, [, value]) => sum + (value - least), 0);
  if (all === 0) return points.reduce((sum, [position]) => sum + position, 0) / points.length;
  return points.reduce((sum, [position, value]) => sum + position * ((value - least) / all), 0);
}
