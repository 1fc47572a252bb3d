// SPDX-License-Identifier: MIT
// The settings as attributes: how each is shown, and the events and limits that follow a change.
import type { MotorAxis } from "./axis.ts";
import { userLimits } from "./frame.ts";
import { type Settings, softLimits } from "./settings.ts";

type Show<T> = (settings: Settings, axis: MotorAxis) => T;

const limits: Show<readonly [number, number]> = (settings, { device: { properties } }) =>
  userLimits({ ...settings, stepsPerUnit: properties.StepsPerUnit }, softLimits(settings));

/** Attribute -> its value. */
export const shown = {
  Velocity: ({ velocity }) => velocity,
  Acceleration: ({ acceleration }) => acceleration,
  AccTime: ({ velocity, acceleration }) => velocity / acceleration,
  FirstVelocity: ({ firstVelocity }) => firstVelocity,
  JogVelocity: ({ jogVelocity }) => jogVelocity,
  Backlash: ({ backlash }) => backlash,
  SettleTime: ({ settleTime }) => settleTime,
  Tolerance: ({ tolerance }) => tolerance,
  Sign: ({ sign }) => sign,
  Offset: ({ offset }) => offset,
  LowLimit: (settings, axis) => limits(settings, axis)[0],
  HighLimit: (settings, axis) => limits(settings, axis)[1],
  Home_Position: ({ homePosition }) => homePosition,
  StepSize: ({ stepSize }) => stepSize,
} as const satisfies Record<string, Show<number>>;
export type ShownName = keyof typeof shown;

export const shownLimits = (axis: MotorAxis): Float64Array => Float64Array.from(limits(axis.settings, axis));

/** Sends the events of every setting that differs from `before`, and lets Position's min and max follow the limits. */
export function publishChanges(axis: MotorAxis, before: Settings | undefined): void {
  const now = axis.settings;
  if (before === now) return;
  for (const name of Object.keys(shown) as ShownName[]) {
    const value = shown[name](now, axis);
    if (!before || !Object.is(value, shown[name](before, axis))) axis.device.push(name, value);
  }
  const [low, high] = limits(now, axis);
  const [oldLow, oldHigh] = before ? limits(before, axis) : [Number.NaN, Number.NaN];
  if (low === oldLow && high === oldHigh) return;
  axis.device.push("Limits", [low, high]);
  axis.device.configure("Position", { minValue: low, maxValue: high });
}
