// SPDX-License-Identifier: MIT
import { icepapMotor } from "../../devices/icepap-motor.ts";
import { deviceClass } from "../../tango/index.ts";
import { openMotor } from "../motor/open.ts";
import type { AxisRegistry } from "../motor/registry.ts";
import { IcepapAxis } from "./axis.ts";
import type { IcepapControllers } from "./controller.ts";

/** Axes that name the same controller share one connection to it. */
export const icepapMotorClass = (axes: AxisRegistry, controllers: IcepapControllers) =>
  deviceClass(icepapMotor, async (device) => {
    const { Host, Port, Address, EncoderRegister, AnswerTimeout } = device.properties;
    const slot = Address % 10;
    if (Address < 1 || Address > 158 || slot < 1 || slot > 8)
      throw new RangeError(`property Address is ${Address}: it must be rack x 10 + slot, racks 0 to 15, slots 1 to 8`);
    const lease = controllers.lease({ host: Host, port: Port, timeout: AnswerTimeout });
    const axis = new IcepapAxis(lease.controller, { address: Address, encoder: EncoderRegister.toUpperCase() }, lease);
    return openMotor(device, axis, axes);
  });
