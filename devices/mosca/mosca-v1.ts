// SPDX-License-Identifier: MIT
// The spectrometer as BLISS 2 calls it. Read ranges of getData and getMetadataValues are [first, last] inclusive,
// that of getCounterValues is [first, last) exclusive.
import {
  DevBoolean,
  DevDouble,
  DevLong64,
  DevString,
  DevVarDoubleArray,
  DevVarLong64Array,
  DevVarStringArray,
  DevVarULongArray,
  DevVoid,
} from "../../tango/idl/tango-types.ts";
import { command, defineInterface, readable, spectrum, writable } from "../../tango/interface.ts";

const seconds = readable(DevDouble, { unit: "s" });
const inclusive = { inputDescription: "[first, last], both included" } as const;

export const moscaV1 = defineInterface({
  name: "MoscaV1",
  description: "The spectrometer of this server as clients of the first MOSCA know it",
  attributes: {
    multichannel: readable(DevBoolean),
    timeout_start: seconds,
    timeout_stop: seconds,
    timeout_setup: seconds,
    timeout_prepare: seconds,
    mosca_name: readable(DevString, { description: "The main device" }),
    controller_name: readable(DevString, { description: "The hardware device" }),
    detector_name: readable(DevString),
    detector_model: readable(DevString, { description: "mca_type of the main device" }),
    number_channels: readable(DevLong64, { description: "Enabled detectors" }),
    spectrum_size: writable(DevLong64),
    metadata_labels: readable(spectrum(DevString, 100), { description: "Columns of getMetadataValues" }),
    number_points: writable(DevLong64),
    preset_value: writable(DevDouble, { unit: "ms", description: "Length of a timed point" }),
    trigger_mode: writable(DevString, { description: "SOFTWARE, GATE or SYNC" }),
    preset_mode: writable(DevString, { description: "NONE or REALTIME" }),
    config_path: writable(DevString, { description: "Directory of the configuration files" }),
    config: writable(DevString, { description: "Configuration file; writing it loads it" }),
    detector_mode: readable(DevString, { description: "MCA: timed or free points; MAP: points of a signal" }),
    channels_module_and_index: readable(spectrum(DevString, 100)),
    refresh_rate: writable(DevDouble, { unit: "s", description: "How often the hardware refreshes spectra" }),
    channels_alias: readable(spectrum(DevLong64, 100), { description: "Ids of the enabled detectors" }),
    map_pixels_per_buffer: writable(DevLong64, { description: "Points that come together" }),
  },
  commands: {
    DevXiaGetConfigList: command(DevVoid, DevVarStringArray),
    addCounter: command(DevVarStringArray, DevVoid, {
      inputDescription: "name, channel, first, last; channel m: one detector, m-n: the sum of some, -1: of all",
    }),
    getAcqStatus: command(DevVoid, DevVarLong64Array, {
      outputDescription: "state (0 ready, 1 running, 2 fault), points available, 0, points triggered",
    }),
    getCounterValues: command(DevVarLong64Array, DevVarLong64Array, {
      inputDescription: "[first, last): last is not included",
    }),
    getData: command(DevVarLong64Array, DevVarULongArray, inclusive),
    getMetadataValues: command(DevVarLong64Array, DevVarDoubleArray, inclusive),
    prepareAcq: command(DevVoid, DevVoid),
    resetCounters: command(DevVoid, DevVoid),
    startAcq: command(DevVoid, DevVoid, { inputDescription: "Prepares again: points are numbered from 0" }),
    stopAcq: command(DevVoid, DevVoid),
  },
});
