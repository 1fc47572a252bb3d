// SPDX-License-Identifier: MIT
// The plugin device that reduces each frame to counters over regions of interest.
import {
  DevLong,
  DevShort,
  DevString,
  DevVarDoubleArray,
  DevVarLongArray,
  DevVarStringArray,
  DevVoid,
} from "../../tango/idl/tango-types.ts";
import { command, defineInterface, property, readable, writable } from "../../tango/interface.ts";

export const roiCounter = defineInterface({
  name: "RoiCounterDeviceServer",
  description: "sum, average, standard deviation, minimum and maximum of each region of each frame",
  properties: {
    BufferSize: property(DevShort, 256, "frames whose counters are kept"),
    MaskFile: property(DevString, ""),
  },
  attributes: {
    BufferSize: writable(DevLong),
    MaskFile: writable(DevString),
    OverflowThreshold: writable(DevLong),
    CounterStatus: readable(DevLong, { description: "last frame with counters, negative before the first" }),
    RunLevel: writable(DevLong, { description: "place in the processing chain; writable while OFF" }),
  },
  commands: {
    Start: command(DevVoid, DevVoid),
    Stop: command(DevVoid, DevVoid),
    addNames: command(DevVarStringArray, DevVarLongArray, { outputDescription: "an id for each name" }),
    setRois: command(DevVarLongArray, DevVoid, { inputDescription: "id, x, y, width, height of each" }),
    setArcRois: command(DevVarDoubleArray, DevVoid, {
      inputDescription: "id, cx, cy, r1, r2, a1, a2 (degrees) of each",
    }),
    getNames: command(DevVoid, DevVarStringArray),
    getRois: command(DevVarStringArray, DevVarLongArray),
    getArcRois: command(DevVarStringArray, DevVarDoubleArray),
    getRoiTypes: command(DevVarStringArray, DevVarStringArray),
    removeRois: command(DevVarStringArray, DevVoid),
    clearAllRois: command(DevVoid, DevVoid),
    setMaskFile: command(DevString, DevVoid),
    readCounters: command(DevLong, DevVarDoubleArray, {
      inputDescription: "first frame",
      outputDescription: "id, frame, sum, average, std, min, max of each",
    }),
  },
});
