// SPDX-License-Identifier: MIT
// The spectrometer as clients of the first MOSCA (BLISS 2) call it: the same acquisitions under other words.
import { moscaV1 } from "../../devices/mosca/mosca-v1.ts";
import type { GateMode, TriggerMode } from "../../devices/mosca/words.ts";
import { deviceClass, type Handlers } from "../../tango/index.ts";
import type { Configuration } from "./configuration.ts";
import { bigints } from "./mosca.ts";
import { inclusive, pair } from "./range.ts";
import { readRois, readSpectra, readStats } from "./reading.ts";
import { refusal } from "./refusal.ts";
import { parseRoi, withRoi } from "./rois.ts";
import type { Spectrometer } from "./spectrometer.ts";
import { TIMEOUT } from "./timeouts.ts";

const modes: Readonly<Record<string, readonly [TriggerMode, GateMode]>> = {
  SOFTWARE: ["INT_TRIG_READOUT", "IGNORE"],
  GATE: ["GATE", "HIGH"],
  SYNC: ["EXT_TRIG", "HIGH"],
};
const timedOrFree: readonly TriggerMode[] = ["FREERUN", "INT_TRIG_READOUT"];

export interface V1Options {
  /** mca_type. */
  readonly model: () => string;
  readonly detectorName: () => string;
}

type All = Handlers<typeof moscaV1>;

export const moscaV1Class = (spectrometer: Spectrometer, options: V1Options) =>
  deviceClass(moscaV1, (device) => {
    device.state = "ON";
    return {
      ...facts(spectrometer, options),
      ...settings(spectrometer),
      ...configured(() => spectrometer.detector?.configuration),
      ...acquisition(spectrometer),
    };
  });

const facts = (spectrometer: Spectrometer, { model, detectorName }: V1Options) =>
  ({
    multichannel: () => true,
    timeout_start: () => TIMEOUT,
    timeout_stop: () => TIMEOUT,
    timeout_setup: () => TIMEOUT,
    timeout_prepare: () => TIMEOUT,
    mosca_name: () => spectrometer.names.mosca,
    controller_name: () => spectrometer.names.controller,
    detector_name: detectorName,
    detector_model: model,
    number_channels: () => BigInt(spectrometer.enabled.length),
    metadata_labels: () => spectrometer.detector?.statistics ?? [],
    detector_mode: () => (timedOrFree.includes(spectrometer.parameters.trigger) ? "MCA" : "MAP"),
    channels_module_and_index: () => {
      throw refusal("This server knows its detectors by id only: see channels_alias.", "NotImplementedError");
    },
    channels_alias: () => bigints(spectrometer.enabled),
  }) satisfies Partial<All>;

function settings(spectrometer: Spectrometer) {
  return {
    spectrum_size: {
      read: () => BigInt(spectrometer.parameters.spectrumSize),
      write: (size) => spectrometer.set({ spectrumSize: Number(size) }),
    },
    number_points: {
      read: () => BigInt(spectrometer.parameters.points),
      write: (points) => spectrometer.set({ points: Number(points) }),
    },
    preset_value: {
      read: () => spectrometer.parameters.realtime * 1000,
      write: (milliseconds) => spectrometer.set({ realtime: milliseconds / 1000 }),
    },
    map_pixels_per_buffer: {
      read: () => BigInt(spectrometer.parameters.blockSize),
      write: (blockSize) => spectrometer.set({ blockSize: Number(blockSize) }),
    },
    trigger_mode: {
      read: () => {
        const { trigger } = spectrometer.parameters;
        if (timedOrFree.includes(trigger)) return "SOFTWARE";
        return Object.keys(modes).find((word) => modes[word]?.[0] === trigger) ?? "UNKNOWN";
      },
      write: (word) => {
        const mode = modes[word];
        if (!mode)
          throw refusal(
            `Unknown trigger_mode: ${word}. It must be one of ${Object.keys(modes).join(", ")}.`,
            "ValueError",
          );
        spectrometer.set({ trigger: mode[0], gate: mode[1] });
      },
    },
    preset_mode: {
      read: () => (spectrometer.parameters.trigger === "INT_TRIG_READOUT" ? "REALTIME" : "NONE"),
      write: (word) => {
        if (word.toUpperCase() === "REALTIME") spectrometer.set({ trigger: "INT_TRIG_READOUT", gate: "IGNORE" });
        else if (word.toUpperCase() !== "NONE")
          throw refusal(`Unsupported preset_mode: ${word}. It must be none or realtime.`, "NotImplementedError");
      },
    },
  } satisfies Partial<All>;
}

function configured(configuration: () => Configuration | undefined) {
  const there = () => {
    const found = configuration();
    if (found) return found;
    throw refusal("The hardware of this server has no configuration files.", "AttributeError");
  };
  return {
    config_path: {
      read: () => there().directory,
      write: (directory) => void (there().directory = directory),
    },
    config: { read: () => there().file, write: (file) => there().load(file) },
    refresh_rate: { read: () => there().refresh, write: (seconds) => void (there().refresh = seconds) },
    DevXiaGetConfigList: async () => [...(await there().list())],
  } satisfies Partial<All>;
}

const suffixes = /(_sum_all|_sum_det\d+-\d+|_det\d+)$/;

/** Adds what `[name, channel, first, last]` asks for: channel m, m-n or -1. */
function addCounter(spectrometer: Spectrometer, words: readonly string[]): void {
  const [name = "", channel = "", ...range] = words;
  if (words.length < 4) throw refusal(`not enough values to unpack (expected 4, got ${words.length})`, "ValueError");
  if (words.length > 4) throw refusal("too many values to unpack (expected 4)", "ValueError");
  const [, from, to] = /^(-1|\d+)(?:-(\d+))?$/.exec(channel) ?? [];
  if (from === undefined || (from === "-1" && to !== undefined) || Number(to ?? from) < Number(from))
    throw refusal(`Invalid channel definition: ${channel}. One of m, m-n with m <= n, -1 is expected.`);
  const [first, last] = [Number(from), Number(to ?? from)];
  const ids = first === -1 ? [] : Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
  const isSum = first === -1 || to !== undefined;
  spectrometer.rois = withRoi(spectrometer.rois, parseRoi([name.replace(suffixes, ""), ...range, ...ids], isSum));
}

function acquisition(spectrometer: Spectrometer) {
  const state = () => ({ READY: 0n, PREPARED: 0n, RUNNING: 1n })[spectrometer.status as "READY"] ?? 2n;
  return {
    addCounter: (words) => addCounter(spectrometer, words),
    resetCounters: () => void (spectrometer.rois = []),
    prepareAcq: async () => void (await spectrometer.prepare()),
    startAcq: async () => {
      if (spectrometer.status === "RUNNING") throw refusal("Can't call startAcq while MCA state is RUNNING.");
      await spectrometer.prepare();
      await spectrometer.start();
    },
    stopAcq: () => spectrometer.stop(),
    getAcqStatus: () => {
      const { available = 0, triggered = 0 } = spectrometer.recording ?? {};
      return [state(), BigInt(available), 0n, BigInt(triggered)];
    },
    getData: (range) => readSpectra(spectrometer, inclusive(range)),
    getMetadataValues: (range) => readStats(spectrometer, inclusive(range)),
    getCounterValues: (range) => readRois(spectrometer, [...pair(range)]),
  } satisfies Partial<All>;
}
