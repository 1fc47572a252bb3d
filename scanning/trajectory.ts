// SPDX-License-Identifier: MIT
// Where axes go, point by point, as a value: `line(roby, 0, 10, 20)` is 21 points; lines go together or span a grid.
import { ScanArgumentError } from "./errors.ts";
import type { Axis } from "./protocols.ts";

/** What one axis does along a trajectory: for titles, plots and the channel's description. */
export interface AxisPath<A extends Axis = Axis> {
  readonly axis: A;
  /** One position a point. */
  readonly positions: Float64Array;
  /** First and last position as given, and the number of intervals; absent for a list of positions. */
  readonly range?: { readonly start: number; readonly stop: number; readonly intervals: number };
  /** In a grid: 0 is the fastest axis. */
  readonly id?: number;
  readonly kind?: "forth" | "backnforth" | "step";
  /** In a grid: points along this axis alone. */
  readonly axisPoints?: number;
}

export interface Trajectory<A extends Axis = Axis> {
  readonly shape: "line" | "list" | "grid";
  readonly points: number;
  readonly paths: readonly AxisPath<A>[];
}

/** `intervals + 1` equidistant positions from `start` to `stop`, both included. */
export function line<A extends Axis>(axis: A, start: number, stop: number, intervals: number): Trajectory<A> {
  checkAxis(axis);
  checkNumber(`${axis.name}: start`, start);
  checkNumber(`${axis.name}: stop`, stop);
  checkIntervals(axis.name, intervals);
  const positions = linspace(start, stop, intervals + 1);
  return { shape: "line", points: intervals + 1, paths: [{ axis, positions, range: { start, stop, intervals } }] };
}

/** The positions given, in their order; repeated ones are points without a move. */
export function list<A extends Axis>(axis: A, positions: Iterable<number>): Trajectory<A> {
  checkAxis(axis);
  const all = Float64Array.from(positions);
  if (all.length === 0) throw new ScanArgumentError(`${axis.name}: the list of positions is empty`);
  return { shape: "list", points: all.length, paths: [{ axis, positions: all }] };
}

/** Trajectories of the same number of points, followed at the same time. */
export function together<A extends Axis>(...parts: readonly Trajectory<A>[]): Trajectory<A> {
  const [first] = parts;
  if (!first) throw new ScanArgumentError("no axis to move: give at least one trajectory");
  for (const part of parts) {
    if (part.points === first.points) continue;
    const [a, b] = [first, part].map((t) => `${t.paths[0]?.axis.name} has ${t.points}`);
    throw new ScanArgumentError(`trajectories differ in length: ${a}, ${b} points`);
  }
  const paths = parts.flatMap((part) => part.paths);
  checkDistinct(paths);
  return { shape: first.shape, points: first.points, paths };
}

export interface GridOptions {
  /** Every axis but the slowest turns around at each end instead of flying back. */
  readonly backnforth?: boolean;
}

/** All combinations of lines; the first is the fastest, the last the slowest. */
export function grid<A extends Axis>(lines: readonly Trajectory<A>[], options: GridOptions = {}): Trajectory<A> {
  const parts = lines.flatMap((part) => part.paths);
  if (parts.length !== lines.length) throw new ScanArgumentError("a grid is made of lines of one axis each");
  if (parts.length === 0) throw new ScanArgumentError("no axis to move: a grid needs at least one line");
  checkDistinct(parts);
  const points = parts.reduce((product, { positions }) => product * positions.length, 1);
  let inner = 1; // points of all faster axes together
  const paths = parts.map((part, id): AxisPath<A> => {
    const turns = options.backnforth === true && id < parts.length - 1;
    const positions = gridPositions(part.positions, inner, points, turns);
    inner *= part.positions.length;
    const kind = id > 1 ? "step" : options.backnforth ? "backnforth" : "forth";
    return { ...part, positions, id, kind, axisPoints: part.positions.length };
  });
  return { shape: "grid", points, paths };
}

function gridPositions(own: Float64Array, inner: number, points: number, turns: boolean): Float64Array {
  const count = own.length;
  return Float64Array.from({ length: points }, (_, point) => {
    const step = Math.floor(point / inner);
    const index = step % count;
    const back = turns && Math.floor(step / count) % 2 === 1;
    return own[back ? count - 1 - index : index]!;
  });
}

/** The same trajectory from other starting positions: for scans relative to where the axes are. */
export function shifted<A extends Axis>(trajectory: Trajectory<A>, from: readonly number[]): Trajectory<A> {
  const paths = trajectory.paths.map((path, k) => {
    const by = from[k]!;
    const { range } = path;
    return {
      ...path,
      positions: path.positions.map((position) => by + position),
      ...(range && { range: { start: by + range.start, stop: by + range.stop, intervals: range.intervals } }),
    };
  });
  return { ...trajectory, paths };
}

/** `count` equidistant numbers with both ends exact. */
export function linspace(start: number, stop: number, count: number): Float64Array {
  const step = count > 1 ? (stop - start) / (count - 1) : 0;
  const numbers = Float64Array.from({ length: count }, (_, i) => start + i * step);
  if (count > 1) numbers[count - 1] = stop;
  return numbers;
}

export function checkIntervals(where: string, intervals: unknown): asserts intervals is number {
  if (!Number.isInteger(intervals))
    throw new ScanArgumentError(`${where}: intervals ${intervals} is not a whole number`);
  if ((intervals as number) < 0)
    throw new ScanArgumentError(`${where}: intervals ${intervals} is negative; a scan has intervals + 1 points`);
}

function checkAxis(axis: unknown): asserts axis is Axis {
  if (typeof axis === "object" && axis !== null && (axis as { kind?: unknown }).kind === "axis") return;
  throw new ScanArgumentError(`${describe(axis)} is not an axis`);
}

export function checkNumber(what: string, value: unknown): asserts value is number {
  if (typeof value !== "number") throw new ScanArgumentError(`${what} is ${describe(value)}, not a number`);
}

export function describe(value: unknown): string {
  if (typeof value === "object" && value !== null && "name" in value) return `${kindOf(value)} ${value.name}`;
  return typeof value === "string" ? `"${value}"` : String(value);
}
const kindOf = (value: object) =>
  "kind" in value && value.kind === "axis" ? "axis" : "kind" in value ? "counter" : "object";

function checkDistinct(paths: readonly AxisPath[]): void {
  const seen = new Set<string>();
  for (const { axis } of paths) {
    if (seen.has(axis.name)) throw new ScanArgumentError(`duplicated axis ${axis.name}`);
    seen.add(axis.name);
  }
}
