// SPDX-License-Identifier: MIT
// What a FalconX has, real or simulated: registers in the words of XIA's handel, what ends a point, and its commands.
import type { Configuration } from "./configuration.ts";
import { refusal } from "./refusal.ts";
import type { PresetKind } from "./simulator/point-source.ts";
import type { Spectrometer } from "./spectrometer.ts";
import { timeouts } from "./timeouts.ts";

export interface XiaHardware extends Configuration {
  /** What the last loading of a configuration said. */
  readonly message: string;
  readonly modules: readonly string[];
  /** What ends a timed point: for REAL and LIVE acq_realtime says how many seconds, else `photons` how many. */
  preset: PresetKind;
  photons: number;
  /** Registers that were written; they follow from the parameters again when those are applied. */
  readonly registers: Map<string, unknown>;
  /** As after power on, with the same configuration. @throws DevFailed while running */
  reset(): Promise<void>;
}

export const xiaMembers = (
  spectrometer: Spectrometer,
  hardware: XiaHardware,
  properties: Parameters<typeof timeouts>[0],
) => ({
  ...registers(spectrometer, hardware),
  ...preset(spectrometer, hardware),
  ...logging,
  ...timeouts(properties),
  available_ini_files: () => hardware.list(),
  prepare_acq: async () => void (await spectrometer.prepare()),
  start_acq: async () => void (await spectrometer.start()),
  reset_hardware: () => hardware.reset(),
});

const mapping = ({ parameters }: Spectrometer): boolean => ["GATE", "EXT_TRIG"].includes(parameters.trigger);

function checkReady({ status }: Spectrometer): void {
  if (status !== "READY") throw refusal(`Can't set parameters while MCA state is ${status}.`);
}

/** A register keeps what is written until the parameters are applied: then it follows from them. */
function register<V>(spectrometer: Spectrometer, { registers }: XiaHardware, name: string, followed: () => V) {
  return {
    read: () => (registers.has(name) ? (registers.get(name) as V) : followed()),
    write: (value: V) => {
      checkReady(spectrometer);
      registers.set(name, value);
    },
  };
}

function registers(spectrometer: Spectrometer, hardware: XiaHardware) {
  const kept = <V>(name: string, followed: () => V) => register(spectrometer, hardware, name, followed);
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
      write: (size: bigint) => {
        if (size < 1n) throw refusal(`pixels_per_buffer must be >= 1 (was: ${size})`, "ValueError");
        spectrometer.set({ blockSize: Number(size) });
      },
    },
    mapping_mode: kept<bigint>("mapping_mode", () => (mapping(spectrometer) ? 1n : 0n)),
    gate_ignore: kept<bigint>("gate_ignore", () => (spectrometer.parameters.trigger === "GATE" ? 0n : 1n)),
    num_map_pixels: kept<bigint>("num_map_pixels", () =>
      mapping(spectrometer) ? BigInt(spectrometer.parameters.points) : 0n,
    ),
    pixel_advance_mode: kept<string>("pixel_advance_mode", () => "GATE"),
    input_logic_polarity: kept<string>("input_logic_polarity", () =>
      spectrometer.parameters.gate === "LOW" ? "XIA_GATE_COLLECT_LO" : "XIA_GATE_COLLECT_HI",
    ),
  };
}

const kinds: Readonly<Record<string, PresetKind>> = {
  XIA_PRESET_FIXED_REAL: "REAL",
  XIA_PRESET_FIXED_LIVE: "LIVE",
  XIA_PRESET_FIXED_EVENTS: "EVENTS",
  XIA_PRESET_FIXED_TRIGGERS: "TRIGGERS",
};

/** What ends a point of INT_TRIG_READOUT: seconds, or a number of photons. */
function preset(spectrometer: Spectrometer, hardware: XiaHardware) {
  const timed = () => hardware.preset === "REAL" || hardware.preset === "LIVE";
  return {
    preset_type: {
      read: () => {
        const none = hardware.registers.has("preset_type") || spectrometer.parameters.trigger !== "INT_TRIG_READOUT";
        if (none) return "XIA_PRESET_NONE";
        return Object.keys(kinds).find((word) => kinds[word] === hardware.preset) ?? "";
      },
      write: (word: string) => {
        checkReady(spectrometer);
        const kind = kinds[word];
        hardware.registers.delete("preset_type");
        if (word === "XIA_PRESET_NONE") {
          hardware.registers.set("preset_type", word);
          hardware.preset = "REAL";
          return;
        }
        if (!kind)
          throw refusal(`preset_type must be one of ${Object.keys(kinds).join(", ")} (was: ${word})`, "ValueError");
        hardware.preset = kind;
      },
    },
    preset_value: {
      read: () => {
        if (mapping(spectrometer)) return 0;
        return timed() ? spectrometer.parameters.realtime : hardware.photons;
      },
      write: (value: number) => {
        checkReady(spectrometer);
        if (timed()) return spectrometer.set({ realtime: value });
        if (!(Number.isInteger(value) && value >= 1))
          throw refusal(`preset_value must be a whole number of photons from 1 on (was: ${value})`, "ValueError");
        hardware.photons = value;
      },
    },
  };
}

const logLevels = ["MD_ERROR", "MD_WARNING", "MD_INFO", "MD_DEBUG"];

/** There is no library here whose log these could lead. */
const logging = {
  xiaSetLogLevel: (level: string) => {
    if (!logLevels.includes(level))
      throw refusal(`log level must be one of ${logLevels.join(", ")} (was: ${level})`, "ValueError");
  },
  xiaSetLogOutput: () => {},
};
