// SPDX-License-Identifier: MIT
// The lines of a continuous scan: where each axis begins its run-up, how fast it goes, and where it comes to rest.
import { ScanArgumentError } from "./errors.ts";
import type { Axis, CallOptions } from "./protocols.ts";
import type { Trajectory } from "./trajectory.ts";

/** One axis of one line. */
export interface Run {
  readonly axis: Axis;
  /** Where the first point begins. */
  readonly from: number;
  /** Distance between two points; negative: downwards. */
  readonly step: number;
  /** Units a second. */
  readonly velocity: number;
  /** Where the axis starts, and where it ends: at full velocity from the first point to the end of the last. */
  readonly begin: number;
  readonly end: number;
}
export interface Line {
  /** Number of its first point. */
  readonly first: number;
  readonly points: number;
  /** Axes that stay during the line, and where. */
  readonly still: ReadonlyMap<Axis, number>;
  readonly runs: readonly Run[];
}

export interface SweepOptions {
  /** Seconds between two points beyond the count time: what the devices need to be ready again. Default 0.005 and a twentieth of the count time. */
  readonly latency?: number;
  /** Units of the (first) moving axis before the first point and after the last; default: what its acceleration needs. */
  readonly undershoot?: number;
}

/** Points a line: of a grid, those of its fastest axis. */
export const pointsPerLine = ({ paths, points }: Trajectory): number => paths[0]?.axisPoints ?? points;

/** @throws ScanArgumentError for an axis whose velocity cannot be set, or a line of one point */
export async function sweepLines(
  trajectory: Trajectory,
  period: number,
  undershoot: number | undefined,
  options: CallOptions = {},
): Promise<Line[]> {
  const { paths, points } = trajectory;
  const each = pointsPerLine(trajectory);
  if (!(period > 0)) throw new ScanArgumentError("a continuous scan needs a count time, or a latency, above 0");
  if (each < 2) throw new ScanArgumentError("a continuous scan needs at least one interval along its moving axis");
  const ramps = new Map<Axis, number>();
  for (const { axis } of paths) ramps.set(axis, await acceleration(axis, options));
  return Array.from({ length: points / each }, (_, line) => {
    const first = line * each;
    const still = new Map<Axis, number>();
    const moving: Pick<Run, "axis" | "from" | "step" | "velocity">[] = [];
    for (const { axis, positions } of paths) {
      const [from, next] = [positions[first]!, positions[first + 1]!];
      if (from === next) still.set(axis, from);
      else moving.push({ axis, from, step: next - from, velocity: Math.abs(next - from) / period });
    }
    if (moving.length === 0) throw new ScanArgumentError("a continuous scan needs an axis that moves");
    return { first, points: each, still, runs: withRunUp(moving, each, ramps, undershoot) };
  });
}

/** All axes reach their first point after the same time, each at its full velocity. */
function withRunUp(
  moving: readonly Pick<Run, "axis" | "from" | "step" | "velocity">[],
  points: number,
  ramps: ReadonlyMap<Axis, number>,
  undershoot: number | undefined,
): Run[] {
  const rampTime = ({ axis, velocity }: (typeof moving)[number]) => velocity / ramps.get(axis)!;
  const longest = Math.max(...moving.map(rampTime));
  const [leader] = moving;
  const asked = undershoot === undefined ? settle : undershoot / leader!.velocity - rampTime(leader!) / 2;
  const time = Math.max(longest + asked, longest);
  return moving.map((run) => {
    const distance = run.velocity * (time - rampTime(run) / 2) * Math.sign(run.step);
    return { ...run, begin: run.from - distance, end: run.from + points * run.step + distance };
  });
}
/** Seconds at full velocity before the first point. */
const settle = 0.005;

async function acceleration(axis: Axis, options: CallOptions): Promise<number> {
  if (!axis.velocity)
    throw new ScanArgumentError(`axis ${axis.name} has no velocity that can be set: it cannot be scanned continuously`);
  const value = (await axis.acceleration?.read(options)) ?? Number.POSITIVE_INFINITY;
  return value > 0 ? value : Number.POSITIVE_INFINITY;
}

/** Where the axes are at the ends of all lines: what their limits must allow. */
export function extent(trajectory: Trajectory, lines: readonly Line[]): Trajectory {
  const paths = trajectory.paths.map((path) => {
    const ends = lines.flatMap(({ runs, still }) => {
      const run = runs.find(({ axis }) => axis === path.axis);
      return run ? [run.begin, run.end] : [still.get(path.axis)!];
    });
    return { axis: path.axis, positions: Float64Array.from(ends) };
  });
  // Pseudo axes are checked point by point: an axis that stays has as many entries as one that moves.
  const most = Math.max(...paths.map(({ positions }) => positions.length));
  const filled = paths.map(({ axis, positions }) => ({
    axis,
    positions:
      positions.length === most ? positions : Float64Array.from({ length: most }, (_, i) => positions[i >> 1]!),
  }));
  return { shape: "list", points: most, paths: filled };
}
