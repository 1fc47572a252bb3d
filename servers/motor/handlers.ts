// SPDX-License-Identifier: MIT
// Every member of the Motor interface, served from one MotorAxis.
import type { motor } from "../../devices/motor.ts";
import { type AttributeHandler, type Handlers, reading } from "../../tango/index.ts";
import type { AttributesOf } from "../../tango/interface.ts";
import type { MotorAxis } from "./axis.ts";
import { change, presetPosition } from "./change.ts";
import { commands } from "./commands.ts";
import { remainingTime } from "./duration.ts";
import { dialLimits } from "./frame.ts";
import { LoadedTrajectory } from "./loaded.ts";
import { moveAsAsked } from "./move.ts";
import { badValue, notSupported } from "./refusal.ts";
import type { AxisRegistry } from "./registry.ts";
import type { Settings } from "./settings.ts";
import { type ShownName, shown, shownLimits } from "./shown.ts";

type Attributes = AttributesOf<typeof motor>;
type AttributeHandlers = { readonly [A in keyof Attributes]: AttributeHandler<Attributes[A]> };

/** What a motor's device class returns; `axes` are those of its server. */
export function motorHandlers(axis: MotorAxis, axes: AxisRegistry): Handlers<typeof motor> {
  const loaded = new LoadedTrajectory(axis);
  return {
    ...positions(axis, axes),
    trajpar: { read: () => loaded.table, write: (table) => void (loaded.table = table) },
    ...settings(axis),
    ...switchesAndLoop(axis),
    ...commands(axis, axes, loaded),
    ...hooks(axis),
  };
}

const hardware = new Set([
  "position",
  "dialposition",
  "measured_position",
  "followingerror",
  "steps",
  "hardlimitlow",
  "hardlimithigh",
  "homeswitch",
  "limit_switches",
  "home_side",
  "remainingtime",
  "target",
]);

function hooks(axis: MotorAxis) {
  return {
    beforeRead: async (names: readonly string[]) => {
      // A silent controller is told by each attribute that needs it, not by those that do not.
      if (names.some((name) => hardware.has(name.toLowerCase()))) await axis.view.fresh().catch(() => axis.check());
    },
  };
}

type Positions = Pick<
  AttributeHandlers,
  | "Position"
  | "DialPosition"
  | "Measured_Position"
  | "FollowingError"
  | "Steps"
  | "Steps_per_unit"
  | "PresetPosition"
  | "Target"
  | "RemainingTime"
  | "GroupDevice"
>;

function positions(axis: MotorAxis, axes: AxisRegistry): Positions {
  const { view, device } = axis;
  const quality = () => ({ quality: view.reading.moving ? "CHANGING" : "VALID" }) as const;
  return {
    Position: {
      read: () => reading(view.position, { ...quality(), set: axis.target }),
      write: (user) => moveAsAsked(axis, user),
    },
    DialPosition: () => reading(view.dial, quality()),
    Measured_Position: () => reading(view.measured, quality()),
    FollowingError: () => view.position - view.measured,
    Steps: () => view.reading.steps,
    Steps_per_unit: () => device.properties.StepsPerUnit,
    PresetPosition: { read: () => view.position, write: async (user) => void (await presetPosition(axis, user)) },
    Target: () => axis.target,
    RemainingTime: () => remainingTime(axis),
    GroupDevice: () => axes.groupOf(device.name),
  };
}

type SettingHandlers = Pick<AttributeHandlers, ShownName | "Limits">;

function settings(axis: MotorAxis): SettingHandlers {
  const attribute = (name: ShownName, toSettings: (value: number) => Partial<Settings>) => ({
    read: () => shown[name](axis.settings, axis),
    write: (value: number) => change(axis, toSettings(value)),
  });
  const speed = (velocity: number) => {
    const most = axis.device.properties.MaxVelocity ?? Number.POSITIVE_INFINITY;
    if (velocity > most) throw badValue(`${velocity} is faster than MaxVelocity ${most}`);
    return velocity;
  };
  const userLimits = (low: number, high: number): Partial<Settings> => {
    if (!(low < high)) throw badValue(`limits [${low}, ${high}]: the low one must be below the high one`);
    const [lowLimit, highLimit] = dialLimits(axis.frame, [low, high]);
    return { lowLimit, highLimit };
  };
  const quiet = (changes: Partial<Settings>) => {
    axis.resting("change that");
    return changes;
  };
  return {
    Velocity: attribute("Velocity", (value) => ({ velocity: speed(value) })),
    Acceleration: attribute("Acceleration", (acceleration) => ({ acceleration })),
    AccTime: attribute("AccTime", (seconds) => ({ acceleration: axis.settings.velocity / seconds })),
    FirstVelocity: attribute("FirstVelocity", (firstVelocity) => ({ firstVelocity })),
    JogVelocity: attribute("JogVelocity", (value) => ({ jogVelocity: speed(value) })),
    Backlash: attribute("Backlash", (backlash) => ({ backlash })),
    SettleTime: attribute("SettleTime", (settleTime) => ({ settleTime })),
    Tolerance: attribute("Tolerance", (tolerance) => ({ tolerance })),
    Sign: attribute("Sign", (sign) => quiet({ sign: sign as 1 | -1 })),
    Offset: attribute("Offset", (offset) => quiet({ offset })),
    LowLimit: attribute("LowLimit", (low) => userLimits(low, shownLimits(axis)[1]!)),
    HighLimit: attribute("HighLimit", (high) => userLimits(shownLimits(axis)[0]!, high)),
    Limits: {
      read: () => shownLimits(axis),
      write: ([low = Number.NaN, high = Number.NaN]) => change(axis, userLimits(low, high)),
    },
    Home_Position: attribute("Home_Position", (homePosition) => ({ homePosition })),
    StepSize: attribute("StepSize", (stepSize) => ({ stepSize })),
  };
}

type SwitchHandlers = Pick<
  AttributeHandlers,
  "HardLimitLow" | "HardLimitHigh" | "HomeSwitch" | "Limit_switches" | "Home_side" | "ClosedLoop"
>;

function switchesAndLoop(axis: MotorAxis): SwitchHandlers {
  const { view, driver } = axis;
  return {
    HardLimitLow: () => view.switches.low,
    HardLimitHigh: () => view.switches.high,
    HomeSwitch: () => view.reading.home ?? false,
    Limit_switches: () => [view.reading.home ?? false, view.switches.high, view.switches.low],
    Home_side: () => view.dial >= axis.settings.homePosition,
    ClosedLoop: {
      read: async () => (await driver.closedLoop?.()) ?? axis.settings.closedLoop === 1,
      write: async (closed) => {
        if (!driver.setClosedLoop) throw notSupported("close a position loop", driver.about);
        await driver.setClosedLoop(closed);
        await change(axis, { closedLoop: closed ? 1 : 0 });
        axis.device.push("ClosedLoop", closed);
      },
    },
  };
}
