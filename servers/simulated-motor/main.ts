// SPDX-License-Identifier: MIT
// SimulatedMotor: any number of simulated motors (class SimulatedMotor) and groups of them (class MotorGroup).
import { serve } from "../../tango/index.ts";
import { motorGroupClass } from "../motor/group.ts";
import { AxisRegistry } from "../motor/registry.ts";
import { simulatedMotorClass } from "./motor.ts";

const axes = new AxisRegistry();
await serve({ server: "SimulatedMotor", classes: [simulatedMotorClass(axes), motorGroupClass(axes)] });
