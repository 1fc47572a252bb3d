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
    open: (context) => live(plan, context),
  };
}

/** Within this of a point's time the position is not asked again. */
const nearEnough = 0.0005;

function live({ trajectory, period, undershoot }: SweepPlan, context: NodeContext): LiveNode {
  const { recorder, first, options } = context;
  const scanned = trajectory.paths.map(({ axis }) => axis);
  const recorded = withReals(scanned);
  const columns = recorded.map((_, i) => recorder.columns[first + i] as NumberColumn);
  const usual = new Map<Axis, number>();
  const where = new Map<Axis, number>();
  let lines: readonly Line[] = [];

  const restore = async () => {
    for (const [axis, velocity] of usual) await axis.velocity?.write(velocity);
  };
  const note = async () => {
    await readTogether(recorded, where, options);
    for (let i = 0; i < recorded.length; i++) columns[i]!.push(where.get(recorded[i]!)!);
  };
  /** Resolves when the axis passes a point, or has come to rest. */
  const passing = async ({ axis, from, step, velocity }: Run, point: number, resting: () => boolean) => {
    const target = from + point * step;
    while (!resting()) {
      const left = ((target - (await axis.position(options))) * Math.sign(step)) / velocity;
      if (Number.isNaN(left)) throw new Error(`axis ${axis.name} does not tell where it is`);
      if (left <= nearEnough) return;
      await delay(Math.max(0.2, (left - nearEnough) * 900), options.signal);
    }
  };
  const takePoints = async (line: Line, fire: Fire, resting: () => boolean) => {
    for (let point = 0; point < line.points; point++) {
      await passing(line.runs[0]!, point, resting);
      if (resting()) {
        // The last one may be a little late: where it was taken is recorded.
        if (point < line.points - 1) throw late(line, point, period);
        context.warn(`${line.runs[0]!.axis.name} was at rest before the last point of its line was taken`);
      }
      await note();
      await fire();
      recorder.notify();
      if (context.stopping) return;
    }
  };
  const run = async (line: Line, fire: Fire) => {
    await moveTogether(new Map([...line.still, ...line.runs.map((r) => [r.axis, r.begin] as const)]), options);
    for (const { axis, velocity } of line.runs) await axis.velocity?.write(velocity, options);
    // Ended early (a failure, a stop after a point), the axes are stopped here.
    const halt = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, halt.signal]) : halt.signal;
    let rest = false;
    const moving = moveTogether(new Map(line.runs.map((r) => [r.axis, r.end])), { ...options, signal }).finally(() => {
      rest = true;
    });
    moving.catch(() => {}); // awaited below
    try {
      await takePoints(line, fire, () => rest);
      if (context.stopping) halt.abort(halted);
    } catch (error) {
      halt.abort(halted);
      await moving.catch(() => {});
      throw error;
    }
    await moving.catch((error: unknown) => {
      if (error !== halted) throw error;
    });
    await restore();
  };
  return {
    prepare: async () => {
      for (const axis of scanned) usual.set(axis, (await axis.velocity?.read(options)) ?? Number.NaN);
      lines = await sweepLines(trajectory, period, undershoot, options);
    },
    at: (index, fire) => run(lines[index]!, fire),
    stop: async () => {
      await Promise.all(recorded.map((axis) => axis.stop()));
      await restore();
    },
  };
}
const halted = new Error("the line ends here");

function late({ points, runs }: Line, point: number, period: number): Error {
  const [{ axis } = { axis: { name: "the axis" } }] = runs;
  return new Error(
    `${axis.name} came to rest after ${point} of ${points} points: a point takes longer than its ${period} s; give a longer latency, or fewer points`,
  );
}
