// SPDX-License-Identifier: MIT
// Master of scans along any path: the motors follow a trajectory of their own controllers, and a point is triggered every
// period. What is recorded is where the axes were at the trigger.
import type { NumberColumn } from "../column.ts";
import { knotsOf } from "../knots.ts";
import type { Axis } from "../protocols.ts";
import type { Trajectory } from "../trajectory.ts";
import { axesPlan } from "./axes.ts";
import { delay } from "./delay.ts";
import { readTogether, withReals } from "./move.ts";
import { all, type LiveNode, type NodeContext, type NodePlan } from "./node.ts";

export interface FollowPlan {
  readonly trajectory: Trajectory;
  /** Seconds from one point to the next. */
  readonly period: number;
  /** Seconds from rest to the first point. */
  readonly leadIn: number;
}

export function follow(plan: FollowPlan, children: NodePlan[]): NodePlan {
  return { ...axesPlan(plan.trajectory, children), points: 1, open: (context) => live(plan, context) };
}

function live({ trajectory, period, leadIn }: FollowPlan, context: NodeContext): LiveNode {
  const { recorder, first, options } = context;
  const { paths } = trajectory;
  const recorded = withReals(paths.map(({ axis }) => axis));
  const columns = recorded.map((_, i) => recorder.columns[first + i] as NumberColumn);
  const where = new Map<Axis, number>();
  const halt = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, halt.signal]) : halt.signal;
  const stop = () => halt.abort(halted);

  const takePoints = async (begun: number, fire: () => Promise<void> | undefined) => {
    for (let point = 0; point < trajectory.points; point++) {
      await delay(begun + (leadIn + point * period) * 1000 - performance.now(), signal);
      await readTogether(recorded, where, options);
      for (const [i, axis] of recorded.entries()) columns[i]!.push(where.get(axis)!);
      await fire();
      recorder.notify();
      if (context.stopping) return stop();
    }
  };
  return {
    prepare: async () => {
      const prepared = paths.map(({ axis, positions }) => axis.trajectory!.prepare(knotsOf(positions, period, leadIn).knots, options)); // biome-ignore format: one glance
      await all(prepared, context.failed);
    },
    at: async (_, fire) => {
      const moving = paths.map(({ axis }) => axis.trajectory!.run({ ...options, signal }));
      const taking = takePoints(performance.now(), fire).catch((error: unknown) => {
        stop();
        throw error;
      });
      await all([taking, ...moving.map((one) => one.catch(unlessHalted))], context.failed);
    },
    stop: async () => {
      await Promise.all(recorded.map((axis) => axis.stop()));
    },
  };
}
const halted = new Error("the trajectory ends here");
const unlessHalted = (error: unknown) => {
  if (error !== halted) throw error;
};
