// SPDX-License-Identifier: MIT
// Continuous scans in software: axes move at constant velocity while points are taken. A point's position is where the
// axis was when the point began; detectors are triggered point by point, or run free from the first point (chain setting
// trigger: "internal").
import { sweep } from "./chain/sweep.ts";
import { timer } from "./chain/timer.ts";
import { follow } from "./chain/trajectory.ts";
import { ScanArgumentError } from "./errors.ts";
import type { ScanOptions, ScanPlan } from "./plan.ts";
import type { Axis, Readable } from "./protocols.ts";
import { type NamesOf, Scan, trajectoryPlan } from "./scan.ts";
import { checked, type MeshOptions, type MeshRange, type Range, type ScanArguments, split } from "./standard.ts";
import { extent, type SweepOptions, sweepLines } from "./sweeps.ts";
import { lineTitle } from "./titles.ts";
import { checkIntervals, checkNumber, grid, line, list, type Trajectory, together } from "./trajectory.ts";

export interface ContinuousOptions<A extends Axis, R extends Readable> extends ScanOptions, SweepOptions {
  /** Lines together, or a grid whose fastest axis moves continuously. */
  readonly along: Trajectory<A>;
  readonly read: readonly R[];
  /** Seconds a point. */
  readonly exposure: number;
  readonly relative?: boolean;
}

/** `continuous({ along: line(robx, 0, 10, 200), read: [diode, camera], exposure: 0.02 })` */
export function continuous<A extends Axis, R extends Readable>(options: ContinuousOptions<A, R>): Scan<NamesOf<A, R>> {
  const { along, read, exposure, relative = false, latency, undershoot, ...rest } = options;
  const motion = { ...(latency !== undefined && { latency }), ...(undershoot !== undefined && { undershoot }) };
  return new Scan(continuousPlan(along, exposure, read, rest, motion, { relative, type: "ascanct" }));
}

type SweepArguments<Options = ScanOptions> = ScanArguments<Options & SweepOptions>;

/** As ascan, without stopping at the points. */
export const ascanct = (
  motor: Axis,
  start: number,
  stop: number,
  intervals: number,
  countTime: number,
  ...args: SweepArguments
): Scan => checked("ascanct", () => lines("ascanct", [[motor, start, stop]], intervals, countTime, args));
/** As dscan, without stopping at the points: relative, and it returns. */
export const dscanct = (
  motor: Axis,
  start: number,
  stop: number,
  intervals: number,
  countTime: number,
  ...args: SweepArguments
): Scan => checked("dscanct", () => lines("dscanct", [[motor, start, stop]], intervals, countTime, args, true));
/** As anscan, without stopping at the points: all axes reach each point together. */
export const anscanct = (
  ranges: readonly Range[],
  intervals: number,
  countTime: number,
  ...args: SweepArguments
): Scan => checked("anscanct", () => lines("anscanct", ranges, intervals, countTime, args));
/** As amesh: the first axis moves continuously along each line. */
export const ameshct = (
  ...given: [...MeshRange, ...MeshRange, countTime: number, ...SweepArguments<MeshOptions>]
): Scan =>
  checked("ameshct", () => {
    const [m1, a1, b1, i1, m2, a2, b2, i2, countTime, ...args] = given;
    const { read, options } = split<MeshOptions & SweepOptions>(args);
    const { backnforth = false, latency, undershoot, ...rest } = options;
    checkNumber("count_time", countTime);
    const along = grid([line(m1, a1, b1, i1), line(m2, a2, b2, i2)], { backnforth });
    return new Scan(
      continuousPlan(along, countTime, read, rest, sweepOf({ latency, undershoot }), { type: "ameshct" }),
    );
  });

/** As lookupscan, without stopping: controllers follow the positions, one every count time + latency. */
export const lookupscanct = (
  lists: readonly (readonly [motor: Axis, positions: Iterable<number>])[],
  countTime: number,
  ...args: SweepArguments
): Scan =>
  checked("lookupscanct", () => {
    const { read, options } = split<SweepOptions>(args);
    const { latency, undershoot: _, ...rest } = options;
    checkNumber("count_time", countTime);
    const along = together(...lists.map(([motor, positions]) => list(motor, positions)));
    return new Scan(continuousPlan(along, countTime, read, rest, sweepOf({ latency, undershoot: undefined }), { type: "lookupscanct" })); // biome-ignore format: one glance
  });

function lines(
  type: string,
  ranges: readonly Range[],
  intervals: number,
  countTime: number,
  args: readonly unknown[],
  relative = false,
): Scan {
  const { read, options } = split<SweepOptions>(args);
  const { latency, undershoot, ...rest } = options;
  checkIntervals("scan", intervals);
  checkNumber("count_time", countTime);
  const along = together(...ranges.map(([motor, start, stop]) => line(motor, start, stop, intervals)));
  return new Scan(continuousPlan(along, countTime, read, rest, sweepOf({ latency, undershoot }), { relative, type }));
}

const sweepOf = (given: { latency: number | undefined; undershoot: number | undefined }): SweepOptions =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

function continuousPlan(
  along: Trajectory,
  countTime: number,
  read: readonly Readable[],
  options: ScanOptions,
  { latency = 0.005 + Math.max(0, countTime) / 20, undershoot }: SweepOptions,
  { relative = false, type }: { relative?: boolean; type: string },
): ScanPlan {
  const period = Math.max(0, countTime) + latency;
  const plan = {
    ...trajectoryPlan(along, countTime, read, options, { relative, type }),
    seconds: along.points * period,
  };
  if (along.shape === "list") return { ...plan, ...followed(along, period) };
  return {
    ...plan,
    title: along.shape === "grid" ? plan.title : (t) => lineTitle(type, t ?? along, countTime),
    chain: (devices, trajectory = along) => [sweep({ trajectory, period, undershoot }, [timer(devices)])],
    extent: async (trajectory, call) => extent(trajectory, await sweepLines(trajectory, period, undershoot, call)),
  };
}

/** A list of positions is no line: the controllers must follow it. */
function followed(along: Trajectory, period: number): Pick<ScanPlan, "chain"> {
  const unable = along.paths.find(({ axis }) => !axis.trajectory);
  if (unable)
    throw new ScanArgumentError(
      `axis ${unable.axis.name} follows no trajectory: a list of positions can only be passed in steps (lookupscan)`,
    );
  if (!(period > 0)) throw new ScanArgumentError("a continuous scan needs a count time, or a latency, above 0");
  return { chain: (devices, trajectory = along) => [follow({ trajectory, period, leadIn }, [timer(devices)])] };
}
/** Seconds from rest to the first position of a list. */
const leadIn = 0.5;
