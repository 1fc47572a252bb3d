// SPDX-License-Identifier: MIT
// The simulated FalconX as a device: detectors by a configuration file, or by the property Detectors.
import { simFalconX } from "../../devices/mosca/sim-falconx.ts";
import { deviceClass } from "../../tango/index.ts";
import type { PropertyValues } from "../../tango/interface.ts";
import { FalconXHardware } from "./falconx-hardware.ts";
import { refusal } from "./refusal.ts";
import { showStatus } from "./show-status.ts";
import { parseContent } from "./simulator/fluorescence.ts";
import type { Signals } from "./simulator/signals.ts";
import type { Spectrometer } from "./spectrometer.ts";
import { timeouts } from "./timeouts.ts";

type Properties = PropertyValues<typeof simFalconX>;
const logLevels = ["MD_ERROR", "MD_WARNING", "MD_INFO", "MD_DEBUG"];

export interface SimFalconXOptions {
  readonly signals: Signals;
  /** Told of the hardware while its device is open. */
  readonly announce: (hardware: FalconXHardware | undefined) => void;
}

export const simFalconXClass = (spectrometer: Spectrometer, { signals, announce }: SimFalconXOptions) =>
  deviceClass(simFalconX, async (device) => {
    const { default_ini_dir, default_ini_file } = device.properties;
    spectrometer.names.controller = device.name;
    const hardware = new FalconXHardware(optionsOf(device.properties, signals), () => spectrometer.reset());
    hardware.directory = default_ini_dir;
    const attached = spectrometer.attach(hardware);
    if (default_ini_file) await hardware.load(default_ini_file);
    announce(hardware);
    const showing = showStatus(device, spectrometer);
    return {
      ...shown(spectrometer, hardware),
      ...timeouts(device.properties),
      available_ini_files: () => hardware.list(),
      firmwares: () => ["simulated"],
      prepare_acq: async () => void (await spectrometer.prepare()),
      start_acq: () => void spectrometer.start(),
      reset_hardware: () => hardware.reset(),
      xiaSetLogLevel: (level) => {
        if (!logLevels.includes(level))
          throw refusal(`log level must be one of ${logLevels.join(", ")} (was: ${level})`, "ValueError");
      },
      xiaSetLogOutput: () => {},
      [Symbol.asyncDispose]: async () => {
        showing[Symbol.dispose]();
        announce(undefined);
        await attached[Symbol.asyncDispose]();
      },
    };
  });

function optionsOf(properties: Properties, signals: Signals) {
  const { Detectors, Elements, CountRate, GainEv, Seed } = properties;
  if (!(Detectors >= 1 && Detectors <= 100)) throw new RangeError(`Detectors must be 1 to 100 (was: ${Detectors})`);
  if (!(CountRate >= 0)) throw new RangeError(`CountRate must be 0 or more (was: ${CountRate})`);
  if (!(GainEv > 0)) throw new RangeError(`GainEv must be above 0 (was: ${GainEv})`);
  const sample = { content: parseContent(Elements), rate: CountRate };
  return { detectors: Detectors, sample, fullScale: GainEv, seed: Seed, signals };
}

/** The registers of the processor follow from the parameters of the main device. */
function shown(spectrometer: Spectrometer, hardware: FalconXHardware) {
  const followed = <V>(read: () => V) => ({
    read,
    write: (_value: V) => {
      const { status } = spectrometer;
      if (status !== "READY") throw refusal(`Can't set parameters while MCA state is ${status}.`);
      throw refusal("This follows the parameters of the main device: set them there.");
    },
  });
  const mapping = () => ["GATE", "EXT_TRIG"].includes(spectrometer.parameters.trigger);
  return {
    mca_status: () => spectrometer.status as string,
    init_message: () => hardware.message,
    ini_dir: () => hardware.directory,
    ini_file: { read: () => hardware.file, write: (file: string) => hardware.load(file) },
    modules: () => hardware.modules,
    mca_refresh: { read: () => hardware.refresh, write: (seconds: number) => void (hardware.refresh = seconds) },
    number_mca_channels: {
      read: () => BigInt(spectrometer.parameters.spectrumSize),
      write: (size: bigint) => spectrometer.set({ spectrumSize: Number(size) }),
    },
    pixels_per_buffer: {
      read: () => BigInt(spectrometer.parameters.blockSize),
      write: (size: bigint) => spectrometer.set({ blockSize: Number(size) }),
    },
    mapping_mode: followed<bigint>(() => (mapping() ? 1n : 0n)),
    gate_ignore: followed<bigint>(() => (spectrometer.parameters.trigger === "EXT_TRIG" ? 1n : 0n)),
    num_map_pixels: followed<bigint>(() => (mapping() ? BigInt(spectrometer.parameters.points) : 0n)),
    preset_value: followed<number>(() => (mapping() ? 0 : spectrometer.parameters.realtime)),
    preset_type: followed<string>(() =>
      spectrometer.parameters.trigger === "INT_TRIG_READOUT" ? "XIA_PRESET_FIXED_REAL" : "XIA_PRESET_NONE",
    ),
    pixel_advance_mode: followed<string>(() => "GATE"),
    input_logic_polarity: followed<string>(() =>
      spectrometer.parameters.gate === "LOW" ? "XIA_GATE_COLLECT_LO" : "XIA_GATE_COLLECT_HI",
    ),
  };
}
