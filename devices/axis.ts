// SPDX-License-Identifier: MIT
// Any Tango motor, of any language, as an axis of the scan engine: an attribute that is position and target, State that is
// MOVING until it rests, a Stop command. What else it has (Velocity, Offset, MoveTo ...) is used when it is there.
import type { Axis, CallOptions } from "../scanning/index.ts";
import { type ConnectOptions, connect, devFailed } from "../tango/index.ts";
import type { AxisGroups } from "./axis-group.ts";
import { AxisMotion } from "./axis-motion.ts";
import { axisTrajectory } from "./axis-trajectory.ts";
import { decimalsOf, encoderCounter, numberSetting, readLimits, readNumber } from "./axis-values.ts";
import { DeviceAxes } from "./device-axes.ts";

export interface AxisOptions extends ConnectOptions {
  /** The attribute that is read for the position and written to move; default "Position". */
  readonly attribute?: string | undefined;
  /** The command that stops it; default "Stop", else "Abort". */
  readonly stop?: string | undefined;
  /** Digits after the point in tables; default: as the attribute's format says. */
  readonly decimals?: number | undefined;
  /** The attribute its encoder is read from, e.g. "Measured_Position": recorded in every scan of the axis. */
  readonly encoder?: string | undefined;
  /**
   * Axes opened with the same one are moved by one command: those of one PseudoMotor, and motors of one server. The real axes
   * among them are recorded with their pseudo axes.
   */
  readonly groups?: AxisGroups;
}

/** An axis of the scan engine, and what only motors can tell or do. */
export interface TangoAxis<Name extends string = string> extends Axis<Name>, AsyncDisposable {
  /** Seconds a move from here to `target` takes; `undefined` when the device does not tell its speed. */
  moveTime(target: number, call?: CallOptions): Promise<number | undefined>;
}

/**
 * Connects to the motor `trl` and gives it the name scans know it by.
 * @throws DevFailed when the device cannot be reached, or has no attribute of that name.
 */
export async function openAxis<const Name extends string>(
  name: Name,
  trl: string,
  { attribute = "Position", stop, decimals, encoder, groups, ...options }: AxisOptions = {},
): Promise<TangoAxis<Name>> {
  await using resources = new AsyncDisposableStack();
  const device = resources.use(await connect(trl, options));
  const [configs, commands] = await Promise.all([device.attributes(), device.commands()]);
  const named = (wanted: string) => configs.find((each) => each.name.toLowerCase() === wanted.toLowerCase());
  const names = new Set(commands.map((each) => each.name));
  const can = (...wanted: string[]) => wanted.find((command) => names.has(command));
  const config = named(attribute);
  if (!config)
    throw devFailed("API_AttrNotFound", `${trl} has no attribute ${attribute}: it cannot be the axis ${name}`);
  const measured = encoder === undefined ? undefined : named(encoder);
  if (encoder !== undefined && !measured)
    throw devFailed("API_AttrNotFound", `${trl} has no attribute ${encoder}: it cannot be the encoder of ${name}`);
  const moveTo = config.name === "Position" && can("MoveTo") !== undefined;
  const motion = new AxisMotion(device, { name, attribute, stop: can(stop ?? "Stop", "Abort"), moveTo });
  const digits = decimals ?? decimalsOf(config.displayFormat);
  const setting = (wanted: string) => (named(wanted) ? numberSetting(device, wanted) : undefined);
  const [velocity, acceleration, offset, sign] = ["Velocity", "Acceleration", "Offset", "Sign"].map(setting);
  const member = { device, attribute: config.name, motion };
  const group = await groups?.of(member, names, options);
  const pseudo = group instanceof DeviceAxes ? group : undefined;
  await pseudo?.learnReals();
  const owned = resources.move();
  const axis: TangoAxis<Name> = {
    kind: "axis",
    name,
    ...(config.unit && { unit: config.unit }),
    ...(group && { group }),
    ...(measured && { encoder: encoderCounter(device, name, measured) }),
    ...(digits !== undefined && { decimals: digits }),
    ...(velocity && { velocity }),
    ...(acceleration && { acceleration }),
    ...(offset && { offset }),
    ...(sign && { sign }),
    ...(named("DialPosition") && { dial: (call?: CallOptions) => readNumber(device, "DialPosition", call) }),
    ...(can("LoadTrajectory") && can("StartTrajectory") && { trajectory: axisTrajectory(device, motion) }),
    /** Those that are open: in a session file they may be written after this one. */
    get reals() {
      return pseudo?.reals ?? [];
    },
    position: (call) => readNumber(device, attribute, call),
    target: async (call) => {
      const { set, value } = await device.readAttribute(attribute, call);
      return Number(set ?? value);
    },
    limits: (call) => readLimits(device, attribute, call),
    state: (call) => device.state(call),
    move: (target, call) => motion.move(target, call),
    stop: (call) => motion.stop(call),
    moveTime: async (target, call) => {
      if (can("MoveTime")) return Number(await device.call("MoveTime", target, call));
      if (!velocity || !acceleration) return undefined;
      const [here, v, a] = await Promise.all([
        readNumber(device, attribute, call),
        velocity.read(call),
        acceleration.read(call),
      ]);
      return rampedTime(Math.abs(target - here), v, a);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
  groups?.add(axis, member, group);
  return axis;
}

/** From rest to rest; no room to reach the velocity: a triangle. */
const rampedTime = (distance: number, velocity: number, acceleration: number): number =>
  distance * acceleration < velocity * velocity
    ? 2 * Math.sqrt(distance / acceleration)
    : distance / velocity + velocity / acceleration;
