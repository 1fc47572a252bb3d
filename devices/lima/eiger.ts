// SPDX-License-Identifier: MIT
// The camera device of Dectris detectors with the SIMPLON interface.
import {
  DevBoolean, DevDouble, DevFloat, DevLong, DevString, DevVarDoubleArray, DevVarStringArray, DevVoid,
} from "../../tango/idl/tango-types.ts"; // biome-ignore format: a list
import { command, defineInterface, property, readable, spectrum, writable } from "../../tango/interface.ts";

const onOff = writable(DevString, { description: "ON or OFF" });
const energy = writable(DevFloat, { unit: "eV" });

export const eiger = defineInterface({
  name: "Eiger",
  description: "Dectris Eiger, Eiger2 or Pilatus4 behind its control unit",
  properties: {
    detector_ip_address: property(DevString, undefined, "of the detector control unit"),
    http_port: property(DevLong, 80),
    stream_port: property(DevLong, 0, "0: 9999 for the legacy stream, 31001 for cbor"),
    stream_format: property(DevString, "legacy", "legacy (version 1) or cbor (version 2)"),
    api_version: property(DevString, "1.8.0"),
  },
  attributes: {
    detector_ip: readable(DevString),
    api_version: readable(DevString),
    api_generation: readable(DevString, { description: "Eiger1 or Eiger2" }),
    temperature: readable(DevFloat, { unit: "degC" }),
    humidity: readable(DevFloat, { unit: "%" }),
    high_voltage_state: readable(DevString),
    countrate_correction: onOff,
    flatfield_correction: onOff,
    auto_summation: onOff,
    efficiency_correction: onOff,
    virtual_pixel_correction: onOff,
    retrigger: onOff,
    pixel_mask: onOff,
    threshold_diff_mode: onOff,
    compression_type: writable(DevString, { description: "of the stream: NONE, LZ4 or BSLZ4" }),
    threshold_energy: energy,
    threshold_energy2: energy,
    photon_energy: energy,
    serie_id: readable(DevLong),
    stream_last_info: readable(spectrum(DevString, 16), { description: "frame, size, type, encoding of the last one" }),
    stream_stats: readable(spectrum(DevDouble, 16), {
      description: "frames of the series, mean size (bytes), mean time (s), mean speed (bytes/s)",
    }),
    cam_status: readable(DevString),
    plugin_status: readable(DevString, { description: "INITIALIZING, READY, ARMED, EXPOSURE or FAULT" }),
    has_hwroi_support: readable(DevBoolean),
    hwroi_supported_list: readable(spectrum(DevString, 20), { description: "name, x, y, width, height of each" }),
    hwroi_pattern: writable(DevString, { description: "disabled, or a pattern of the detector" }),
    model_size: readable(DevString, { description: "e.g. 4M" }),
    dynamic_pixel_depth: writable(DevBoolean, {
      description: "pixels as deep as the detector says, not by auto_summation",
    }),
  },
  commands: {
    initialize: command(DevVoid, DevVoid),
    deleteMemoryFiles: command(DevVoid, DevVoid),
    resetHighVoltage: command(DevVoid, DevVoid),
    latchStreamStatistics: command(DevBoolean, DevVarDoubleArray, {
      inputDescription: "begin anew",
      outputDescription: "as stream_stats",
    }),
    getAttrStringValueList: command(DevString, DevVarStringArray),
  },
});
