// SPDX-License-Identifier: MIT
// The plugin device that makes a camera a beam position monitor.
import {
  DevBoolean, DevDouble, DevEncoded, DevLong, DevString, DevULong64, DevVarDoubleArray, DevVarLongArray, DevVoid,
} from "../../tango/idl/tango-types.ts"; // biome-ignore format: a list
import { command, defineInterface, property, readable, spectrum, writable } from "../../tango/interface.ts";

const result = readable(DevDouble);
const flag = writable(DevBoolean);

export const bpm = defineInterface({
  name: "BpmDeviceServer",
  description: "position, size and intensity of the beam in each frame",
  properties: {
    enable_tango_event: property(DevBoolean, true, "send bvdata while frames come"),
    calibration: property(DevVarDoubleArray, Float64Array.of(1, 1), "length of a pixel, x and y"),
    beammark: property(DevVarDoubleArray, Float64Array.of(0, 0)),
    lut_method: property(DevString, "LINEAR", "LINEAR or LOG"),
    autoscale: property(DevBoolean, true),
    color_map: property(DevBoolean, false),
    jpeg_quality: property(DevLong, 80),
    return_bpm_profiles: property(DevBoolean, true),
    min_max: property(DevVarLongArray, Int32Array.of(0, 65535)),
    enable_bpm_calc: property(DevBoolean, true),
  },
  attributes: {
    RunLevel: writable(DevLong, { description: "place in the processing chain; writable while OFF" }),
    buffersize: writable(DevLong, { description: "frames whose results are kept" }),
    txy: readable(spectrum(DevDouble, 3), { description: "time (s from the start), x, y" }),
    x: result,
    y: result,
    intensity: result,
    max_intensity: result,
    fwhm_x: result,
    fwhm_y: result,
    automaticaoi: writable(DevBoolean, { description: "look at the surroundings of the beam only" }),
    proj_x: readable(spectrum(DevLong, 4096)),
    proj_y: readable(spectrum(DevLong, 4096)),
    autoscale: writable(DevBoolean, { description: "the frame's own range as black and white of the picture" }),
    lut_method: writable(DevString, { description: "LINEAR or LOG" }),
    color_map: flag,
    bvdata: readable(DevEncoded, {
      description: "time, frame, beam, profiles and picture (base64 JPEG); the format is that of Python's struct",
      events: { change: "pushed" },
    }),
    calibration: writable(spectrum(DevDouble, 2)),
    beammark: writable(spectrum(DevLong, 2)),
    jpeg_quality: writable(DevLong, { description: "1 to 100" }),
    min_max: writable(spectrum(DevULong64, 2), { description: "black and white without autoscale" }),
    return_bpm_profiles: flag,
    enable_bpm_calc: flag,
  },
  commands: {
    Start: command(DevVoid, DevVoid),
    Stop: command(DevVoid, DevVoid),
    getResults: command(DevLong, DevVarDoubleArray, {
      inputDescription: "first frame",
      outputDescription: "time, intensity, x, y, fwhm x, fwhm y, frame of each",
    }),
    GetPixelIntensity: command(DevVarLongArray, DevLong, { inputDescription: "x, y" }),
    HasBackground: command(DevVoid, DevBoolean),
    TakeBackground: command(DevVoid, DevVoid),
    ResetBackground: command(DevVoid, DevVoid),
  },
});
