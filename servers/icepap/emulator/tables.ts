// SPDX-License-Identifier: MIT
// What is loaded into a board as a binary block: positions of the electronic cam and of the position list, and the
// vectors of a parametric trajectory.
import type { Profile } from "../../motor/profile.ts";
import { trapezoid } from "../../motor/profile.ts";
import { type Knot, through } from "../../motor/trajectory.ts";
import type { Vector } from "../blocks.ts";
import { Refusal } from "./refusal.ts";

/** Position register, positions; of the electronic cam ascending. */
export interface PositionTable {
  readonly source: string;
  readonly cyclic: boolean;
  readonly values: readonly number[];
}

/** Type word -> bytes and reader of one value. */
const types: Readonly<Record<string, readonly [bytes: number, read: (view: DataView, at: number) => number]>> = {
  BYTE: [1, (view, at) => view.getInt8(at)],
  WORD: [2, (view, at) => view.getInt16(at, true)],
  DWORD: [4, (view, at) => view.getInt32(at, true)],
  FLOAT: [4, (view, at) => view.getFloat32(at, true)],
  DFLOAT: [8, (view, at) => view.getFloat64(at, true)],
};

/** Most bytes a board takes. */
const MEMORY = 81908;

/** @throws Refusal when the bytes are too many or no whole values of this type. */
export function tableValues(type: string, data: Uint8Array): number[] {
  const [bytes, read] = types[type] ?? [0, () => 0];
  if (bytes === 0 || data.length === 0 || data.length % bytes !== 0) throw new Refusal("Wrong parameter(s)");
  if (data.length > MEMORY) throw new Refusal("Out of range parameter(s)");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: data.length / bytes }, (_, i) => read(view, i * bytes));
}

/** `count` positions from `first` to `last`. */
export const equidistant = (first: number, last: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (count === 1 ? first : first + ((last - first) * i) / (count - 1)));

/** Rows `index/total : address : value` as a dump shows them. */
export const dumped = (values: readonly number[], total: number, count: number, start: number): string[] =>
  values
    .slice(start, start + count)
    .map((value, i) => `${start + i}/${total} : 0x${((start + i) * 4).toString(16)} : ${value}`);

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
    const axis = { duration, end: this.at(to).position, at, timeOf: (place: number) => crossing(at, duration, place) };
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

/** First time at which a motion is at `place`: between two looks of a fine grid, then halved. */
function crossing(at: Profile["at"], duration: number, place: number): number | undefined {
  const pieces = 1000;
  const beyond = (seconds: number) => at(seconds).position - place;
  for (let piece = 0; piece < pieces; piece += 1) {
    let [low, high] = [(duration * piece) / pieces, (duration * (piece + 1)) / pieces];
    if (beyond(low) * beyond(high) > 0) continue;
    const side = Math.sign(beyond(low));
    for (let n = 0; n < 40; n += 1) {
      const middle = (low + high) / 2;
      if (beyond(middle) * side > 0) low = middle;
      else high = middle;
    }
    return high;
  }
  return undefined;
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
