// SPDX-License-Identifier: MIT
// The main device of a MOSCA server: the interface of every spectrometer, as clients of MOSCA 2 know it.
// Arrays are flat and row-major: spectra (detectors, points, size), statistics (detectors, points, statistics), ROIs
// (ROIs, points); rows are the enabled detectors in ascending order. Read ranges are [from, to), [] for everything.
import {
  DevBoolean,
  DevDouble,
  DevEnum,
  DevLong64,
  DevString,
  DevVarDoubleArray,
  DevVarLong64Array,
  DevVarStringArray,
  DevVarULongArray,
  DevVoid,
} from "../../tango/idl/tango-types.ts";
import {
  command,
  defineInterface,
  optionalProperty,
  property,
  readable,
  spectrum,
  writable,
} from "../../tango/interface.ts";
import { discardModes, gateModes, statuses, triggerModes } from "./words.ts";

const count = (description: string) => readable(DevLong64, { description });
const seconds = (description: string) => readable(DevDouble, { description, unit: "s" });
const ids = (description: string) => readable(spectrum(DevLong64, 100), { description });
const words = (enumLabels: readonly string[]) => readable(spectrum(DevEnum, 10), { enumLabels });
const roi = { inputDescription: "name, first channel, last channel, detector ...; no detector: all" } as const;
const roiSum = { inputDescription: `${roi.inputDescription}; "3:0.5" counts detector 3 half` } as const;
const range = { inputDescription: "[from, to): [] everything, [from] to the end; negative numbers count from the end" };
const acqidRange = { inputDescription: "acq_id, then a range as without acqid_" } as const;
const detectorIds = { inputDescription: "detector ids; none: all" } as const;

export const mosca = defineInterface({
  name: "Mosca",
  description: "A spectrometer: one or several detectors that give a spectrum each, point by point.",
  properties: {
    mca_type: property(DevString, "simfalconx", "Class of the hardware device"),
    detector_name: property(DevString, "", "Name shown to users; default: the server's instance"),
    log_file: optionalProperty(DevString, "Unused: logging is Tango's"),
  },
  attributes: {
    server_version: count("Version of this interface"),
    timeout_start: seconds("How long start_acq may take"),
    timeout_stop: seconds("How long stop_acq may take"),
    timeout_setup: seconds("How long apply_mosca may take"),
    timeout_prepare: seconds("How long prepare_acq may take"),
    start_epoch: count("When this server was started, seconds"),
    controller_name: readable(DevString, { description: "The hardware device" }),
    saving_name: readable(DevString, { description: "The saving device" }),
    trigger_mode_enum: words(triggerModes),
    gate_mode_enum: words(gateModes),
    mca_status_enum: words(statuses),
    discard_mode_enum: words(discardModes),
    detectors: ids("Enabled detectors, ascending"),
    available_detectors: ids("Detectors the hardware has"),
    disabled_detectors: ids("Available detectors that are switched off"),
    stats_names: readable(spectrum(DevString, 20), { description: "Columns of read_stats" }),
    poll_interval: writable(DevDouble, { unit: "s", description: "Pause between two looks at the hardware" }),
    discard_mode: writable(DevEnum, { enumLabels: discardModes, description: "Points to leave out" }),
    n_read_points: count("Points read from the hardware"),
    n_available_points: count("Points that can be read, with their ROIs"),
    acquisition_status: readable(DevEnum, { enumLabels: statuses }),
    n_triggered_points: count("Points the hardware has begun to take"),
    acq_nb_points: writable(DevLong64, { description: "Points of an acquisition" }),
    acq_realtime: writable(DevDouble, { unit: "s", description: "Length of a timed point" }),
    acq_nb_triggers: writable(DevDouble),
    spectrum_size: writable(DevLong64, { description: "Channels of a spectrum" }),
    block_size: writable(DevLong64, { description: "Points that come together" }),
    trigger_mode: writable(DevEnum, { enumLabels: triggerModes }),
    gate_mode: writable(DevEnum, { enumLabels: gateModes }),
    supported_gate_modes: words(gateModes),
    supported_trigger_modes: words(triggerModes),
    n_saved_points: count("Points in closed files"),
  },
  commands: {
    abort_acq: command(DevVoid, DevVoid),
    acqid_metadata: command(DevLong64, DevString, { outputDescription: "YAML, as it was at prepare" }),
    acqid_read_rois: command(DevVarLong64Array, DevVarLong64Array, acqidRange),
    acqid_read_spectra: command(DevVarLong64Array, DevVarULongArray, acqidRange),
    acqid_read_stats: command(DevVarLong64Array, DevVarDoubleArray, acqidRange),
    acqid_resume_acq: command(DevLong64, DevVoid),
    acqid_start_acq: command(DevLong64, DevVoid),
    add_roi: command(DevVarStringArray, DevVoid, roi),
    add_roi_sum: command(DevVarStringArray, DevVoid, roiSum),
    apply_mosca: command(DevVoid, DevVoid),
    clear_rois: command(DevVoid, DevVoid),
    disable_detectors: command(DevVarLong64Array, DevVoid, detectorIds),
    enable_detectors: command(DevVarLong64Array, DevVoid, detectorIds),
    metadata: command(DevVoid, DevString, { outputDescription: "YAML" }),
    prepare_acq: command(DevVoid, DevLong64, { outputDescription: "acq_id" }),
    read_rois: command(DevVarLong64Array, DevVarLong64Array, range),
    read_spectra: command(DevVarLong64Array, DevVarULongArray, range),
    read_stats: command(DevVarLong64Array, DevVarDoubleArray, range),
    remove_roi: command(DevVarStringArray, DevVoid, roi),
    remove_roi_by_index: command(DevLong64, DevBoolean, { outputDescription: "False: there is none" }),
    remove_roi_sum: command(DevVarStringArray, DevVoid, roi),
    resume_acq: command(DevVoid, DevVoid),
    roi_counters: command(DevVoid, DevString, { outputDescription: "YAML: the rows of read_rois" }),
    roi_definitions: command(DevVoid, DevString, { outputDescription: "YAML" }),
    set_mosca_log_level: command(DevString, DevVoid, { inputDescription: "DEBUG, INFO, WARNING, ERROR or CRITICAL" }),
    start_acq: command(DevVoid, DevLong64, { outputDescription: "acq_id" }),
    start_mosca: command(DevVoid, DevVoid, { inputDescription: "apply, prepare and start in one" }),
    stop_acq: command(DevVoid, DevVoid),
  },
});
