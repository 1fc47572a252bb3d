// SPDX-License-Identifier: MIT
// Master of continuous scans in software: moves its axes line by line at constant velocity, and triggers what is below
// when the first of them passes the place of a point. What is recorded is where the axes were at the trigger.
import type { NumberColumn } from "../column.ts";
import type { Axis } from "../protocols.ts";
import { type Line, pointsPerLine, type Run, sweepLines } from "../sweeps.ts";
import type { Trajectory } from "../trajectory.ts";
import { axesPlan } from "./axes.ts";
import { delay } from "./delay.ts";
import { moveTogether, readTogether, withReals } from "./move.ts";
import type { Fire, LiveNode, NodeContext, NodePlan } from "./node.ts";

export interface SweepPlan {
  readonly trajectory: Trajectory;
  /** Seconds from one point to the next. */
  readonly period: number;
  readonly undershoot?: number | undefined;
}

export function sweep(plan: SweepPlan, children: NodePlan[]): NodePlan {
  const { trajectory } = plan;
  return {
    ...axesPlan(trajectory, children),
    points: trajectory.points / pointsPerLine(trajectory),
    open: (context) => new Sweep(plan, context),
  };
}

/** Seconds before a point's place from which on the position is not asked again. */
const nearEnough = 0.0005;
const halted = new Error("the line ends here");

class Sweep implements LiveNode {
  readonly #plan: SweepPlan;
  readonly #context: NodeContext;
  readonly #recorded: readonly Axis[];
  readonly #columns: readonly NumberColumn[];
  /** Velocities before the scan. */
  readonly #usual = new Map<Axis, number>();
  readonly #where = new Map<Axis, number>();
  #lines: readonly Line[] = [];

  constructor(plan: SweepPlan, context: NodeContext) {
    const { recorder, first } = context;
    this.#plan = plan;
    this.#context = context;
    this.#recorded = withReals(plan.trajectory.paths.map(({ axis }) => axis));
    this.#columns = this.#recorded.map((_, i) => recorder.columns[first + i] as NumberColumn);
  }

  async prepare(): Promise<void> {
    const { trajectory, period, undershoot } = this.#plan;
    const { options } = this.#context;
    for (const { axis } of trajectory.paths) this.#usual.set(axis, (await axis.velocity?.read(options)) ?? Number.NaN);
    this.#lines = await sweepLines(trajectory, period, undershoot, options);
  }

  async at(index: number, fire: Fire): Promise<void> {
    const { options } = this.#context;
    const line = this.#lines[index]!;
    await moveTogether(new Map([...line.still, ...line.runs.map((run) => [run.axis, run.begin] as const)]), options);
    for (const { axis, velocity } of line.runs) await axis.velocity?.write(velocity, options);
    const taken = await this.#swept(line, fire);
    await this.#restore();
    if (taken < line.points && !this.#context.stopping) await this.#step(line, taken, fire);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#recorded.map((axis) => axis.stop()));
    await this.#restore();
  }
  async #restore(): Promise<void> {
    for (const [axis, velocity] of this.#usual) await axis.velocity?.write(velocity);
  }

  /** Points taken on the way. The axes are at rest afterwards, also when it fails or ends early. */
  async #swept(line: Line, fire: Fire): Promise<number> {
    const { options } = this.#context;
    const halt = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, halt.signal]) : halt.signal;
    const ends = new Map(line.runs.map((run) => [run.axis, run.end]));
    let rest = false;
    const moving = moveTogether(ends, { ...options, signal }).finally(() => {
      rest = true;
    });
    moving.catch(() => {}); // awaited below
    try {
      const taken = await this.#takePoints(line, fire, () => rest);
      if (this.#context.stopping) halt.abort(halted);
      await moving.catch((error: unknown) => {
        if (error !== halted) throw error;
      });
      return taken;
    } catch (error) {
      halt.abort(halted);
      await moving.catch(() => {});
      throw error;
    }
  }

  async #takePoints(line: Line, fire: Fire, resting: () => boolean): Promise<number> {
    const [leader] = line.runs;
    for (let point = 0; point < line.points; point++) {
      await this.#passing(leader!, point, resting);
      if (resting()) return point;
      await this.#point([leader!.axis], fire);
      if (this.#context.stopping) return point + 1;
    }
    return line.points;
  }

  /** Resolves when the axis passes a point, or has come to rest. */
  async #passing({ axis, from, step, velocity }: Run, point: number, resting: () => boolean): Promise<void> {
    const { options } = this.#context;
    const target = from + point * step;
    while (!resting()) {
      const at = await axis.position(options);
      this.#where.set(axis, at);
      const left = ((target - at) * Math.sign(step)) / velocity;
      if (Number.isNaN(left)) throw new Error(`axis ${axis.name} does not tell where it is`);
      if (left <= nearEnough) return;
      await delay(Math.max(0.2, (left - nearEnough) * 900), options.signal);
    }
  }

  /** What could not be taken in time is taken at its place, one by one. */
  async #step(line: Line, taken: number, fire: Fire): Promise<void> {
    const { options, warn } = this.#context;
    const names = line.runs.map(({ axis }) => axis.name).join(", ");
    const period = Number(this.#plan.period.toPrecision(6));
    warn(
      `${names} came to rest after ${taken} of ${line.points} points: a point takes longer than its ${period} s. The rest are taken at rest; give a longer latency`,
    );
    for (let point = taken; point < line.points && !this.#context.stopping; point++) {
      const places = new Map(line.runs.map(({ axis, from, step }) => [axis, from + point * step]));
      for (const [axis, at] of await moveTogether(places, options)) this.#where.set(axis, at);
      await this.#point([...places.keys()], fire);
    }
  }

  /** Notes where the axes are, and triggers what is below. `known`: axes that have been asked just now. */
  async #point(known: readonly Axis[], fire: Fire): Promise<void> {
    const { options, recorder } = this.#context;
    const others = this.#recorded.filter((axis) => !known.includes(axis));
    if (others.length > 0) await readTogether(others, this.#where, options);
    for (const [i, axis] of this.#recorded.entries()) this.#columns[i]!.push(this.#where.get(axis)!);
    await fire();
    recorder.notify();
  }
}
