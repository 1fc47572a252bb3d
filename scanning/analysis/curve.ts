// SPDX-License-Identifier: MIT
// A curve as analyses take it: finite points, ordered by x, each x once.
export type Numbers = ArrayLike<number>;

export interface Curve {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Points whose x and y are finite, in their order. @throws TypeError when there are not as many x as y */
export function finite(x: Numbers, y: Numbers): [number, number][] {
  if (x.length !== y.length) throw new TypeError(`x has ${x.length} points and y has ${y.length}`);
  const points: [number, number][] = [];
  for (let i = 0; i < x.length; i++) if (Number.isFinite(x[i]) && Number.isFinite(y[i])) points.push([x[i]!, y[i]!]);
  return points;
}

/** By x; of equal x the first counts. */
export function ordered(points: readonly [number, number][]): Curve {
  const sorted = points.toSorted(([a], [b]) => a - b).filter(([x], i, all) => i === 0 || x !== all[i - 1]![0]);
  return { x: Float64Array.from(sorted, ([x]) => x), y: Float64Array.from(sorted, ([, y]) => y) };
}

export const bounds = (values: Float64Array): [number, number] => [
  values.reduce((a, b) => Math.min(a, b)),
  values.reduce((a, b) => Math.max(a, b)),
];

/** Derivative at each point: of second order inside, one-sided at both ends. */
export function gradient({ x, y }: Curve): Float64Array {
  const last = x.length - 1;
  return x.map((_, i) => {
    if (i === 0) return (y[1]! - y[0]!) / (x[1]! - x[0]!);
    if (i === last) return (y[i]! - y[i - 1]!) / (x[i]! - x[i - 1]!);
    const [before, after] = [x[i]! - x[i - 1]!, x[i + 1]! - x[i]!];
    const weighted = before ** 2 * y[i + 1]! + (after ** 2 - before ** 2) * y[i]! - after ** 2 * y[i - 1]!;
    return weighted / (before * after * (before + after));
  });
}
