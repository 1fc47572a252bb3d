// SPDX-License-Identifier: MIT
// The parametric trajectory of a board: its curve, and the motion along it.
import { type Profile, trapezoid } from "../../motor/profile.ts";
import { type Knot, passage, through } from "../../motor/trajectory.ts";
import type { Vector } from "../blocks.ts";
import { Refusal } from "./refusal.ts";

/** Position over a parameter, through given points. */
export class ParametricCurve {
  readonly knots: readonly Knot[];
  readonly #linear: boolean;
  readonly #curve: Profile;

  /** @throws Refusal when there are no two points, or the parameter does not ascend. */
  constructor(parameter: readonly number[], position: readonly number[], slope: readonly number[], mode: string) {
    const ascending = parameter.every((value, i) => i === 0 || value > (parameter[i - 1] ?? value));
    const complete = position.length === parameter.length && [0, parameter.length].includes(slope.length);
    if (parameter.length < 2 || !ascending || !complete) throw new Refusal("Wrong parameter(s)");
    const slopes = slope.length > 0 ? slope : splineSlopes(parameter, position);
    this.knots = parameter.map((time, i) => ({ time, position: position[i] ?? 0, velocity: slopes[i] ?? 0 }));
    this.#linear = mode === "LINEAR";
    this.#curve = through(this.knots);
  }

  get start(): number {
    return this.knots[0]?.time ?? 0;
  }
  get end(): number {
    return this.knots.at(-1)?.time ?? 0;
  }

  /** Position, and its change with the parameter. @throws Refusal outside the table. */
  at(parameter: number): { readonly position: number; readonly velocity: number } {
    if (!(parameter >= this.start && parameter <= this.end)) throw new Refusal("Out of range parameter(s)");
    const last = this.knots.at(-1);
    if (!this.#linear) return last && parameter === last.time ? last : this.#curve.at(parameter - this.start);
    const index = Math.max(
      1,
      this.knots.findIndex(({ time }) => time >= parameter),
    );
    const [a, b] = [this.knots[index - 1], this.knots[index]];
    if (!a || !b) throw new Refusal("Out of range parameter(s)");
    const velocity = (b.position - a.position) / (b.time - a.time);
    return { position: a.position + velocity * (parameter - a.time), velocity };
  }

  /** The motion of the axis while the parameter goes from `from` to `to`, with ramps of `ramp` seconds or none. */
  motion(
    from: number,
    to: number,
    rate: number,
    ramp: number,
  ): { readonly axis: Profile; readonly parameter: Profile } {
    const parameter =
      ramp > 0 ? trapezoid(from, to, { velocity: rate, acceleration: rate / ramp }) : steady(from, to, rate);
    const { duration } = parameter;
    const at = (seconds: number) => {
      const now = parameter.at(seconds);
      const { position, velocity } = this.at(Math.min(this.end, Math.max(this.start, now.position)));
      return { position, velocity: velocity * now.velocity };
    };
    const looks = Array.from({ length: 1001 }, (_, i) => (duration * i) / 1000);
    const axis = { duration, end: this.at(to).position, at, timeOf: (place: number) => passage(at, looks, place) };
    return { axis, parameter };
  }
}

/** At once with full speed, and at once without. */
function steady(from: number, to: number, rate: number): Profile {
  const duration = Math.abs(to - from) / rate;
  const velocity = Math.sign(to - from) * rate;
  return {
    duration,
    end: to,
    at: (seconds) =>
      seconds < duration ? { position: from + velocity * seconds, velocity } : { position: to, velocity: 0 },
    timeOf: (place) => (place - from) / velocity,
  };
}

/** Slopes of the natural cubic spline: the second derivative is continuous, and nothing at the ends. */
function splineSlopes(x: readonly number[], y: readonly number[]): number[] {
  const n = x.length;
  const step = (i: number) => (x[i + 1] ?? 0) - (x[i] ?? 0);
  const rise = (i: number) => ((y[i + 1] ?? 0) - (y[i] ?? 0)) / step(i);
  const upper: number[] = [0.5];
  const right: number[] = [1.5 * rise(0)];
  for (let i = 1; i < n; i += 1) {
    const last = i === n - 1;
    const [before, after] = [1 / step(i - 1), last ? 0 : 1 / step(i)];
    const wanted = last ? 3 * rise(i - 1) * before : 3 * (rise(i - 1) * before + rise(i) * after);
    const pivot = 2 * (before + after) - before * (upper[i - 1] ?? 0);
    upper.push(after / pivot);
    right.push((wanted - before * (right[i - 1] ?? 0)) / pivot);
  }
  const slopes = [...right];
  for (let i = n - 2; i >= 0; i -= 1) slopes[i] = (right[i] ?? 0) - (upper[i] ?? 0) * (slopes[i + 1] ?? 0);
  return slopes;
}

/** The curve that vectors hold for the board at `address`; undefined when they hold none. */
export function curveFor(vectors: readonly Vector[], address: number, mode: string): ParametricCurve | undefined {
  const column = (kind: Vector["kind"]) =>
    vectors.find((each) => each.kind === kind && [address, 0xff].includes(each.address));
  const [parameter, position] = [column("parameter"), column("position")];
  if (!parameter || !position) return undefined;
  return new ParametricCurve([...parameter.values], [...position.values], [...(column("slope")?.values ?? [])], mode);
}
