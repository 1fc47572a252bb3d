// SPDX-License-Identifier: MIT
// The simulated FalconX as a device: detectors by a configuration file, or by the property Detectors.
import { simFalconX } from "../../devices/mosca/sim-falconx.ts";
import { deviceClass } from "../../tango/index.ts";
import { showStatus } from "./show-status.ts";
import { SimulatedHardware } from "./simulated-hardware.ts";
import { simulation } from "./simulation.ts";
import type { Signals } from "./simulator/signals.ts";
import type { Spectrometer } from "./spectrometer.ts";
import { simulatedFalconX } from "./xia-family.ts";
import { xiaMembers } from "./xia-members.ts";

export const simFalconXClass = (spectrometer: Spectrometer, signals: Signals) =>
  deviceClass(simFalconX, async (device) => {
    const { default_ini_dir, default_ini_file } = device.properties;
    spectrometer.names.controller = device.name;
    const options = simulation(device.properties, simulatedFalconX, signals);
    const hardware = new SimulatedHardware(options, () => spectrometer.reset());
    hardware.directory = default_ini_dir;
    const attached = spectrometer.attach(hardware);
    if (default_ini_file) await hardware.load(default_ini_file);
    const showing = showStatus(device, spectrometer);
    return {
      ...xiaMembers(spectrometer, hardware, device.properties),
      firmwares: () => ["simulated"],
      [Symbol.asyncDispose]: async () => {
        showing[Symbol.dispose]();
        await attached[Symbol.asyncDispose]();
      },
    };
  });
