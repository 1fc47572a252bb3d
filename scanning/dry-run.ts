// SPDX-License-Identifier: MIT
// What a scan would do: points, duration, size of the data, limits it would violate.
import { countersOf } from "./chain/build.ts";
import { fullnameOf } from "./chain/calc.ts";
import { withReals } from "./chain/move.ts";
import { violations, words } from "./limits.ts";
import type { ScanPlan } from "./plan.ts";
import type { Axis, CallOptions, Counter, DetectorCounter, Readable } from "./protocols.ts";
import { resolve } from "./resolve.ts";
import { modeChannels } from "./statistics.ts";
import { shifted, type Trajectory } from "./trajectory.ts";

export interface DryRun {
  readonly title: string;
  /** 0: until stopped. */
  readonly points: number;
  /** Positions by axis name, one a point. */
  readonly positions: Readonly<Record<string, Float64Array>>;
  /** Fullnames of what is read. */
  readonly counters: readonly string[];
  /** Seconds: counting, waiting, and moving where axes tell velocity and acceleration. Infinite when endless. */
  readonly seconds: number;
  /** True: some moves are left out of `seconds`: of an axis that does not tell its velocity, or between lines. */
  readonly atLeast: boolean;
  /** Bytes of numbers; spectra and images count only where their size is known before the scan. */
  readonly bytes: number;
  /** Limits it would violate, in words; empty: it may run. */
  readonly violations: readonly string[];
  toString(): string;
}

/** `active`: what is read when the scan names no counter. */
export async function dryRun(plan: ScanPlan, active: readonly Readable[], options: CallOptions = {}): Promise<DryRun> {
  let problems: string[] = [];
  let { trajectory } = plan;
  let title = plan.title(trajectory);
  try {
    ({ trajectory, title } = await resolve(plan, options));
  } catch (error) {
    problems = [error instanceof Error ? error.message : String(error)];
    if (trajectory && plan.relative)
      trajectory = shifted(trajectory, await Promise.all(trajectory.paths.map(({ axis }) => axis.target(options))));
    const found = trajectory ? await violations(trajectory, options).catch(() => []) : [];
    if (found.length > 0) problems = found.map(words);
    title = plan.title(trajectory);
  }
  const axes = withReals((trajectory?.paths ?? []).map(({ axis }) => axis));
  const encoders = axes.flatMap(({ encoder }) => encoder ?? []);
  const counters = countersOf([...(plan.read.length > 0 ? plan.read : active), ...encoders]);
  const moving =
    plan.seconds === undefined ? await movingTime(trajectory, options) : { seconds: plan.seconds, unknown: true };
  const points = Math.max(0, plan.points);
  const { sleepTime = 0, stabTime = 0 } = plan.options;
  const each = plan.seconds === undefined ? Math.max(0, plan.countTime) + (trajectory ? stabTime : 0) : 0;
  const seconds = points === 0 ? Number.POSITIVE_INFINITY : points * each + (points - 1) * sleepTime + moving.seconds;
  const scalars = 2 + axes.length + counters.reduce((sum, counter) => sum + scalarsOf(counter), 0);
  return {
    title: plan.options.title ?? title,
    points,
    positions: Object.fromEntries((trajectory?.paths ?? []).map(({ axis, positions }) => [axis.name, positions])),
    counters: counters.map(fullnameOf),
    seconds,
    atLeast: moving.unknown,
    bytes: 8 * scalars * points,
    violations: problems,
    toString: printed,
  };
}

function printed(this: DryRun): string {
  const time = Number.isFinite(this.seconds)
    ? `${this.atLeast ? "at least " : ""}${duration(this.seconds)}`
    : "until stopped";
  return [
    this.title,
    `  points    ${this.points === 0 ? "until stopped" : this.points}`,
    `  time      ${time}`,
    `  data      ${this.bytes} bytes of numbers`,
    `  counters  ${this.counters.join(", ") || "the active measurement group"}`,
    ...Object.entries(this.positions).map(([name, p]) => `  ${name.padEnd(9)} ${p[0]} ... ${p[p.length - 1]}`),
    ...(this.violations.length > 0 ? this.violations.map((text) => `  REFUSED   ${text}`) : ["  allowed"]),
  ].join("\n");
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const scalarsOf = (counter: Counter) =>
  counter.kind === "sampling" ? modeChannels[counter.mode ?? "MEAN"].length : (counter as DetectorCounter).dim ? 0 : 1;

async function movingTime(trajectory: Trajectory | undefined, options: CallOptions) {
  const times = new Float64Array(trajectory?.points ?? 0);
  let unknown = false;
  for (const { axis, positions } of trajectory?.paths ?? []) {
    const motion = await motionOf(axis, options);
    if (!motion) unknown = true;
    else {
      let from = await axis.position(options);
      positions.forEach((to, i) => {
        times[i] = Math.max(times[i]!, moveTime(Math.abs(to - from), motion.velocity, motion.acceleration));
        from = to;
      });
    }
  }
  return { seconds: times.reduce((sum, time) => sum + time, 0), unknown };
}

async function motionOf(axis: Axis, options: CallOptions) {
  if (!axis.velocity) return undefined;
  const velocity = await axis.velocity.read(options);
  const acceleration = (await axis.acceleration?.read(options)) ?? Number.POSITIVE_INFINITY;
  return velocity > 0 ? { velocity, acceleration } : undefined;
}

/** Of a trapezoidal (or, when short, triangular) velocity profile. */
export function moveTime(distance: number, velocity: number, acceleration: number): number {
  if (distance === 0) return 0;
  if (!(acceleration > 0) || acceleration === Number.POSITIVE_INFINITY) return distance / velocity;
  const ramp = velocity / acceleration;
  return distance >= velocity * ramp ? distance / velocity + ramp : 2 * Math.sqrt(distance / acceleration);
}
