// SPDX-License-Identifier: MIT
// The members of LIMA's plugin devices and of its simulator, as their clients know them (Lima-tango-python). Form: that of
// limaccds-members.ts.
import { type Attribute, r, rw, words } from "./limaccds-members.ts";

export interface MemberTable {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly commands: Readonly<Record<string, readonly [input: string, output: string]>>;
  readonly valueLists: Readonly<Record<string, readonly string[]>>;
}
const plain = ["DevVoid", "DevVoid"] as const;
const switching = { Start: plain, Stop: plain };
const file = ["DevString", "DevVoid"] as const;
const list = ["DevString", "DevVarStringArray"] as const;
const runLevel = rw("L", 0, [[7], [0]]);
const buffer = rw("L", 256, [[512]], [[0, "Invalid BufferSize: 0"]]);
const missing = [["/none.edf", "ENOENT"]] as const;
const maskFile = rw("S", "", [[""]], missing);
const overflow = rw("L", 0, [[60000], [0]], [[-1, "Invalid OverflowThreshold: -1"]]);
const counted = r("L", -1);

const regions = {
  ...switching,
  addNames: ["DevVarStringArray", "DevVarLongArray"],
  setRois: ["DevVarLongArray", "DevVoid"],
  getNames: ["DevVoid", "DevVarStringArray"],
  getRois: ["DevVarStringArray", "DevVarLongArray"],
  removeRois: ["DevVarStringArray", "DevVoid"],
  clearAllRois: plain,
  setMaskFile: file,
} as const;

