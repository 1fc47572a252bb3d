// SPDX-License-Identifier: MIT
// mv, mvr, umv, umvr: axes moved together, to a place or by a distance, silently or with live positions.
import { delay } from "../chain/delay.ts";
import { moveTogether, withReals } from "../chain/move.ts";
import { ScanArgumentError } from "../errors.ts";
import { checkLimits } from "../limits.ts";
import type { Axis } from "../protocols.ts";
import { isAxis } from "../session/session.ts";
import { fixed } from "../titles.ts";
import { describe, list, together } from "../trajectory.ts";
import { aligned, Block } from "./block.ts";
import type { Desk } from "./desk.ts";

/** Axis, number, axis, number ... */
export type Moves = readonly [axis: Axis, value: number, ...more: (Axis | number)[]];

export interface MoveVerbs {
  /** Moves axes together and waits for all of them. Limits are checked before anything moves. */
  mv(...moves: Moves): Promise<void>;
  /** By a distance, from where each axis was last sent. */
  mvr(...moves: Moves): Promise<void>;
  /** As `mv`, with live positions. */
  umv(...moves: Moves): Promise<void>;
  umvr(...moves: Moves): Promise<void>;
}

/** Milliseconds between two looks at moving axes. */
const look = 100;

export function moveVerbs(desk: Desk): MoveVerbs {
  const verb = (name: string, relative: boolean, drive: typeof driveSilently) =>
    async (...moves: readonly unknown[]) => {
      const given = pairs(name, moves);
      await desk.during(async (signal) => {
        const targets = relative ? await fromTargets(given, signal) : given;
        await checkLimits(together(...[...targets].map(([axis, to]) => list(axis, [to]))), { signal });
        await drive(desk, targets, signal);
      });
    }; // biome-ignore format: one glance
  return {
    mv: verb("mv", false, driveSilently),
    mvr: verb("mvr", true, driveSilently),
    umv: verb("umv", false, driveShown),
    umvr: verb("umvr", true, driveShown),
  };
}

/** Of the same axis twice the last counts. @throws ScanArgumentError with how the verb is used */
function pairs(verb: string, moves: readonly unknown[]): Map<Axis, number> {
  const usage = `Usage: ${verb}(motor1, position1, motor2, position2, ...)`;
  const targets = new Map<Axis, number>();
  if (moves.length === 0 || moves.length % 2 !== 0) throw new ScanArgumentError(`${verb} needs pairs. ${usage}`);
  for (let i = 0; i < moves.length; i += 2) {
    const [axis, value] = [moves[i], moves[i + 1]];
    if (!isAxis(axis)) throw new ScanArgumentError(`${describe(axis)} is not an axis. ${usage}`);
    if (typeof value !== "number") throw new ScanArgumentError(`${describe(value)} is not a position. ${usage}`);
    targets.set(axis, value);
  }
  return targets;
}

async function fromTargets(given: ReadonlyMap<Axis, number>, signal: AbortSignal): Promise<Map<Axis, number>> {
  const moves = [...given].map(async ([axis, by]) => [axis, (await axis.target({ signal })) + by] as const);
  return new Map(await Promise.all(moves));
}

async function driveSilently(desk: Desk, targets: ReadonlyMap<Axis, number>, signal: AbortSignal): Promise<void> {
  for (const [axis, to] of targets) {
    const from = await axis.position({ signal });
    desk.print(`Moving ${axis.name} from ${fixed(from, axis.decimals)} to ${fixed(to, axis.decimals)}`);
  }
  try {
    await moveTogether(targets, { signal });
  } catch (error) {
    if (signal.aborted)
      for (const axis of targets.keys())
        desk.print(`Axis ${axis.name} stopped at position ${fixed(await axis.position(), axis.decimals)}`);
    throw error;
  }
}

async function driveShown(desk: Desk, targets: ReadonlyMap<Axis, number>, signal: AbortSignal): Promise<void> {
  const block = new Block(desk.screen);
  const axes = withReals([...targets.keys()]);
  const show = async (last: boolean) => {
    const positions = await Promise.all(axes.map((axis) => axis.position()));
    block.update(motionLines(axes, positions, targets), last);
  };
  let moving = true;
  const ended = moveTogether(targets, { signal }).finally(() => {
    moving = false;
  });
  ended.catch(() => {}); // awaited below
  try {
    while (moving) {
      await show(false);
      await Promise.race([ended, delay(look)]);
    }
    await ended;
  } finally {
    await show(true);
  }
}

function motionLines(axes: readonly Axis[], positions: readonly number[], targets: ReadonlyMap<Axis, number>) {
  const shown = (axis: Axis, value: number | undefined) => (value === undefined ? "" : fixed(value, axis.decimals));
  return aligned([
    ["", ...axes.map(headOf)],
    ["user", ...axes.map((axis, i) => shown(axis, positions[i]))],
    ["target", ...axes.map((axis) => shown(axis, targets.get(axis)))],
  ]);
}

/** `robx[mm]` */
export const headOf = ({ name, unit }: Axis): string => (unit ? `${name}[${unit}]` : name);
