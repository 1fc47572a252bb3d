// SPDX-License-Identifier: MIT
// A scan as a value: it can be printed, queued, dry-run, started (again and again).
import { countersOf } from "./chain/build.ts";
import { fullnameOf } from "./chain/calc.ts";
import { type DryRun, dryRun } from "./dry-run.ts";
import type { ScanOptions, ScanPlan } from "./plan.ts";
import type { Axis, CallOptions, Counter, Readable } from "./protocols.ts";
import { ScanRun, type StartOptions } from "./run.ts";
import { gridTitle, lineTitle, listTitle } from "./titles.ts";
import type { Trajectory } from "./trajectory.ts";

export class Scan<Names extends string = string> {
  readonly plan: ScanPlan;
  readonly #active: () => readonly Readable[];

  /** `active`: what it reads where it is run, when it names no counter; only a dry run asks for it. */
  constructor(plan: ScanPlan, active: () => readonly Readable[] = () => []) {
    this.plan = plan;
    this.#active = active;
  }
  /** Of a relative scan: with relative positions, as its axes are not asked yet. */
  get title(): string {
    return this.plan.options.title ?? this.plan.title(this.plan.trajectory);
  }
  /** Begins at once. `await using run = scan.start()`, then `for await (const row of run)`, or `await run.done()`. */
  start(options?: StartOptions): ScanRun<Names> {
    return new ScanRun<Names>(this.plan, options);
  }
  /** What it would do, without touching hardware: axes are only asked where they are. */
  dryRun(options?: CallOptions): Promise<DryRun> {
    return dryRun(this.plan, this.#active(), options);
  }
  toString(): string {
    return `Scan(${this.title})`;
  }
}

export interface StepOptions<A extends Axis, R extends Readable> extends ScanOptions {
  /** Absent: nothing moves. */
  readonly along?: Trajectory<A>;
  readonly read: readonly R[];
  /** Seconds a point. */
  readonly exposure: number;
  /** Without `along`: how many; 0: until stopped. */
  readonly points?: number;
  readonly relative?: boolean;
}

/** Names of the columns of a scan's rows, as far as the types tell. */
export type NamesOf<A, R> =
  | (A extends Axis<infer N> ? N : never)
  | (R extends Counter ? R["name"] : never)
  | "elapsed_time"
  | "epoch";

/** Any scan of the default chain: `step({ along: line(roby, 0, 10, 20), read: [diode, basler], exposure: 0.1 })`. */
export function step<A extends Axis, R extends Readable>(options: StepOptions<A, R>): Scan<NamesOf<A, R>> {
  const { along, read, exposure, points = 0, relative = false, ...rest } = options;
  if (!along) return new Scan(timePlan("timescan", points, exposure, read, rest));
  return new Scan(trajectoryPlan(along, exposure, read, rest, { relative }));
}

/** The plan of a scan along a trajectory; its type follows from the trajectory unless one is given. */
export function trajectoryPlan(
  trajectory: Trajectory,
  countTime: number,
  read: readonly Readable[],
  options: ScanOptions,
  { relative = false, type = typeOf(trajectory, relative ? "d" : "a") } = {},
): ScanPlan {
  countersOf(read);
  const axes = trajectory.paths.map(({ axis }) => `axis:${axis.name}`);
  const ranges = (t: Trajectory | undefined) => (t ?? trajectory).paths.map(({ range }) => range);
  const startStop = (t: Trajectory | undefined) => ({
    start: ranges(t).map((range) => range?.start),
    stop: ranges(t).map((range) => range?.stop),
  });
  const common = { type, trajectory, relative, points: trajectory.points, countTime, read, options };
  if (trajectory.shape === "list") {
    return {
      ...common,
      title: (t) => listTitle(t ?? trajectory, countTime),
      info: () => ({ plots: curves("timer:elapsed_time") }),
    };
  }
  const verb = typeOf(trajectory, "a");
  if (trajectory.shape === "line") {
    const info = (t: Trajectory | undefined) => ({ plots: curves(axes[0]!), ...startStop(t) });
    return { ...common, title: (t) => lineTitle(verb, t ?? trajectory, countTime), info };
  }
  const sizes = Object.fromEntries(trajectory.paths.map(({ axisPoints }, i) => [`npoints${i + 1}`, axisPoints]));
  const plots =
    axes.length > 1
      ? [{ kind: "scatter-plot", items: [{ kind: "scatter", x: axes[0], y: axes[1] }] }]
      : curves(axes[0]!);
  const info = (t: Trajectory | undefined) => ({ plots, data_dim: axes.length, ...sizes, ...startStop(t) });
  return { ...common, title: (t) => gridTitle(type === "anmesh" ? type : verb, t ?? trajectory, countTime), info };
}

/** The plan of a scan in which nothing moves. A single point has no plot of its own. */
export function timePlan(
  type: string,
  points: number,
  countTime: number,
  read: readonly Readable[],
  options: ScanOptions,
): ScanPlan {
  countersOf(read);
  const words =
    type === "ct"
      ? [countTime, 1]
      : type === "loopscan"
        ? [points, countTime]
        : points === 0
          ? [countTime]
          : [countTime, points];
  const title = [type, ...words].join(" ");
  const plots = points === 1 ? {} : { plots: curves("timer:elapsed_time") };
  const bare = type === "ct" && options.save === false;
  return { type, points, countTime, read, options, bare, title: () => title, info: () => plots };
}

function typeOf({ shape, paths }: Trajectory, prefix: "a" | "d"): string {
  if (shape === "list") return "lookupscan";
  const many = paths.length;
  if (shape === "grid") return many === 2 ? `${prefix}mesh` : `${prefix}${many}mesh`;
  return many === 1 ? `${prefix}scan` : `${prefix}${many}scan`;
}

const curves = (x: string) => [{ kind: "curve-plot", items: [{ kind: "curve", x }] }];

/** Fullnames of what a scan reads, for messages. */
export const readNames = (read: readonly Readable[]): string[] => countersOf(read).map(fullnameOf);
