// SPDX-License-Identifier: MIT
// The plugin devices of LimaCCDs that correct frames or reduce them, as values. (The ROI counters: roi-counter.ts; bpm.ts; live-viewer.ts.)
import {
  DevBoolean, DevLong, DevShort, DevString, DevVarDoubleArray, DevVarLongArray, DevVarStringArray, DevVoid,
} from "../../tango/idl/tango-types.ts"; // biome-ignore format: a list
import { command, defineInterface, property, readable, writable } from "../../tango/interface.ts";

const switching = { Start: command(DevVoid, DevVoid), Stop: command(DevVoid, DevVoid) };
const runLevel = writable(DevLong, { description: "place in the processing chain; writable while OFF" });
const buffer = { BufferSize: property(DevShort, 256, "frames whose results are kept") };
const status = readable(DevLong, { description: "last frame with results, negative before the first" });
const maskFile = writable(DevString, { description: "EDF; pixels where it is 0 do not count" });
const buffered = { ...buffer, MaskFile: property(DevString, "", "EDF") };
const file = command(DevString, DevVoid, { inputDescription: "EDF file" });

export const roiSpectrum = defineInterface({
  name: "Roi2spectrumDeviceServer",
  description: "the lines or the columns of each region of each frame, summed to a spectrum",
  properties: buffered,
  attributes: { BufferSize: writable(DevLong), MaskFile: maskFile, CounterStatus: status, RunLevel: runLevel },
  commands: {
    ...switching,
    addNames: command(DevVarStringArray, DevVarLongArray, { outputDescription: "an id for each name" }),
    setRois: command(DevVarLongArray, DevVoid, { inputDescription: "id, x, y, width, height of each" }),
    getNames: command(DevVoid, DevVarStringArray),
    getRois: command(DevVarStringArray, DevVarLongArray),
    setRoiModes: command(DevVarStringArray, DevVoid, { inputDescription: "name, LINES_SUM or COLUMN_SUM, of each" }),
    getRoiModes: command(DevVarStringArray, DevVarStringArray),
    removeRois: command(DevVarStringArray, DevVoid),
    clearAllRois: command(DevVoid, DevVoid),
    setMaskFile: file,
    readImage: command(DevVarLongArray, DevVarLongArray, {
      inputDescription: "roi id, first frame",
      outputDescription: "a spectrum a frame, one after the other",
    }),
  },
});

export const roiCollection = defineInterface({
  name: "RoiCollectionDeviceServer",
  description: "the sum of each of many regions of each frame",
  properties: buffer,
  attributes: {
    BufferSize: writable(DevLong),
    MaskFile: maskFile,
    OverflowThreshold: writable(DevLong, { description: "Status tells of pixels above it; 0: none are looked for" }),
    CounterStatus: status,
    RunLevel: runLevel,
  },
  commands: {
    ...switching,
    setRois: command(DevVarLongArray, DevVoid, { inputDescription: "x, y, width, height of each" }),
    clearAllRois: command(DevVoid, DevVoid),
    setMaskFile: command(DevVarStringArray, DevVoid, { inputDescription: "EDF file" }),
    readSpectrum: command(DevLong, DevVarLongArray, {
      inputDescription: "first frame",
      outputDescription: "number of spectra, their length, first frame, sums",
    }),
  },
});

export const backgroundSubstraction = defineInterface({
  name: "BackgroundSubstractionDeviceServer",
  description: "subtracts a background from each frame",
  attributes: {
    RunLevel: runLevel,
    offset: writable(DevLong, { description: "added to each pixel after the subtraction" }),
    delete_dark_after_read: writable(DevBoolean),
    BackgroundFile: writable(DevString),
  },
  commands: {
    ...switching,
    setBackgroundImage: file,
    setBackgroundFile: file,
    takeNextAcquisitionAsBackground: command(DevVoid, DevVoid),
  },
});

export const flatField = defineInterface({
  name: "FlatfieldDeviceServer",
  description: "divides each frame by a flat field",
  attributes: {
    RunLevel: runLevel,
    normalize: writable(DevBoolean, { description: "divide the flat field by its mean first; writable while OFF" }),
    FlatFieldFile: writable(DevString),
  },
  commands: { ...switching, setFlatFieldImage: file, setFlatFieldFile: file },
});

export const mask = defineInterface({
  name: "MaskDeviceServer",
  description: "marks the pixels of each frame that are not to be used",
  attributes: {
    RunLevel: runLevel,
    type: writable(DevString, { description: "STANDARD: masked pixels become 0; DUMMY: they take the mask's value" }),
    MaskFile: writable(DevString),
  },
  commands: {
    ...switching,
    setMaskImage: file,
    setMaskFile: file,
    getAttrStringValueList: command(DevString, DevVarStringArray),
  },
});

export const peakFinder = defineInterface({
  name: "PeakFinderDeviceServer",
  description: "where the highest pixel of each frame is",
  properties: buffer,
  attributes: {
    BufferSize: writable(DevLong),
    CounterStatus: status,
    RunLevel: runLevel,
    ComputingMode: writable(DevString, { description: "MAXIMUM: the pixel; CM: centre of mass around it" }),
  },
  commands: {
    ...switching,
    setMaskFile: command(DevVarStringArray, DevVoid, { inputDescription: "EDF file" }),
    readPeaks: command(DevVoid, DevVarDoubleArray, { outputDescription: "frame, x, y of each" }),
    getAttrStringValueList: command(DevString, DevVarStringArray),
  },
});
