// SPDX-License-Identifier: MIT
// The camera device of Pilatus detectors; properties, attributes and commands are those of LIMA's Pilatus plugin.
import {
  DevDouble, DevFloat, DevLong, DevShort, DevString, DevVarStringArray, DevVoid,
} from "../../tango/idl/tango-types.ts"; // biome-ignore format: a list
import { command, defineInterface, property, readable, spectrum, writable } from "../../tango/interface.ts";

export const pilatus = defineInterface({
  name: "Pilatus",
  description: "Dectris Pilatus2 or Pilatus3 behind its camserver; images are read back from a folder both share",
  properties: {
    host_name: property(DevString, "localhost", "where camserver runs"),
    host_port: property(DevLong, 41234),
    config_file: property(
      DevString,
      "/home/det/p2_det/config/cam_data/camera.def",
      "camserver's camera.def, for the detector's size; without it an image is taken to know",
    ),
    tmpfs_path: property(DevString, "/lima_data", "where camserver keeps images until they are read"),
  },
  attributes: {
    threshold_gain: writable(DevString, { description: "LOW, MID, HIGH, UHIGH; AUTO: with the threshold" }),
    threshold: writable(DevLong, { unit: "eV" }),
    energy_threshold: writable(DevFloat, {
      unit: "keV",
      description: "photon energy; sets threshold and gain to fit it",
    }),
    fill_mode: writable(DevString, { description: "ON: pixels between modules are -1, OFF: 0" }),
    trigger_delay: writable(DevDouble, { unit: "s", description: "from an external trigger to the exposure" }),
    nb_exposure_per_frame: writable(DevLong),
    cam_state: readable(DevString, { description: "STANDBY, RUNNING, ERROR or DISCONNECTED" }),
    readout_geometry: readable(DevString),
    temperature_humidity: readable(spectrum(DevFloat, 64), { description: "degC and % of each sensor" }),
    sensor_channels: readable(spectrum(DevShort, 32)),
    max_frame_rate: readable(DevLong, { unit: "Hz" }),
    readout_time: readable(DevDouble, { unit: "s" }),
  },
  commands: {
    sendCamserverCmd: command(DevString, DevVoid, { inputDescription: "a command of camserver's" }),
    resetHighVoltage: command(DevLong, DevVoid, { inputDescription: "seconds without power" }),
    getAttrStringValueList: command(DevString, DevVarStringArray),
  },
});
