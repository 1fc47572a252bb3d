// SPDX-License-Identifier: MIT
// How long moves take, in seconds, by the settings.
import type { MotorAxis } from "./axis.ts";
import { trapezoid } from "./profile.ts";
import { stepSpeed } from "./settings.ts";

/** A move from rest here to `user`, with its backlash and settling; 0 when it is there. @throws DevFailed when it may not go. */
export function moveTime(axis: MotorAxis, user: number): number {
  const { legs } = axis.plan(user);
  return legs.length === 0 ? 0 : travelTime(axis, axis.view.reading.steps, legs) + axis.settings.settleTime;
}

/** Until the present motion ends, as far as that is known; 0 at rest. */
export function remainingTime(axis: MotorAxis): number {
  const { view, settings, motion } = axis;
  if (!motion) return 0;
  const { remaining = Number.NaN, steps } = view.reading;
  const { goal = steps, legs } = motion;
  const thisLeg = Number.isFinite(remaining) ? remaining / 1000 : travelTime(axis, steps, [goal]);
  return thisLeg + travelTime(axis, goal, legs) + settings.settleTime;
}

/** From `from` to one place (in steps) after the other. */
function travelTime({ settings, frame }: MotorAxis, from: number, places: readonly number[]): number {
  const speed = stepSpeed(settings, frame.stepsPerUnit);
  return places.reduce((sum, place, i) => sum + trapezoid(places[i - 1] ?? from, place, speed).duration, 0);
}
