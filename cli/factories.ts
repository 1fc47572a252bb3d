// SPDX-License-Identifier: MIT
// The objects of session files, made of Tango devices.
import type { Factories } from "../config/index.ts";
import { AxisGroups, openAxis, openCamera, openCounters, openGate, openSpectrometer } from "../devices/index.ts";
import type { ControlSystem } from "../tango/index.ts";

/** Everything is found in `system`. */
export const tangoFactories = (system: ControlSystem, groups = new AxisGroups()): Factories => ({
  motor: ({ name, device, ...options }, { signal }) => openAxis(name, device, { system, signal, groups, ...options }),
  counters: (specs, { signal }) => {
    const [first] = specs;
    if (!first) throw new TypeError("counters of no device");
    const definitions = Object.fromEntries(
      specs.map(({ name, device: _, kind: __, critical: ___, ...rest }) => [name, rest]),
    );
    // One that is not critical makes all of its device so: they are one reading.
    const critical = specs.every((spec) => spec.critical !== false);
    return openCounters(first.device, definitions, { system, signal, critical });
  },
  camera: ({ name, device, ...options }, { signal }) => openCamera(name, device, { system, signal, ...options }),
  gate: ({ name, device, ...options }, { signal }) => openGate(name, device, { system, signal, ...options }),
  spectrometer: ({ name, device, ...options }, { signal }) =>
    openSpectrometer(name, device, { system, signal, ...options }),
});
