// SPDX-License-Identifier: MIT
// Where the peak, dip or edge of a curve is. Points whose x or y is not finite are left out; x may be in any order, and
// of equal x the first counts for everything but the extremes.
type Numbers = ArrayLike<number>;

export interface Centre {
  readonly position: number;
  /** Full width at half maximum; of an edge: the distance from 12 % to 88 % of its height, which is that of its slope. */
  readonly fwhm: number;
}
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

/** Centre of mass of what stands above the smallest value. */
export function com(x: Numbers, y: Numbers): number {
  const curve = ordered(finite(x, y));
  const points = Array.from(curve.x, (position, i) => [position, curve.y[i]!] as const);
  const least = points.reduce((min, [, value]) => Math.min(min, value), Number.POSITIVE_INFINITY);
  const all = points.reduce((sum, [, value]) => sum + (value - least), 0);
  if (all === 0) return points.reduce((sum, [position]) => sum + position, 0) / points.length;
  return points.reduce((sum, [position, value]) => sum + position * ((value - least) / all), 0);
}

/** Centre and width of a peak or dip from its flanks at half height; of an edge from its flank. */
export function cen(x: Numbers, y: Numbers): Centre {
  const curve = ordered(finite(x, y));
  const [first, last] = [curve.x[0], curve.x.at(-1)];
  if (first === undefined || last === undefined) return { position: Number.NaN, fwhm: Number.NaN };
  const [low, high] = bounds(curve.y);
  if (low === high) return { position: (first + last) / 2, fwhm: last - first };
  const half = (low + high) / 2;
  const [startsHigh, endsHigh] = [curve.y[0]! >= half, curve.y.at(-1)! >= half];
  if (startsHigh !== endsHigh) return edge(curve, low, high);
  const upright = startsHigh ? { x: curve.x, y: curve.y.map((value) => -value) } : curve;
  return between(flanks(upright, startsHigh ? -half : half));
}

interface Curve {
  readonly x: Float64Array;
  readonly y: Float64Array;
}
const between = ([left, right]: readonly [number, number]): Centre => ({
  position: (left + right) / 2,
  fwhm: right - left,
});

/** Where the curve rises through a level for the first time, and falls through it for the last. */
function flanks({ x, y }: Curve, level: number): [number, number] {
  const slopes = gradient(x, y);
  let left = y.findIndex((value) => value >= level);
  let right = y.findLastIndex((value) => value >= level);
  // One point alone above the level tells nothing of the flanks: their slopes are those of its neighbours.
  if (left === right) [left, right] = [left - 1, right + 1];
  return [tangent(x, y, slopes, left, level, 1), tangent(x, y, slopes, right, level, -1)];
}

/** From a point to the level along the steepest slope of the five around it: one bad point does not bend the flank. */
function tangent(
  x: Float64Array,
  y: Float64Array,
  slopes: Float64Array,
  i: number,
  level: number,
  sign: 1 | -1,
): number {
  let slope = slopes[i]!;
  if (i >= 2 && i + 2 < x.length)
    for (let j = i - 2; j <= i + 2; j++) if (sign * slopes[j]! > sign * slope) slope = slopes[j]!;
  return x[i]! + (level - y[i]!) / slope;
}

function edge({ x, y }: Curve, low: number, high: number): Centre {
  const rising = y[0]! < y.at(-1)!;
  const up = rising ? y : y.map((value) => low + high - value);
  const slopes = gradient(x, up);
  const [bottom, top] = [low + 0.12 * (high - low), high - 0.12 * (high - low)];
  const from = up.findIndex((value) => value >= bottom);
  const to = up.findLastIndex((value) => value <= top);
  // A sharp step, without a point on its way: it is between two points.
  if (to < from) return { position: (x[to]! + x[from]!) / 2, fwhm: 0 };
  return between([tangent(x, up, slopes, from, bottom, 1), tangent(x, up, slopes, to, top, 1)]);
}

/** Derivative at each point: of second order inside, one-sided at both ends. */
export function gradient(x: Float64Array, y: Float64Array): Float64Array {
  const last = x.length - 1;
  return x.map((_, i) => {
    if (i === 0) return (y[1]! - y[0]!) / (x[1]! - x[0]!);
    if (i === last) return (y[i]! - y[i - 1]!) / (x[i]! - x[i - 1]!);
    const [before, after] = [x[i]! - x[i - 1]!, x[i + 1]! - x[i]!];
    const weighted = before ** 2 * y[i + 1]! + (after ** 2 - before ** 2) * y[i]! - after ** 2 * y[i - 1]!;
    return weighted / (before * after * (before + after));
  });
}

/** @throws TypeError when there are not as many x as y */
function finite(x: Numbers, y: Numbers): [number, number][] {
  if (x.length !== y.length) throw new TypeError(`x has ${x.length} points and y has ${y.length}`);
  const points: [number, number][] = [];
  for (let i = 0; i < x.length; i++) if (Number.isFinite(x[i]) && Number.isFinite(y[i])) points.push([x[i]!, y[i]!]);
  return points;
}
function ordered(points: [number, number][]): Curve {
  const sorted = points.toSorted(([a], [b]) => a - b).filter(([x], i, all) => i === 0 || x !== all[i - 1]![0]);
  return { x: Float64Array.from(sorted, ([x]) => x), y: Float64Array.from(sorted, ([, y]) => y) };
}
const bounds = (values: Float64Array): [number, number] => [
  values.reduce((a, b) => Math.min(a, b)),
  values.reduce((a, b) => Math.max(a, b)),
];
