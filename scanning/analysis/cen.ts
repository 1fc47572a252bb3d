// SPDX-License-Identifier: MIT
// Centre and width of a peak, a dip or an edge: from its flanks, without a fit. A flank is followed along the steepest slope
// of the points next to it, so that one bad point does not bend it.
import { bounds, type Curve, finite, gradient, type Numbers, ordered } from "./curve.ts";
import { inliers, noiseOf } from "./noise.ts";

export interface Centre {
  readonly position: number;
  /**
   * Full width at half maximum; of an edge that of its slope, the distance from 12 % to 88 % of its height. 0: an edge
   * sharper than the points are close; NaN: too noisy to tell.
   */
  readonly fwhm: number;
}

/** Points whose x or y is not finite are left out; x may be in any order, and of equal x the first counts. */
export function cen(x: Numbers, y: Numbers): Centre {
  const curve = ordered(finite(x, y));
  const [first, last] = [curve.x[0], curve.x.at(-1)];
  if (first === undefined || last === undefined) return { position: Number.NaN, fwhm: Number.NaN };
  if (curve.x.length === 1) return { position: first, fwhm: 0 };
  const [low, high] = bounds(curve.y);
  if (low === high) return between([first, last]);
  const half = (low + high) / 2;
  const [startsHigh, endsHigh] = [curve.y[0]! >= half, curve.y.at(-1)! >= half];
  if (startsHigh === endsHigh) return between(flanks(curve, half, startsHigh));
  return partial(curve, [low, high], startsHigh);
}

const between = ([left, right]: readonly [number, number]): Centre => ({
  position: (left + right) / 2,
  fwhm: right - left,
});

type Slope = "up" | "down";
/** A point, the level to be reached from it, and whether the flank there goes up or down. */
interface Side {
  readonly index: number;
  readonly level: number;
  readonly slope: Slope;
}

/** Of a peak, or (`dip`) of one that hangs down. */
function flanks(curve: Curve, level: number, dip: boolean): [number, number] {
  const beyond = (value: number) => (dip ? value <= level : value >= level);
  let left = curve.y.findIndex(beyond);
  let right = curve.y.findLastIndex(beyond);
  // One point alone beyond the level tells nothing of the flanks: they are seen from its neighbours.
  if (left === right) [left, right] = [left - 1, right + 1];
  const [leftSlope, rightSlope]: [Slope, Slope] = dip ? ["down", "up"] : ["up", "down"];
  const slopes = gradient(curve);
  return [
    reach(curve, slopes, { index: left, level, slope: leftSlope }),
    reach(curve, slopes, { index: right, level, slope: rightSlope }),
  ];
}

/** Where the level is reached from a point, along the steepest slope next to it; not further away than the curve is long. */
function reach({ x, y }: Curve, slopes: Float64Array, { index, level, slope }: Side): number {
  const steep = steepest(slopes, index, slope);
  const step = steep === 0 ? 0 : (level - y[index]!) / steep;
  return Math.abs(step) <= x.at(-1)! - x[0]! ? x[index]! + step : x[index]!;
}

/** Of the (at most five) nearest points whose slope has the sign; where there is none, of any sign. */
function steepest(slopes: Float64Array, index: number, slope: Slope): number {
  const sign = slope === "up" ? 1 : -1;
  const nearest = (wanted: (value: number) => boolean) =>
    Array.from(slopes, (value, i) => ({ value, far: Math.abs(i - index) }))
      .filter(({ value }) => wanted(value))
      .toSorted((a, b) => a.far - b.far)
      .slice(0, Math.max(1, Math.min(5, slopes.length >> 2)))
      .map(({ value }) => value);
  const same = nearest((value) => sign * value > 0);
  if (same.length > 0) return same.reduce((best, value) => (sign * value > sign * best ? value : best));
  return nearest((value) => value !== 0).reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
}

/** What begins high and ends low, or the other way round: an edge, or a peak of which one side is missing. */
function partial(curve: Curve, [low, high]: readonly [number, number], falling: boolean): Centre {
  const half = (low + high) / 2;
  const slope: Slope = falling ? "down" : "up";
  const above = curve.y.filter((value) => value >= half);
  const noise = noiseOf(above);
  // Seen from the high side's point nearest to the edge.
  const nearest = falling
    ? curve.y.findLastIndex((value) => value >= half)
    : curve.y.findIndex((value) => value >= half);
  const middle = reach(curve, gradient(curve), { index: nearest, level: half, slope });
  const outermost = falling
    ? curve.y.findIndex((value) => value >= half)
    : curve.y.findLastIndex((value) => value >= half);
  const flat = Math.min(0.9, 1 - Math.min(1, (6 * noise) / (high - half)));
  if (curve.y[outermost]! - half >= flat * (high - half)) return edge(curve, [low, high], slope, middle, noise);
  const position = curve.x[curve.y.indexOf(high)]!;
  return { position, fwhm: 2 * Math.abs(position - middle) };
}

function edge(
  curve: Curve,
  [low, high]: readonly [number, number],
  slope: Slope,
  middle: number,
  noise: number,
): Centre {
  const { x, y } = curve;
  const bottom = low + 3 * noiseOf(y.filter((value) => value < (low + high) / 2));
  const top = high - 3 * noise;
  if (bottom >= top) return { position: middle, fwhm: Number.NaN };
  const levels = [0.12, 0.88].map((part) => bottom + part * (top - bottom)) as [number, number];
  const within = [...y.keys()].filter((i) => y[i]! >= levels[0] && y[i]! <= levels[1]);
  const kept = inliers(within.map((i) => x[i]!));
  const inside = within.filter((_, i) => kept[i]);
  if (inside.length < 2) return { position: middle, fwhm: 0 };
  const [from, to] = slope === "up" ? levels : levels.toReversed();
  const slopes = gradient(curve);
  const found = between([
    reach(curve, slopes, { index: inside[0]!, level: from!, slope }),
    reach(curve, slopes, { index: inside.at(-1)!, level: to!, slope }),
  ]);
  const far = Math.abs(found.position - middle) >= 0.2 * (x.at(-1)! - x[0]!);
  return far ? { position: middle, fwhm: found.fwhm } : found;
}
