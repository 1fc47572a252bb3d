// SPDX-License-Identifier: MIT
// Fits of common shapes: least squares by Levenberg and Marquardt, started from the curve's own peak and width.
import { cen } from "./cen.ts";
import { bounds, type Curve, finite, type Numbers, ordered } from "./curve.ts";
import { solve } from "./noise.ts";

/** `height` is signed: negative for a dip, a falling edge. */
interface Parameters {
  readonly center: number;
  readonly fwhm: number;
  readonly height: number;
  readonly background: number;
}
type Model = (x: number, parameters: Parameters) => number;

const gauss: Model = (x, { center, fwhm }) => Math.exp(-4 * Math.LN2 * ((x - center) / fwhm) ** 2);
const lorentz: Model = (x, { center, fwhm }) => 1 / (1 + 4 * ((x - center) / fwhm) ** 2);
/** Shapes of height 1 without background. */
const models = {
  gaussian: gauss,
  lorentzian: lorentz,
  /** Half of each. */
  pseudovoigt: (x, p) => (gauss(x, p) + lorentz(x, p)) / 2,
  /** An edge whose slope is a gaussian of that width. */
  edge: (x, { center, fwhm }) => (1 + erf((2 * Math.sqrt(Math.LN2) * (x - center)) / fwhm)) / 2,
} satisfies Readonly<Record<string, Model>>;
export type Shape = keyof typeof models;
export const shapes = Object.keys(models) as Shape[];

export interface Fit extends Parameters {
  readonly shape: Shape;
  /** One sigma of each, from the scatter of the points. */
  readonly errors: Parameters;
  /** Root of the mean square of what the fit leaves over. */
  readonly rms: number;
}

const most = 200;
const names = ["center", "fwhm", "height", "background"] as const;
const named = ([center, fwhm, height, background]: readonly number[]): Parameters => ({
  ...{ center: center!, fwhm: Math.abs(fwhm!), height: height!, background: background! },
});

/** @throws RangeError when there are fewer than five points, or the fit does not settle */
export function fitCurve(shape: Shape, x: Numbers, y: Numbers): Fit {
  const curve = ordered(finite(x, y));
  const count = curve.x.length;
  if (count <= names.length)
    throw new RangeError(`a fit needs ${names.length + 1} points at least, there are ${count}`);
  const settled = startsOf(shape, curve)
    .map((start) => settle(shape, curve, start))
    .filter(({ parameters }) => parameters.every(Number.isFinite));
  const best = settled.reduce<Settled | undefined>((a, b) => (a && a.left <= b.left ? a : b), undefined);
  if (!best) throw new RangeError(`the curve is no ${shape}: the fit does not settle`);
  const { normal } = equations(shape, curve, best.parameters);
  const variance = best.left / (count - names.length);
  const errors = normal.map((_, i) => {
    const unit = normal.map((row, r) => [...row, r === i ? 1 : 0]);
    return Math.sqrt(Math.max(0, solve(unit)[i]! * variance));
  });
  return { shape, ...named(best.parameters), errors: named(errors), rms: Math.sqrt(best.left / count) };
}

interface Settled {
  readonly parameters: readonly number[];
  /** Sum of the squares of what is left over. */
  readonly left: number;
}
const value = (shape: Shape, p: readonly number[], at: number) => p[3]! + p[2]! * models[shape](at, named(p));
const restOf = (shape: Shape, { x, y }: Curve, p: readonly number[]) =>
  y.map((wanted, i) => wanted - value(shape, p, x[i]!));
const sumOfSquares = (rest: Float64Array) => rest.reduce((total, one) => total + one * one, 0);

function settle(shape: Shape, curve: Curve, start: readonly number[]): Settled {
  let parameters = start;
  let [left, damping] = [sumOfSquares(restOf(shape, curve, parameters)), 1e-3];
  for (let turn = 0; turn < most && damping < 1e12; turn++) {
    const { normal, gradient } = equations(shape, curve, parameters);
    const step = solve(
      normal.map((row, r) => [...row.map((one, c) => (r === c ? one * (1 + damping) + 1e-300 : one)), gradient[r]!]),
    );
    const tried = parameters.map((one, i) => one + step[i]!);
    const then = sumOfSquares(restOf(shape, curve, tried));
    if (!(then < left)) {
      damping *= 10;
      continue;
    }
    const done = left - then <= 1e-14 * left;
    [parameters, left, damping] = [tried, then, damping / 10];
    if (done) break;
  }
  return { parameters, left };
}

/** A peak and a dip, or an edge: which of them it is shows when they have been fitted. */
function startsOf(shape: Shape, { x, y }: Curve): number[][] {
  const [low, high] = bounds(y);
  const { position, fwhm } = cen(x, y);
  const [middle, height] = [Number.isFinite(position) ? position : (x[0]! + x.at(-1)!) / 2, high - low];
  const width = fwhm > 0 ? fwhm : (x.at(-1)! - x[0]!) / x.length;
  if (shape === "edge") return [y[0]! < y.at(-1)! ? [middle, width, height, low] : [middle, width, -height, high]];
  return [
    [x[y.indexOf(high)]!, width, height, low],
    [x[y.indexOf(low)]!, width, -height, high],
    [middle, width, height, low],
    [middle, width, -height, high],
  ];
}

/** The normal equations at these parameters, derivatives by central differences. */
function equations(
  shape: Shape,
  curve: Curve,
  parameters: readonly number[],
): { normal: number[][]; gradient: number[] } {
  const rest = restOf(shape, curve, parameters);
  const slopes = parameters.map((one, i) => {
    const small = 1e-6 * Math.max(Math.abs(one), Math.abs(parameters[1]!), 1e-12);
    const by = (sign: number) => parameters.map((p, k) => (k === i ? p + sign * small : p));
    const [up, down] = [by(1), by(-1)];
    return curve.x.map((at) => (value(shape, up, at) - value(shape, down, at)) / (2 * small));
  });
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, one, i) => sum + one * b[i]!, 0);
  return { normal: slopes.map((a) => slopes.map((b) => dot(a, b))), gradient: slopes.map((a) => dot(a, rest)) };
}

/** Error function, to 1e-15: its series near 0, the continued fraction of erfc further out. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 2.5) {
    let [term, sum] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 100; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 80; n > 0; n--) fraction = n / 2 / (size + fraction);
  return Math.sign(x) * (1 - Math.exp(-size * size) / Math.sqrt(Math.PI) / (size + fraction));
}
