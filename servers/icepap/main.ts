// SPDX-License-Identifier: MIT
// IcePAP: axes of IcePAP controllers (class IcepapMotor) and groups of them (class MotorGroup).
import { serve } from "../../tango/index.ts";
import { motorGroupClass } from "../motor/group.ts";
import { AxisRegistry } from "../motor/registry.ts";
import { IcepapControllers } from "./controller.ts";
import { icepapMotorClass } from "./motor.ts";

const axes = new AxisRegistry();
const controllers = new IcepapControllers();
await serve({ server: "IcePAP", classes: [icepapMotorClass(axes, controllers), motorGroupClass(axes)] });