export const plugins: Readonly<Record<string, MemberTable>> = {
  roicounter: {
    attributes: { BufferSize: buffer, MaskFile: maskFile, OverflowThreshold: overflow, CounterStatus: counted, RunLevel: runLevel },
    commands: {
      ...regions,
      setArcRois: ["DevVarDoubleArray", "DevVoid"],
      getArcRois: ["DevVarStringArray", "DevVarDoubleArray"],
      getRoiTypes: ["DevVarStringArray", "DevVarStringArray"],
      readCounters: ["DevLong", "DevVarDoubleArray"],
    },
    valueLists: {},
  },
  roi2spectrum: {
    attributes: { BufferSize: buffer, MaskFile: maskFile, CounterStatus: counted, RunLevel: runLevel },
    commands: {
      ...regions,
      setRoiModes: ["DevVarStringArray", "DevVoid"],
      getRoiModes: ["DevVarStringArray", "DevVarStringArray"],
      readImage: ["DevVarLongArray", "DevVarLongArray"],
    },
    valueLists: {},
  },
  roicollection: {
    attributes: { BufferSize: buffer, MaskFile: maskFile, OverflowThreshold: overflow, CounterStatus: counted, RunLevel: runLevel },
    commands: {
      ...switching,
      setRois: ["DevVarLongArray", "DevVoid"],
      clearAllRois: plain,
      setMaskFile: ["DevVarStringArray", "DevVoid"],
      readSpectrum: ["DevLong", "DevVarLongArray"],
    },
    valueLists: {},
  },
  backgroundsubstraction: {
    attributes: {
      RunLevel: runLevel,
      delete_dark_after_read: rw("B", false, [[true], [false]]),
      offset: rw("L", 0, [[-5]]),
      BackgroundFile: rw("S", "", [[""]], missing),
    },
    commands: { ...switching, setBackgroundImage: file, setBackgroundFile: file, takeNextAcquisitionAsBackground: plain },
    valueLists: {},
  },
  flatfield: {
    attributes: { RunLevel: runLevel, normalize: rw("B", true, [[false], [true]]), FlatFieldFile: rw("S", "", [[""]], missing) },
    commands: { ...switching, setFlatFieldImage: file, setFlatFieldFile: file },
    valueLists: {},
  },
  mask: {
    attributes: { RunLevel: runLevel, type: words("type", "STANDARD", ["DUMMY"]), MaskFile: maskFile },
    commands: { ...switching, setMaskImage: file, setMaskFile: file, getAttrStringValueList: list },
    valueLists: { type: ["STANDARD", "DUMMY"], MaskFile: [] },
  },
  peakfinder: {
    attributes: {
      BufferSize: buffer, CounterStatus: counted, RunLevel: runLevel, ComputingMode: words("ComputingMode", "MAXIMUM", ["CM"]),
    },
    commands: {
      ...switching,
      setMaskFile: ["DevVarStringArray", "DevVoid"],
      readPeaks: ["DevVoid", "DevVarDoubleArray"],
      getAttrStringValueList: list,
    },
    valueLists: { ComputingMode: ["MAXIMUM", "CM"] },
  },
  bpm: {
    attributes: {
      RunLevel: runLevel,
      buffersize: rw("L", 1024, [[16]], [[0, "Invalid BufferSize: 0"]]),
      txy: r("D[3]", [0, -1, -1]),
      x: r("D", -1), y: r("D", -1), intensity: r("D", -1), max_intensity: r("D", -1), fwhm_x: r("D", 0), fwhm_y: r("D", 0),
      automaticaoi: rw("B", false, [[true], [false]]),
      proj_x: r("L[4096]", []), proj_y: r("L[4096]", []),
      autoscale: rw("B", true, [[false], [true]]),
      lut_method: words("lut_method", "LINEAR", ["LOG"]),
      color_map: rw("B", false, [[true], [false]]),
      bvdata: { type: "Enc", access: "r", unreadable: "Frame not available yet" },
      calibration: rw("D[2]", [1, 1], [[[0.5, 2]]], [[[1], "calibration takes two values; 1 given"]]),
      beammark: rw("L[2]", [0, 0], [[[3, 4]]], [[[1], "beammark takes two values; 1 given"]]),
      jpeg_quality: rw("L", 80, [[1], [100]], [[0, "Invalid JPEG quality: 0"], [101, "Invalid JPEG quality: 101"]]),
      min_max: rw("UL64[2]", [0, 65535], [[[10, 20]]], [[[1], "min_max takes two values; 1 given"]]),
      return_bpm_profiles: rw("B", true, [[false], [true]]),
      enable_bpm_calc: rw("B", true, [[false], [true]]),
    },
    commands: {
      ...switching,
      getResults: ["DevLong", "DevVarDoubleArray"],
      GetPixelIntensity: ["DevVarLongArray", "DevLong"],
      HasBackground: ["DevVoid", "DevBoolean"],
      TakeBackground: plain,
      ResetBackground: plain,
    },
    valueLists: {},
  },
  liveviewer: {
    attributes: {
      Depth: r("Sh", 2),
      Exposure: rw("D", 0.1, [[0.5]], [[0, "Invalid Exposure: 0"]]),
      ExternalTrigger: rw("B", false, [[true], [false]]),
      FrameRate: rw("D", 10, [[25]], [[0, "Invalid FrameRate: 0"]]),
      Frames: rw("L", 0, [[5]], [[-1, "Invalid Frames: -1"]]),
      Gain: rw("D", 1, [], [[0.5, "Can't change the gain on Scientific camera"]]),
      ImageCounter: r("L", -1),
      JpegImage: { type: "Enc", access: "r", unreadable: "Frame not available yet" },
      JpegQuality: rw("L", 50, [[90]], [[0, "Invalid JPEG quality: 0"]]),
      Roi: rw("L[4]", [0, 0, 0, 0], [[[1, 2, 3, 4]], [[0, 0, 0, 0]]], [[[30, 0, 20, 10], "Software roi out of limits"]]),
      Image: { type: "UShort(65536x65536)", access: "r", unreadable: "Frame not available yet" },
    },
    commands: { ...switching, Reset: plain, ResetRoi: plain },
    valueLists: {},
  },
  simulator: {
    attributes: {
      frame_dim: rw("L[3]", [40, 30, 2], [[[20, 10, 1]], [[40, 30, 2]]], [
        [[40, 30, 3], "width, height and 1, 2 or 4 bytes a pixel are wanted"],
        [[0, 30, 2], "frame_dim [0, 30, 2]"],
      ]),
      mode: rw("S", "GENERATOR", [["generator_prefetch", "GENERATOR_PREFETCH"], ["GENERATOR"]], [
        ["LOADER", "write file_pattern first"], ["NONE", "Wrong value mode: NONE"],
      ]),
      nb_prefetched_frames: rw("L", 1, [[3]], [[0, "Invalid nb_prefetched_frames: 0"]]),
      file_pattern: { type: "S", access: "w", refuses: [["/none_*.edf", "No file matches /none_*.edf"]] },
      peaks: rw("D[4000]", undefined, [[[1, 2, 3, 4, 5, 6, 7, 8]]], [
        [[1, 2, 3], "peaks takes x, y, fwhm and maximum of each: 3 values given"], [[1, 2, 0, 4], "Peak 0: fwhm 0"],
      ]),
      peak_angles: rw("D[1000]", [], [[[10, 20]]]),
      grow_factor: rw("D", 1, [[0]]),
      fill_type: words("fill_type", "GAUSS", ["DIFFRACTION", "EMPTY"]),
      rotation_axis: words("rotation_axis", "ROTATIONY", ["ROTATIONX", "STATIC"]),
      rotation_angle: rw("D", 0, [[45]]),
      rotation_speed: rw("D", 0, [[2]]),
      diffraction_pos: rw("D[2]", undefined, [[[3, 4]]], [[[1], "Two values are wanted"]]),
      diffraction_speed: rw("D[2]", [0, 0], [[[1, 2]]]),
    },
    commands: { trigExternal: plain, getAttrStringValueList: list },
    valueLists: {
      mode: ["GENERATOR", "GENERATOR_PREFETCH", "LOADER", "LOADER_PREFETCH"],
      fill_type: ["GAUSS", "DIFFRACTION", "EMPTY"],
      rotation_axis: ["ROTATIONX", "ROTATIONY", "STATIC"],
      frame_dim: [],
    },
  },
}; // biome-ignore format: a table
