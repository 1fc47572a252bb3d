// SPDX-License-Identifier: MIT
// What clients set on a motor and find again after a restart. Positions and limits are kept as dial values, so that a
// changed offset moves the user limits with the axis. Stored as lines "name=value" in the device property `Settings`.
import type { motor } from "../../devices/motor.ts";
import type { PropertyValues } from "../../tango/interface.ts";
import { dialLimits, type Frame, type Limits, userLimits } from "./frame.ts";
import type { Speed } from "./profile.ts";

export type MotorProperties = PropertyValues<typeof motor>;

export interface Settings {
  readonly sign: 1 | -1;
  readonly offset: number;
  /** Units a second; positive. */
  readonly velocity: number;
  /** Units a second squared; positive. */
  readonly acceleration: number;
  readonly firstVelocity: number;
  readonly jogVelocity: number;
  readonly backlash: number;
  readonly settleTime: number;
  readonly tolerance: number;
  /** Dial. */
  readonly lowLimit: number;
  /** Dial. */
  readonly highLimit: number;
  /** Dial; NaN: homing leaves the position alone. */
  readonly homePosition: number;
  readonly stepSize: number;
  /** 1 closed, 0 open, NaN: as the controller has it. */
  readonly closedLoop: number;
  /** Dial position, for controllers that forget theirs; NaN: not known. */
  readonly position: number;
}
export type SettingName = keyof Settings;

type Check = (value: number) => string | undefined;
const positive: Check = (value) => (value > 0 && Number.isFinite(value) ? undefined : "must be positive");
const notNegative: Check = (value) => (value >= 0 && Number.isFinite(value) ? undefined : "must not be negative");
const finite: Check = (value) => (Number.isFinite(value) ? undefined : "must be finite");
const anything: Check = () => undefined;

const checks: Readonly<Record<SettingName, Check>> = {
  sign: (value) => (Math.abs(value) === 1 ? undefined : "must be 1 or -1"),
  offset: finite,
  velocity: positive,
  acceleration: positive,
  firstVelocity: notNegative,
  jogVelocity: positive,
  backlash: finite,
  settleTime: notNegative,
  tolerance: notNegative,
  lowLimit: (value) => (Number.isNaN(value) ? "must not be NaN" : undefined),
  highLimit: (value) => (Number.isNaN(value) ? "must not be NaN" : undefined),
  homePosition: anything,
  stepSize: finite,
  closedLoop: anything,
  position: anything,
};

/** What the properties say; `speed` (units) is the controller's own, for what they leave open. */
export function configured(properties: MotorProperties, speed: Speed | undefined): Settings {
  const sign = properties.Sign === -1 ? -1 : 1;
  const frame: Frame = { sign, offset: properties.Offset, stepsPerUnit: properties.StepsPerUnit };
  const [lowLimit, highLimit] = dialLimits(frame, [
    properties.LowLimit ?? Number.NEGATIVE_INFINITY,
    properties.HighLimit ?? Number.POSITIVE_INFINITY,
  ]);
  const velocity = properties.Velocity ?? speed?.velocity ?? 1;
  return {
    sign,
    offset: properties.Offset,
    velocity,
    acceleration: properties.Acceleration ?? speed?.acceleration ?? velocity * 4,
    firstVelocity: properties.FirstVelocity,
    jogVelocity: properties.JogVelocity ?? velocity,
    backlash: properties.Backlash,
    settleTime: properties.SettleTime,
    tolerance: properties.Tolerance,
    lowLimit,
    highLimit,
    homePosition: properties.HomePosition ?? Number.NaN,
    stepSize: properties.StepSize,
    closedLoop: Number.NaN,
    position: Number.NaN,
  };
}

/** Properties that no motor can work with. @throws RangeError naming the property. */
export function checkProperties(properties: MotorProperties): void {
  const wrong = (name: string, value: unknown, why: string) =>
    new RangeError(`property ${name} is ${value}: it ${why}`);
  const { Sign, StepsPerUnit, LowLimit, HighLimit, MaxVelocity } = properties;
  if (Math.abs(Sign) !== 1) throw wrong("Sign", Sign, "must be 1 or -1");
  if (!Number.isFinite(StepsPerUnit) || StepsPerUnit === 0) throw wrong("StepsPerUnit", StepsPerUnit, "must not be 0");
  if (LowLimit !== undefined && HighLimit !== undefined && LowLimit >= HighLimit)
    throw wrong("LowLimit", LowLimit, `must be below HighLimit ${HighLimit}`);
  if (MaxVelocity !== undefined && !(MaxVelocity > 0)) throw wrong("MaxVelocity", MaxVelocity, "must be positive");
  for (const name of ["PollingTime", "IdlePollingTime", "EventPeriod"] as const)
    if (!(properties[name] > 0)) throw wrong(name, properties[name], "must be positive");
  for (const name of ["Velocity", "Acceleration", "JogVelocity"] as const) {
    const value = properties[name];
    if (value !== undefined && !(value > 0)) throw wrong(name, value, "must be positive");
  }
}

/** Why `value` cannot be this setting; `undefined` when it can. */
export const objection = (name: SettingName, value: number): string | undefined => checks[name](value);

/** Adds what was stored; a line that cannot be understood is reported and left out. */
export function restored(base: Settings, lines: readonly string[], report: (text: string) => void): Settings {
  const settings: Record<string, number> = { ...base };
  for (const line of lines) {
    const [, name = "", text = ""] = /^\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line) ?? [];
    const value = text === "NaN" ? Number.NaN : Number(text);
    const bad =
      name in checks ? (text === "" ? "has no number" : objection(name as SettingName, value)) : "is no setting";
    if (bad || (Number.isNaN(value) && text !== "NaN"))
      report(`property Settings: "${line}" ${bad ?? "has no number"}; ignored`);
    else settings[name] = value;
  }
  return settings as unknown as Settings;
}

/** The lines to store: what differs from `base`. */
export function stored(settings: Settings, base: Settings): string[] {
  return (Object.keys(checks) as SettingName[])
    .filter((name) => !Object.is(settings[name], base[name]))
    .map((name) => `${name}=${settings[name]}`);
}

/** The properties that give these settings. */
export function asProperties(
  settings: Settings,
  { StepsPerUnit }: MotorProperties,
): Record<string, number | undefined> {
  const [low, high] = userLimits({ ...settings, stepsPerUnit: StepsPerUnit }, softLimits(settings));
  const known = (value: number) => (Number.isFinite(value) ? value : undefined);
  return {
    Sign: settings.sign,
    Offset: settings.offset,
    Velocity: settings.velocity,
    Acceleration: settings.acceleration,
    FirstVelocity: settings.firstVelocity,
    JogVelocity: settings.jogVelocity,
    Backlash: settings.backlash,
    SettleTime: settings.settleTime,
    Tolerance: settings.tolerance,
    LowLimit: known(low),
    HighLimit: known(high),
    HomePosition: known(settings.homePosition),
    StepSize: settings.stepSize,
  };
}

/** Steps and seconds; a ramp does not start faster than the velocity it leads to. */
export function stepSpeed(settings: Settings, stepsPerUnit: number): Required<Speed> {
  const steps = Math.abs(stepsPerUnit);
  const { velocity, acceleration, firstVelocity } = settings;
  return {
    velocity: velocity * steps,
    acceleration: acceleration * steps,
    firstVelocity: Math.min(firstVelocity, velocity) * steps,
  };
}

export const softLimits = ({ lowLimit, highLimit }: Settings): Limits => [lowLimit, highLimit];
