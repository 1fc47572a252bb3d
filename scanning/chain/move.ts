// SPDX-License-Identifier: MIT
// Moving several axes together, as one group: axes that share a group are one call of it.
import type { Axis, AxisGroup, CallOptions } from "../protocols.ts";
import { all } from "./node.ts";

/** Checked before anything moves. @throws RangeError naming the axis. */
export function checkTarget(axis: Axis, target: number): void {
  if (!Number.isFinite(target)) throw new RangeError(`axis ${axis.name} cannot be moved to position: ${target}`);
}

/**
 * Starts all axes at once and resolves with their positions, read back at rest. When one fails the others are stopped,
 * and their end is awaited. Aborting the signal decelerates all.
 */
export async function moveTogether(
  targets: ReadonlyMap<Axis, number>,
  options: CallOptions = {},
): Promise<Map<Axis, number>> {
  const positions = new Map<Axis, number>();
  for (const [axis, target] of targets) checkTarget(axis, target);
  const moves: Promise<unknown>[] = [];
  for (const [group, members] of byGroup(targets)) {
    if (group && members.size > 1)
      moves.push(group.move(members, options).then(() => readTogether(members.keys(), positions, options)));
    // One axis of a group is moved by itself.
    else
      for (const [axis, target] of members)
        moves.push(axis.move(target, options).then((at) => positions.set(axis, at)));
  }
  const stop = () => void Promise.allSettled([...targets.keys()].map((axis) => axis.stop()));
  await all(moves, moves.length > 1 ? stop : undefined);
  return positions;
}

export async function readTogether(axes: Iterable<Axis>, into: Map<Axis, number>, options: CallOptions): Promise<void> {
  await Promise.all([...axes].map(async (axis) => void into.set(axis, await axis.position(options))));
}

function byGroup(targets: ReadonlyMap<Axis, number>): Map<AxisGroup | undefined, Map<Axis, number>> {
  const groups = new Map<AxisGroup | undefined, Map<Axis, number>>();
  for (const [axis, target] of targets) {
    const members = groups.get(axis.group);
    if (members) members.set(axis, target);
    else groups.set(axis.group, new Map([[axis, target]]));
  }
  return groups;
}

/** The axes, then the real axes of the pseudo ones among them, each once. */
export function withReals(axes: readonly Axis[]): Axis[] {
  const known = new Set(axes);
  for (const axis of known) for (const real of axis.reals ?? []) known.add(real);
  return [...known];
}
