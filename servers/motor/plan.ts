// SPDX-License-Identifier: MIT
// Where a move has to go, in steps, and whether it may: limits and backlash.
import { direction, type Frame, stepsOfUser, userLimits, userOfSteps } from "./frame.ts";
import { badValue } from "./refusal.ts";
import { type Settings, softLimits } from "./settings.ts";

export interface Plan {
  /** One after the other; empty when the axis is there already. */
  readonly legs: readonly number[];
  /** Where the last of them ends, in steps. */
  readonly end: number;
}

/**
 * From `from` steps to the user position `target`. With a backlash the last leg goes its way: a move the other way first
 * goes too far by as much. That turning point must be within the limits too.
 * @throws DevFailed API_WAttrOutsideLimit
 */
export function planMove(frame: Frame, settings: Settings, from: number, target: number): Plan {
  if (!Number.isFinite(target)) throw badValue(`a motor cannot be sent to ${target}`);
  const end = stepsOfUser(frame, target);
  if (!Number.isSafeInteger(end) || Math.abs(end) > 2 ** 31 - 1)
    throw badValue(`${target} is ${end} steps, more than a controller counts; StepsPerUnit is ${frame.stepsPerUnit}`);
  checkLimits(frame, settings, end, target);
  if (end === from) return { legs: [], end };
  const back = Math.round(settings.backlash * Math.abs(frame.stepsPerUnit)) * direction(frame);
  if (back === 0 || Math.sign(end - from) === Math.sign(back)) return { legs: [end], end };
  checkLimits(frame, settings, end - back, target);
  return { legs: [end - back, end], end };
}

function checkLimits(frame: Frame, settings: Settings, steps: number, target: number): void {
  const user = userOfSteps(frame, steps);
  const [low, high] = userLimits(frame, softLimits(settings));
  // Half a step of room: a limit need not fall on a whole step.
  const slack = 0.5 / Math.abs(frame.stepsPerUnit);
  const [beyond, name, limit] = user < low - slack ? [true, "low", low] : [user > high + slack, "high", high];
  if (!beyond) return;
  const asked = stepsOfUser(frame, target) === steps;
  const what = asked ? `${target} is` : `the backlash turn of a move to ${target} is at ${user},`;
  throw badValue(`${what} beyond the ${name} limit ${limit}`);
}

/** How far a jog in `way` (steps direction) may go before it must brake: the soft limit of that side, in steps. */
export function jogEnd(frame: Frame, settings: Settings, way: 1 | -1): number {
  const [low, high] = softLimits(settings);
  const ends = [low * frame.stepsPerUnit, high * frame.stepsPerUnit];
  return way === 1 ? Math.max(...ends) : Math.min(...ends);
}

export const userText = (frame: Frame, steps: number, unit: string): string =>
  `${Number(userOfSteps(frame, steps).toPrecision(10))} ${unit}`.trim();
