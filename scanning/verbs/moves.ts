// SPDX-License-Identifier: MIT
// mv, mvr, umv, umvr: axes moved together, to a place or by a distance, silently or with live positions.
import { delay } from "../chain/delay.ts";
import { moveTogether, withReals } from "../chain/move.ts";
import { ScanArgumentError } from "../errors.ts";
import { allPositions, checkLimits } from "../limits.ts";
import type { Axis, CallOptions } from "../protocols.ts";
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
  /** The same four in dial positions. */
  mvd(...moves: Moves): Promise<void>;
  mvdr(...moves: Moves): Promise<void>;
  umvd(...moves: Moves): Promise<void>;
  umvdr(...moves: Moves): Promise<void>;
}

/** Milliseconds between two looks at moving axes. */
const look = 100;

export function moveVerbs(desk: Desk): MoveVerbs {
  const verb = (name: string, place: Place, drive: typeof driveSilently) =>
    async (...moves: readonly unknown[]) => {
      const given = pairs(name, moves);
      await desk.during(async (signal) => {
        const targets = await targetsOf(given, place, signal);
        await checkLimits(together(...[...targets].map(([axis, to]) => list(axis, [to]))), { signal });
        await drive(desk, targets, signal);
      });
    }; // biome-ignore format: one glance
  return {
    mv: verb("mv", user, driveSilently),
    mvr: verb("mvr", userFromTarget, driveSilently),
    umv: verb("umv", user, driveShown),
    umvr: verb("umvr", userFromTarget, driveShown),
    mvd: verb("mvd", dial, driveSilently),
    mvdr: verb("mvdr", dialFromTarget, driveSilently),
    umvd: verb("umvd", dial, driveShown),
    umvdr: verb("umvdr", dialFromTarget, driveShown),
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

/** The user position that is meant by a number. */
type Place = (axis: Axis, given: number, call: CallOptions) => number | Promise<number>;
const user: Place = (_, to) => to;
const userFromTarget: Place = async (axis, by, call) => (await axis.target(call)) + by;
const dial: Place = async (axis, to, call) => {
  const [at, dialAt, sign] = [await axis.position(call), await dialOf(axis, call), await signOf(axis, call)];
  return at + sign * (to - dialAt);
};
const dialFromTarget: Place = async (axis, by, call) => (await axis.target(call)) + (await signOf(axis, call)) * by;

/** Of an axis that has none: its position. */
export const dialOf = (axis: Axis, call: CallOptions) => (axis.dial ? axis.dial(call) : axis.position(call));
export const signOf = async (axis: Axis, call: CallOptions) => (await axis.sign?.read(call)) ?? 1;

async function targetsOf(
  given: ReadonlyMap<Axis, number>,
  place: Place,
  signal: AbortSignal,
): Promise<Map<Axis, number>> {
  const moves = [...given].map(async ([axis, number]) => [axis, await place(axis, number, { signal })] as const);
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
  const paths = [...targets].map(([axis, to]) => ({ axis, positions: Float64Array.of(to) }));
  const goals = await allPositions(paths, { signal });
  const show = async (last: boolean) => {
    const positions = await Promise.all(axes.map((axis) => axis.position()));
    block.update(motionLines(axes, positions, goals), last);
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

function motionLines(axes: readonly Axis[], positions: readonly number[], goals: ReadonlyMap<Axis, Float64Array>) {
  const shown = (axis: Axis, value: number | undefined) => (value === undefined ? "" : fixed(value, axis.decimals));
  return aligned([
    ["", ...axes.map(headOf)],
    ["user", ...axes.map((axis, i) => shown(axis, positions[i]))],
    ["target", ...axes.map((axis) => shown(axis, goals.get(axis)?.[0]))],
  ]);
}

/** `robx[mm]` */
export const headOf = ({ name, unit }: Axis): string => (unit ? `${name}[${unit}]` : name);
