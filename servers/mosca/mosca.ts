// SPDX-License-Identifier: MIT
// The main device.
import { mosca } from "../../devices/mosca/mosca.ts";
import {
  type DiscardMode,
  discardModes,
  type GateMode,
  gateModes,
  statuses,
  type TriggerMode,
  triggerModes,
} from "../../devices/mosca/words.ts";
import { deviceClass, type Handlers } from "../../tango/index.ts";
import { acquisitionMetadata, definitionEntries, rowEntries, yaml } from "./metadata.ts";
import type { Parameters } from "./parameters.ts";
import { checkId, readRois, readSpectra, readStats } from "./reading.ts";
import { refusal } from "./refusal.ts";
import { parseRoi, withoutRoi, withRoi } from "./rois.ts";
import { showStatus } from "./show-status.ts";
import type { Spectrometer } from "./spectrometer.ts";
import { TIMEOUT } from "./timeouts.ts";

const every = (words: readonly string[]) => () => words.map((_, index) => index);
const indices = <W extends string>(all: readonly W[], some: readonly W[] = []) => some.map((word) => all.indexOf(word));
export const bigints = (numbers: readonly number[]) => numbers.map(BigInt);

export const moscaClass = (spectrometer: Spectrometer) =>
  deviceClass(mosca, (device) => {
    spectrometer.names.mosca = device.name;
    spectrometer.model = device.properties.mca_type;
    spectrometer.detectorName = device.properties.detector_name || (device.server.split("/")[1] ?? "");
    const showing = showStatus(device, spectrometer);
    return {
      ...facts(spectrometer),
      ...parameters(spectrometer),
      ...acquisition(spectrometer),
      ...reading(spectrometer),
      ...rois(spectrometer),
      set_mosca_log_level: (level) =>
        device.log.info(`set_mosca_log_level ${level}: use SetLoggingLevel of the server`),
      [Symbol.asyncDispose]: async () => {
        showing[Symbol.dispose]();
        await spectrometer.stop();
      },
    };
  });

type All = Handlers<typeof mosca>;
type Some<Names extends keyof All> = Pick<All, Names>;

const facts = (spectrometer: Spectrometer) => ({
  server_version: () => 2n,
  timeout_start: () => TIMEOUT,
  timeout_stop: () => TIMEOUT,
  timeout_setup: () => TIMEOUT,
  timeout_prepare: () => TIMEOUT,
  start_epoch: () => BigInt(spectrometer.startEpoch),
  controller_name: () => spectrometer.names.controller,
  saving_name: () => spectrometer.names.saving,
  trigger_mode_enum: every(triggerModes),
  gate_mode_enum: every(gateModes),
  mca_status_enum: every(statuses),
  discard_mode_enum: every(discardModes),
  supported_trigger_modes: () => indices<TriggerMode>(triggerModes, spectrometer.detector?.triggers),
  supported_gate_modes: () => indices<GateMode>(gateModes, spectrometer.detector?.gates),
  detectors: () => bigints(spectrometer.enabled),
  available_detectors: () => bigints(spectrometer.detector?.detectors ?? []),
  disabled_detectors: () =>
    bigints(spectrometer.detector?.detectors.filter((id) => !spectrometer.enabled.includes(id)) ?? []),
  stats_names: () => spectrometer.detector?.statistics ?? [],
});

function parameters(spectrometer: Spectrometer) {
  const setting = <K extends keyof Parameters, V>(
    key: K,
    shown: (value: Parameters[K]) => V,
    meant: (value: V) => Parameters[K],
  ) => ({
    read: () => shown(spectrometer.parameters[key]),
    write: (value: V) => spectrometer.set({ [key]: meant(value) }),
  });
  const same = (value: number) => value;
  const word = <W extends string>(all: readonly W[]) =>
    [(value: W) => all.indexOf(value), (index: number) => all[index] ?? (all[0] as W)] as const;
  let pollInterval = 0.01;
  return {
    // Points are taken as the detector gives them: nothing is polled, the value is kept for clients that set it.
    poll_interval: { read: () => pollInterval, write: (value) => void (pollInterval = Math.max(0, value)) },
    discard_mode: setting("discard", ...word<DiscardMode>(discardModes)),
    acq_nb_points: setting("points", BigInt, Number),
    acq_realtime: setting("realtime", same, same),
    acq_nb_triggers: setting("triggers", same, same),
    spectrum_size: setting("spectrumSize", BigInt, Number),
    block_size: setting("blockSize", BigInt, Number),
    trigger_mode: setting("trigger", ...word<TriggerMode>(triggerModes)),
    gate_mode: setting("gate", ...word<GateMode>(gateModes)),
    enable_detectors: (ids) => spectrometer.enable([...ids].map(Number), true),
    disable_detectors: (ids) => spectrometer.enable([...ids].map(Number), false),
  } satisfies Partial<All>;
}

