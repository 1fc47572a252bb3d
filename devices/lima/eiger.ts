// SPDX-License-Identifier: MIT
// The camera device of Dectris detectors with the SIMPLON interface.
import {
  DevFloat, DevLong, DevString, DevVarStringArray, DevVoid,
} from "../../tango/idl/tango-types.ts"; // biome-ignore format: a list
import { command, defineInterface, property, readable, writable } from "../../tango/interface.ts";

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
    temperature: readable(DevFloat, { unit: "degC" }),
    humidity: readable(DevFloat, { unit: "%" }),
    countrate_correction: onOff,
    flatfield_correction: onOff,
    auto_summation: onOff,
    virtual_pixel_correction: onOff,
    retrigger: onOff,
    pixel_mask: onOff,
    threshold_energy: energy,
    photon_energy: energy,
    serie_id: readable(DevLong),
    cam_status: readable(DevString),
  },
  commands: {
    initialize: command(DevVoid, DevVoid),
    getAttrStringValueList: command(DevString, DevVarStringArray),
  },
});
