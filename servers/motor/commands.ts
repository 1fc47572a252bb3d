// SPDX-License-Identifier: MIT
import type { motor } from "../../devices/motor.ts";
import { devFailed } from "../../tango/errors.ts";
import type { CommandHandler } from "../../tango/index.ts";
import type { CommandsOf } from "../../tango/interface.ts";
import type { MotorAxis } from "./axis.ts";
import { applyConfig, change, presetPosition } from "./change.ts";
import type { Direction } from "./driver.ts";
import { moveTime } from "./duration.ts";
import { axisInfo, configValue } from "./info.ts";
import type { LoadedTrajectory } from "./loaded.ts";
import { moveAsAsked } from "./move.ts";
import { badValue, notSupported } from "./refusal.ts";
import type { AxisRegistry } from "./registry.ts";
import { findLimit, goHome, jog } from "./searches.ts";
import { parseTargets } from "./targets.ts";
import { arriveTogether, moveTogether } from "./together.ts";

type Commands = CommandsOf<typeof motor>;
type CommandHandlers = { readonly [C in keyof Commands]: CommandHandler<Commands[C]> };

export function commands(axis: MotorAxis, axes: AxisRegistry, loaded: LoadedTrajectory): CommandHandlers {
  return {
    ...motions(axis),
    ...together(axes),
    ...trajectory(loaded),
    ...positionAndPower(axis),
    ...configuration(axis),
  };
}

function motions(axis: MotorAxis) {
  const step = (way: Direction) => moveAsAsked(axis, axis.target + way * axis.settings.stepSize);
  return {
    Stop: () => axis.halt("stop"),
    Abort: () => axis.halt("abort"),
    MoveRelative: async (way: number) => {
      await axis.view.fresh();
      await axis.move(axis.target + way);
    },
    StepUp: () => step(1),
    StepDown: () => step(-1),
    Jog: (velocity: number) => jog(axis, velocity),
    JogMove: (velocity: number) => jog(axis, velocity),
    GoHome: () => goHome(axis, 1),
    GoHomeInversed: () => goHome(axis, -1),
    FindLimit: (way: number) => {
      if (Math.abs(way) !== 1) throw badValue(`1 is the high limit switch and -1 the low one; ${way} is none`);
      return findLimit(axis, way as Direction);
    },
    MoveTo: async (user: number) => {
      await axis.move(user);
      return axis.arrived();
    },
    MoveTime: async (user: number) => {
      await axis.view.fresh();
      return moveTime(axis, user);
    },
    WaitMove: () => axis.ended,
  };
}

function together(axes: AxisRegistry) {
  return {
    GroupMove: (words: readonly string[]) => moveTogether(parseTargets(words, axes)),
    GroupMoveTo: async (words: readonly string[]) => {
      const targets = parseTargets(words, axes);
      await moveTogether(targets);
      return Float64Array.from(await arriveTogether([...targets.keys()]));
    },
  };
}

function trajectory(loaded: LoadedTrajectory) {
  return {
    LoadTrajectory: (rows: Float64Array) => loaded.load(rows),
    StartTrajectory: () => loaded.start(),
  };
}

function positionAndPower(axis: MotorAxis) {
  const { driver, view } = axis;
  const power = async (on: boolean) => {
    axis.resting(on ? "switch it on" : "switch it off");
    if (!driver.power) throw notSupported("switch the motor power", driver.about);
    await driver.power(on);
    axis.forgive();
    await axis.check();
  };
  return {
    On: () => power(true),
    Off: () => power(false),
    SetGate: async (open: number) => {
      if (!driver.gate) throw notSupported("open a gate", driver.about);
      if (open !== 0 && open !== 1) throw badValue(`1 opens the gate and 0 closes it; ${open} is neither`);
      await driver.gate(open === 1);
    },
    SetPosition: (user: number) => presetPosition(axis, user),
    DefinePosition: async (user: number) => void (await presetPosition(axis, user)),
    SetDial: async (dial: number) => {
      axis.resting("set its dial position");
      if (!Number.isFinite(dial)) throw badValue(`the dial position cannot be set to ${dial}`);
      await view.look();
      const [user, before] = [view.position, view.dial];
      await axis.setDialPosition(dial);
      await change(axis, { offset: user - axis.frame.sign * view.dial });
      return before;
    },
    CtrlPosition: async () => {
      await view.look();
      return view.dial;
    },
    SyncHard: async () => {
      axis.resting("synchronise it");
      axis.forgive();
      await axis.check();
    },
  };
}

function configuration(axis: MotorAxis) {
  const { driver, device, memory } = axis;
  const toConfig = () => memory.toProperties();
  const raw = (text: string) => {
    if (!driver.raw) throw notSupported("take commands of its own language", driver.about);
    return driver.raw(text);
  };
  return {
    ReadConfig: (name: string) => {
      const value = configValue(axis, name);
      if (value === undefined)
        throw devFailed("API_InvalidArgs", `${device.name} has no setting or property "${name}"`);
      return value;
    },
    SettingsToConfig: toConfig,
    SaveConfig: toConfig,
    ApplyConfig: (reload: boolean) => applyConfig(axis, reload),
    GetInfo: () => axisInfo(axis),
    GetControllerClassName: () => device.server.split("/")[0] ?? "",
    GetCustomCommandList: () => [],
    GetCustomAttributeList: () => [],
    RawWrite: async (text: string) => void (await raw(text)),
    RawWriteRead: async (text: string) => raw(text),
  };
}