function acquisition(spectrometer: Spectrometer) {
  return {
    acquisition_status: () => statuses.indexOf(spectrometer.status),
    n_triggered_points: () => BigInt(spectrometer.recording?.triggered ?? 0),
    n_read_points: () => BigInt(spectrometer.recording?.read ?? 0),
    n_available_points: () => BigInt(spectrometer.recording?.available ?? 0),
    n_saved_points: () => BigInt(spectrometer.savedPoints()),
    apply_mosca: () => spectrometer.apply(),
    prepare_acq: async () => BigInt(await spectrometer.prepare()),
    start_acq: async () => BigInt(await spectrometer.start()),
    start_mosca: async () => {
      await spectrometer.prepare();
      await spectrometer.start();
    },
    resume_acq: () => spectrometer.resume(),
    stop_acq: () => spectrometer.stop(),
    abort_acq: () => spectrometer.stop(),
    acqid_start_acq: async (id) => {
      checkId(spectrometer, id);
      await spectrometer.start();
    },
    acqid_resume_acq: async (id) => {
      checkId(spectrometer, id);
      await spectrometer.resume();
    },
  } satisfies Partial<All>;
}

function reading(spectrometer: Spectrometer) {
  const checked =
    <T>(read: (spectrometer: Spectrometer, range: BigInt64Array) => T) =>
    (range: BigInt64Array) => {
      checkId(spectrometer, range[0]);
      return read(spectrometer, range.subarray(1));
    };
  return {
    read_spectra: (range) => readSpectra(spectrometer, range),
    read_stats: (range) => readStats(spectrometer, range),
    read_rois: (range) => readRois(spectrometer, range),
    acqid_read_spectra: checked(readSpectra),
    acqid_read_stats: checked(readStats),
    acqid_read_rois: checked(readRois),
    metadata: () => yaml(acquisitionMetadata(spectrometer)),
    acqid_metadata: (id) => {
      const { metadata, starts } = checkId(spectrometer, id);
      return yaml({ ...metadata, acq_id: Number(id), n_starts: starts });
    },
  } satisfies Partial<All>;
}

function rois(
  spectrometer: Spectrometer,
): Some<
  | "add_roi"
  | "add_roi_sum"
  | "remove_roi"
  | "remove_roi_sum"
  | "remove_roi_by_index"
  | "clear_rois"
  | "roi_counters"
  | "roi_definitions"
> {
  const add = (isSum: boolean) => (words: string[]) => {
    spectrometer.rois = withRoi(spectrometer.rois, parseRoi(words, isSum));
  };
  const remove = (isSum: boolean) => (words: string[]) => {
    const [name, ...detectors] = words;
    if (name === undefined) throw refusal("list index out of range: the name of a ROI is missing", "IndexError");
    const key = {
      name,
      isSum,
      ...(detectors.length && { detectors: detectors.map((word) => Number.parseInt(word, 10)) }),
    };
    spectrometer.rois = withoutRoi(spectrometer.rois, key);
  };
  return {
    add_roi: add(false),
    add_roi_sum: add(true),
    remove_roi: remove(false),
    remove_roi_sum: remove(true),
    remove_roi_by_index: (index) => {
      const place = Number(index) < 0 ? spectrometer.rois.length + Number(index) : Number(index);
      if (spectrometer.rois[place] === undefined) return false;
      spectrometer.rois = spectrometer.rois.toSpliced(place, 1);
      return true;
    },
    clear_rois: () => void (spectrometer.rois = []),
    roi_counters: () => yaml(rowEntries(spectrometer.rows)),
    roi_definitions: () => yaml(definitionEntries(spectrometer.rois)),
  };
}
