// SPDX-License-Identifier: MIT
// Master of step scans: moves its axes to each point of a trajectory, notes where they are, triggers what is below.
import type { NumberColumn } from "../column.ts";
import type { Axis } from "../protocols.ts";
import type { AxisPath, Trajectory } from "../trajectory.ts";
import { delay } from "./delay.ts";
import { checkTarget, moveTogether, readTogether, withReals } from "./move.ts";
import type { ChannelPlan, Fire, LiveNode, NodeContext, NodePlan } from "./node.ts";

export interface AxesOptions {
  /** Seconds to wait after each move. */
  readonly stabTime?: number;
}

export function axes(trajectory: Trajectory, children: NodePlan[], options: AxesOptions = {}): NodePlan {
  const recorded = withReals(trajectory.paths.map(({ axis }) => axis));
  return { ...axesPlan(trajectory, children), open: (context) => live(trajectory, recorded, options, context) };
}

/** The node of any master that moves axes along a trajectory, all but how it does it. */
export function axesPlan(trajectory: Trajectory, children: NodePlan[]): Omit<NodePlan, "open"> {
  const paths = new Map<Axis, AxisPath>(trajectory.paths.map((path) => [path.axis, path]));
  const channels = withReals([...paths.keys()]).map((axis) =>
    axisChannel(axis, describePath(paths.get(axis), trajectory)),
  );
  return { name: "axis", channels, children, hasMetadata: false };
}

export const axisChannel = (axis: Axis, description: Readonly<Record<string, unknown>>): ChannelPlan => ({
  fullname: `axis:${axis.name}`,
  name: axis.name,
  dim: 0,
  dtype: "float64",
  shape: [],
  decimals: axis.decimals ?? 5,
  ...(axis.unit !== undefined && { unit: axis.unit }),
  description,
});

/** What plots want to know of a scanned axis. */
function describePath(path: AxisPath | undefined, { points, shape }: Trajectory): Readonly<Record<string, unknown>> {
  if (!path?.range) return {};
  const { start, stop } = path.range;
  if (shape !== "grid") return { start, stop, points };
  return { start, stop, points, axis_points: path.axisPoints, axis_id: path.id, axis_kind: path.kind };
}

function live(trajectory: Trajectory, recorded: readonly Axis[], options: AxesOptions, context: NodeContext): LiveNode {
  const { paths } = trajectory;
  const columns = recorded.map((_, i) => context.recorder.columns[context.first + i] as NumberColumn);
  const stabMs = (options.stabTime ?? 0) * 1000;
  const where = new Map<Axis, number>();
  const rest = recorded.filter((axis) => !paths.some((path) => path.axis === axis));
  let moving = false;

  const single = paths.length === 1 && rest.length === 0 ? paths[0] : undefined;
  const arrive = async (point: number): Promise<void> => {
    moving = true;
    if (single) {
      const target = single.positions[point]!;
      checkTarget(single.axis, target);
      where.set(single.axis, await single.axis.move(target, context.options));
    } else {
      const targets = new Map<Axis, number>();
      for (const { axis, positions } of paths)
        if (point === 0 || positions[point] !== positions[point - 1]) targets.set(axis, positions[point]!);
      for (const [axis, at] of await moveTogether(targets, context.options)) where.set(axis, at);
      // Pseudo axes of one group change together, and their reals with them.
      const stale =
        targets.size === 0
          ? []
          : rest.concat(paths.flatMap(({ axis }) => (axis.group?.realPositions && !targets.has(axis) ? [axis] : [])));
      if (stale.length > 0) await readTogether(stale, where, context.options);
    }
    moving = false;
    if (stabMs > 0) await delay(stabMs, context.options.signal);
  };
  const note = () => {
    for (let i = 0; i < recorded.length; i++) columns[i]!.push(where.get(recorded[i]!)!);
  };
  const stays = (point: number) =>
    point > 0 && paths.every(({ positions }) => positions[point] === positions[point - 1]);
  const step = async (point: number, fire: Fire): Promise<void> => {
    await arrive(point);
    note();
    const counted = fire();
    if (counted) await counted;
  };
  return {
    at: (point, fire) => {
      if (!stays(point)) return step(point, fire);
      note();
      return fire();
    },
    stop: async () => {
      if (moving) await Promise.all(recorded.map((axis) => axis.stop()));
    },
  };
}
