// SPDX-License-Identifier: MIT
import { simulatedMotor } from "../../devices/simulated-motor.ts";
import { devFailed } from "../../tango/errors.ts";
import { deviceClass } from "../../tango/index.ts";
import type { PropertyValues } from "../../tango/interface.ts";
import type { AxisGroup } from "../motor/driver.ts";
import { openMotor } from "../motor/open.ts";
import type { AxisRegistry } from "../motor/registry.ts";
import { SimulatedAxis } from "./axis.ts";
import { parseFault } from "./faults.ts";

/** Axes of one process start in the same instant. */
const group: AxisGroup = {
  about: "the simulated axes of this server",
  move: (targets) => {
    for (const [axis, steps] of targets) void axis.move(steps);
  },
  halt: (axes, how) => {
    for (const axis of axes) void (how === "abort" && axis.abort ? axis.abort() : axis.stop());
  },
};

export const simulatedMotorClass = (axes: AxisRegistry) =>
  deviceClass(simulatedMotor, async (device) => {
    const axis = makeAxis(device.name, device.properties);
    const handlers = await openMotor(device, axis, axes);
    return {
      ...handlers,
      Gate: () => axis.gateOpen,
      InjectFault: (text) => axis.inject(readFault(text)),
      RepairFaults: () => axis.repair(),
    };
  });

function readFault(text: string) {
  try {
    return parseFault(text);
  } catch (error) {
    throw devFailed("API_InvalidArgs", (error as Error).message);
  }
}

function makeAxis(name: string, properties: PropertyValues<typeof simulatedMotor>): SimulatedAxis {
  const { StepsPerUnit, LowSwitch, HighSwitch, HomeSwitchPosition, Encoder, EncoderNoise, Seed } = properties;
  const { Velocity = 10, Acceleration = 40, InitialPosition } = properties;
  const scale = Math.abs(StepsPerUnit);
  const place = (key: string, dial: number | undefined) =>
    dial === undefined ? {} : { [key]: Math.round(dial * StepsPerUnit) };
  // A negative resolution turns the dial around: its low side is the controller's high side.
  const [low, high] = StepsPerUnit > 0 ? [LowSwitch, HighSwitch] : [HighSwitch, LowSwitch];
  const axis = new SimulatedAxis({
    name: `simulated axis ${name}`,
    speed: { velocity: Velocity * scale, acceleration: Acceleration * scale },
    ...place("low", low),
    ...place("high", high),
    ...place("home", HomeSwitchPosition),
    encoder: Encoder,
    noise: EncoderNoise * scale,
    seed: Seed,
    group,
  });
  axis.recall(Math.round(InitialPosition * StepsPerUnit));
  return axis;
}
