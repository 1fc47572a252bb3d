// SPDX-License-Identifier: MIT
// XIA FalconX boxes as a device.
import { falconX } from "../../devices/mosca/falconx.ts";
import { deviceClass } from "../../tango/index.ts";
import { FalconXHardware } from "./falconx/hardware.ts";
import { lookFor } from "./look-for.ts";
import { showStatus } from "./show-status.ts";
import type { Spectrometer } from "./spectrometer.ts";
import { xiaMembers } from "./xia-members.ts";

export const falconXClass = (spectrometer: Spectrometer) =>
  deviceClass(falconX, async (device) => {
    spectrometer.names.controller = device.name;
    const { address, default_ini_dir, default_ini_file, reconnect_period } = device.properties;
    if (address.length === 0 && !default_ini_file)
      throw new RangeError("the property address must name the boxes, or default_ini_file a configuration of them");
    if (!(reconnect_period > 0)) throw new RangeError(`reconnect_period must be above 0 (was: ${reconnect_period})`);
    const hardware = await FalconXHardware.open({
      addresses: address,
      directory: default_ini_dir,
      file: default_ini_file,
      changed: () => spectrometer.reset(),
      running: () => spectrometer.status === "RUNNING",
    });
    const attached = spectrometer.attach(hardware.detector);
    const showing = showStatus(device, spectrometer);
    const looking = lookFor(hardware.detector, reconnect_period * 1000, () => spectrometer.reset());
    return {
      ...xiaMembers(spectrometer, hardware, device.properties),
      firmwares: () => hardware.modules,
      [Symbol.asyncDispose]: async () => {
        await looking[Symbol.asyncDispose]();
        showing[Symbol.dispose]();
        await attached[Symbol.asyncDispose]();
        await hardware[Symbol.asyncDispose]();
      },
    };
  });
