// SPDX-License-Identifier: MIT
// The camera device of LIMA's simulator: what the pixels of its frames show.
import {
  DevDouble,
  DevLong,
  DevString,
  DevVarDoubleArray,
  DevVarLongArray,
  DevVarStringArray,
  DevVoid,
} from "../../tango/idl/tango-types.ts";
import { command, defineInterface, property, spectrum, writable, writeOnly } from "../../tango/interface.ts";

export const simulator = defineInterface({
  name: "Simulator",
  description: "Simulated camera: gaussian or diffraction peaks that may grow, move and rotate from frame to frame",
  properties: {
    frame_dim: property(DevVarLongArray, Int32Array.of(1024, 1024, 4), "width, height, bytes per pixel"),
    pixel_size: property(DevVarDoubleArray, Float64Array.of(1e-6, 1e-6), "m"),
    mode: property(DevString, "GENERATOR"),
    nb_prefetched_frames: property(DevLong, 1),
    peaks: property(DevVarDoubleArray, new Float64Array(0), "x, y, fwhm, maximum of each peak"),
    peak_angles: property(DevVarDoubleArray, new Float64Array(0), "degrees"),
    fill_type: property(DevString, "GAUSS"),
    rotation_axis: property(DevString, "ROTATIONY"),
  },
  attributes: {
    frame_dim: writable(spectrum(DevLong, 3)),
    mode: writable(DevString),
    nb_prefetched_frames: writable(DevLong),
    file_pattern: writeOnly(DevString),
    peaks: writable(spectrum(DevDouble, 4000)),
    peak_angles: writable(spectrum(DevDouble, 1000), { unit: "deg" }),
    grow_factor: writable(DevDouble),
    fill_type: writable(DevString),
    rotation_axis: writable(DevString),
    rotation_angle: writable(DevDouble, { unit: "deg" }),
    rotation_speed: writable(DevDouble, { unit: "deg", description: "degrees a frame" }),
    diffraction_pos: writable(spectrum(DevDouble, 2)),
    diffraction_speed: writable(spectrum(DevDouble, 2)),
  },
  commands: {
    trigExternal: command(DevVoid, DevVoid, { inputDescription: "one edge of the external trigger" }),
    getAttrStringValueList: command(DevString, DevVarStringArray),
  },
});
