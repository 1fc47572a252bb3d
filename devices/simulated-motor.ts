// SPDX-License-Identifier: MIT
// A motor without hardware: exact kinematics, switches, an encoder with noise, and faults on request.
import { DevBoolean, DevDouble, DevLong, DevString, DevVoid } from "../tango/idl/tango-types.ts";
import { command, defineInterface, optionalProperty, property, readable } from "../tango/interface.ts";
import { motor } from "./motor.ts";

export const simulatedMotor = defineInterface({
  ...motor,
  name: "SimulatedMotor",
  description: "A simulated motor with exact trapezoidal motion, switches, encoder noise and faults.",
  properties: {
    ...motor.properties,
    InitialPosition: property(DevDouble, 0, "Dial position at the very first start"),
    LowSwitch: optionalProperty(DevDouble, "Dial position of the low limit switch; default: none"),
    HighSwitch: optionalProperty(DevDouble, "Dial position of the high limit switch; default: none"),
    HomeSwitchPosition: optionalProperty(DevDouble, "Dial position of the home switch; default: none"),
    Encoder: property(DevBoolean, true, "It has an encoder"),
    EncoderNoise: property(DevDouble, 0, "u, standard deviation of an encoder reading"),
    Seed: property(DevLong, 1, "Of the noise: the same seed gives the same readings"),
  },
  attributes: {
    ...motor.attributes,
    Gate: readable(DevBoolean, { description: "Its gate output, as SetGate left it" }),
  },
  commands: {
    ...motor.commands,
    InjectFault: command(DevString, DevVoid, {
      level: "EXPERT",
      inputDescription: "stall | lose <steps> | silence [<seconds>] | trip [<why>]",
    }),
    RepairFaults: command(DevVoid, DevVoid, { level: "EXPERT" }),
  },
});
