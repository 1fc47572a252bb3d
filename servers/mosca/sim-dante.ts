// SPDX-License-Identifier: MIT
// The simulated DANTE as a device: boards by a configuration file, or by the property Detectors.
import { simDante } from "../../devices/mosca/sim-dante.ts";
import { deviceClass } from "../../tango/index.ts";
import { gatingModes, gatingOf, simulatedDante } from "./dante-family.ts";
import { refusal } from "./refusal.ts";
import { showStatus } from "./show-status.ts";
import { SimulatedHardware } from "./simulated-hardware.ts";
import { simulation } from "./simulation.ts";
import type { Signals } from "./simulator/signals.ts";
import type { Spectrometer } from "./spectrometer.ts";
import { timeouts } from "./timeouts.ts";

/** Milliseconds a configuration takes: clients wait until they have seen that it began. */
const CONFIGURING = 250;

export const simDanteClass = (spectrometer: Spectrometer, signals: Signals) =>
  deviceClass(simDante, async (device) => {
    const { config_dir, config_file } = device.properties;
    spectrometer.names.controller = device.name;
    const options = simulation(device.properties, simulatedDante, signals);
    const hardware = new SimulatedHardware(options, () => spectrometer.reset());
    hardware.directory = config_dir;
    const attached = spectrometer.attach(hardware);
    if (config_file) await hardware.load(config_file);
    const showing = showStatus(device, spectrometer);
    return {
      ...registers(spectrometer),
      ...timeouts(device.properties),
      mca_status: () => spectrometer.status,
      init_message: () => hardware.message,
      dante_init_msg: () => hardware.message,
      configuration_file: () => hardware.file,
      available_configurations: async () => [...(await hardware.list())],
      configuration_directory: () => hardware.directory,
      set_configuration_file_async: (file) => hardware.loadLater(file, CONFIGURING),
      stop_keepalive: () => {},
      prepare_acq: async () => void (await spectrometer.prepare()),
      start_acq: async () => void (await spectrometer.start()),
      [Symbol.asyncDispose]: async () => {
        showing[Symbol.dispose]();
        await attached[Symbol.asyncDispose]();
        await hardware[Symbol.asyncDispose]();
      },
    };
  });

/** Other names of the main device's parameters. */
function registers(spectrometer: Spectrometer) {
  const whole = (name: string, key: "points" | "blockSize" | "spectrumSize") => ({
    read: () => BigInt(spectrometer.parameters[key]),
    write: (value: bigint) => {
      if (value < 1n) throw refusal(`${name} must be >= 1 (was: ${value}).`, "ValueError");
      spectrometer.set({ [key]: Number(value) });
    },
  });
  return {
    acq_time: {
      read: () => spectrometer.parameters.realtime,
      write: (seconds: number) => {
        if (!(seconds > 0)) throw refusal(`acq_time must be above 0 (was: ${seconds}).`, "ValueError");
        spectrometer.set({ realtime: seconds });
      },
    },
    points: whole("points", "points"),
    block_size: whole("block_size", "blockSize"),
    spectrum_depth: whole("spectrum_depth", "spectrumSize"),
    sp_time: () => 100,
    gating_mode: {
      read: () => gatingOf(spectrometer.parameters.trigger, spectrometer.parameters.gate) ?? "None",
      write: (word: string) => {
        const [, trigger, gate] = gatingModes.find(([gating]) => gating === word) ?? [];
        if (!trigger || !gate) throw refusal(`'${word}' is not a valid GatingModes`, "ValueError");
        spectrometer.set({ trigger, gate });
      },
    },
  };
}
