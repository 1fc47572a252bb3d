// SPDX-License-Identifier: MIT
// The members of class LimaCCDs as its clients know them (Lima-tango-python, LIMA 1.10), with what they read at first on a
// simulator of 40 x 30 pixels of 16 bits, what they take and what they refuse.

/** S string, B boolean, D double, F float, L long, UL, L64, UL64, Sh short, Enc; `[n]`: a spectrum of at most n. */
type Type = string;
export interface Attribute {
  readonly type: Type;
  readonly access: "r" | "rw" | "w";
  /** Read at first; absent: it depends on the machine. */
  readonly first?: unknown;
  /** Written, and read then; one value: what is written is read. */
  readonly takes?: readonly (readonly [written: unknown, read?: unknown])[];
  /** Written, and a part of the error. */
  readonly refuses?: readonly (readonly [written: unknown, error: string])[];
  /** Why it cannot be read at first: a part of the error. */
  readonly unreadable?: string;
}
export const r = (type: Type, first?: unknown): Attribute => ({
  type,
  access: "r",
  ...(first !== undefined && { first }),
});
export const rw = (
  type: Type,
  first?: unknown,
  takes: readonly (readonly [unknown, unknown?])[] = [],
  refuses: readonly (readonly [unknown, string])[] = [],
): Attribute => ({ type, access: "rw", ...(first !== undefined && { first }), takes, refuses });
/** An enumeration: each word in either case, and one that is none. */
export const words = (name: string, first: string, others: readonly string[]): Attribute =>
  rw(
    "S",
    first,
    [...others, first].map((word) => [word.toLowerCase(), word] as const),
    [["nonsense", `Wrong value ${name}: NONSENSE`]],
  );
const bufferParameters = (prefix: string, initMem: boolean, percent: number): Readonly<Record<string, Attribute>> => ({
  [`${prefix}_init_mem`]: rw("B", initMem, [[!initMem]]),
  [`${prefix}_duration_policy`]: words(`${prefix}_duration_policy`, "EPHEMERAL", ["PERSISTENT"]),
  [`${prefix}_size_policy`]: words(`${prefix}_size_policy`, "AUTOMATIC", ["FIXED"]),
  [`${prefix}_req_mem_size_percent`]: rw("D", percent, [[12.5]]),
});

export const attributes: Readonly<Record<string, Attribute>> = {
  lima_version: r("S", "1.10.5"),
  lima_type: r("S", "Simulator"),
  camera_type: r("S", "Simulator"),
  camera_model: r("S", "Generator"),
  user_detector_name: rw("S", "Generator", [["cam"]]),
  user_instrument_name: rw("S", "", [["id00"]]),
  camera_pixelsize: r("D[2]", [1e-6, 1e-6]),
  acq_status: r("S", "Ready"),
  acq_status_fault_error: r("S", "No error"),
  acq_tag: rw("UL64", 0xffffffff, [[7]]),
  acq_mode: words("acq_mode", "SINGLE", ["CONCATENATION", "ACCUMULATION"]),
  acq_nb_frames: rw("L", 1, [[0], [12]], [[-1, "Invalid acq_nb_frames: -1"]]),
  acq_expo_time: rw("D", 1, [[0.25]], [[1e-9, "too short"], [1e7, "too long"]]),
  acq_trigger_mode: words("acq_trigger_mode", "INTERNAL_TRIGGER", [
    "INTERNAL_TRIGGER_MULTI", "EXTERNAL_TRIGGER", "EXTERNAL_TRIGGER_MULTI", "EXTERNAL_GATE", "EXTERNAL_START_STOP",
    "EXTERNAL_TRIGGER_READOUT",
  ]),
  latency_time: rw("D", 1e-8, [[0.5], [0, 1e-8]], [[1e7, "Specified latency time 10000000 s too long"]]),
  valid_ranges: r("D[4]", [1e-8, 1e6, 1e-8, 1e6]),
  concat_nb_frames: rw("L", 1, [[8]], [[0, "Invalid concat. nb frames: 0"]]),
  acc_max_expo_time: rw("D", 1, [[0.5]], [[0, "Invalid acc_max_expo_time"]]),
  acc_time_mode: words("acc_time_mode", "LIVE", ["REAL"]),
  acc_expo_time: r("D", -1),
  acc_nb_frames: r("L", -1),
  acc_dead_time: r("D", -1),
  acc_live_time: r("D", -1),
  acc_mode: words("acc_mode", "STANDARD", ["THRESHOLD_BEFORE", "OFFSET_THEN_THRESHOLD_BEFORE"]),
  acc_filter: words("acc_filter", "FILTER_NONE", ["FILTER_THRESHOLD_MIN", "FILTER_OFFSET_THEN_THRESHOLD_MIN"]),
  acc_operation: rw("S", "ACC_SUM", [["ACC_MEAN"], ["ACC_SUM"]], [["ACC_MEDIAN", "ACC_MEDIAN is not implemented"]]),
  acc_threshold_before: rw("L", 0, [[5]]),
  acc_offset_before: rw("L", 0, [[-3]]),
  acc_out_type: words("acc_out_type", "Bpp32S", ["Bpp16", "Bpp32", "Bpp32F"]),
  acc_hw_nb_buffers: rw("L", 64, [[16]], [[15, "Invalid acc_hw_nb_buffers: 15"]]),
  acc_saturated_active: rw("B", false, [[true], [false]]),
  acc_saturated_threshold: rw("L64", 0, [[65000]]),
  acc_saturated_cblevel: rw("L", -1, [[3]]),
  ...bufferParameters("acc_buffer", false, 0),
  ...bufferParameters("buffer_alloc", true, 70),
  ...bufferParameters("saving_zbuffer", false, 0),
  image_type: r("S", "Bpp16"),
  image_width: r("UL", 40),
  image_height: r("UL", 30),
  image_sizes: r("UL[4]", [0, 2, 40, 30]),
  image_max_dim: r("UL[2]", [40, 30]),
  image_roi: rw("L[4]", [0, 0, 40, 30], [[[1, 2, 3, 4]], [[0, 0, 0, 0], [0, 0, 40, 30]]], [
    [[30, 0, 20, 10], "Software roi out of limits"],
    [[1, 1, 0, 5], "Software roi is empty"],
    [[1, 2], "image_roi takes x, y, width and height; 2 values given"],
  ]),
  image_bin: rw("UL[2]", [1, 1], [[[2, 5]], [[1, 1]]], [
    [[0, 1], "Binning 0 x 1 is impossible"],
    [[41, 1], "Binning 41 x 1 is impossible"],
  ]),
  image_bin_mode: words("image_bin_mode", "SUM", ["MEAN"]),
  image_flip: rw("B[2]", [false, false], [[[true, false]], [[false, false]]], [[[true], "image_flip takes two values"]]),
  image_rotation: words("image_rotation", "NONE", ["90", "180", "270"]),
  last_image_acquired: r("L", -1),
  last_base_image_ready: r("L", -1),
  last_image_ready: r("L", -1),
  last_image_saved: r("L", -1),
  last_counter_ready: r("L", -1),
  last_image: { type: "Enc", access: "r", unreadable: "Frame not available yet" },
  image_events_push_data: rw("B", false, [[true], [false]]),
  image_events_max_rate: rw("F", 25, [[10]]),
  ready_for_next_image: r("B", true),
  ready_for_next_acq: r("B", true),
  saving_directory: rw("S", "", [["/data"]]),
  saving_prefix: rw("S", "", [["a_"]]),
  saving_suffix: rw("S", ".raw", [[".x"]]),
  saving_next_number: rw("L", 0, [[5]], [[-1, "Invalid saving_next_number: -1"]]),
  saving_index_format: rw("S", "%04d", [["%06d"]], [["none", 'Invalid saving_index_format "none"']]),
  saving_format: words("saving_format", "RAW", [
    "EDF", "EDFGZ", "EDFCONCAT", "CBF", "TIFF", "HDF5", "HDF5GZ", "HDF5BS",
  ]),
  saving_mode: words("saving_mode", "MANUAL", ["AUTO_FRAME", "AUTO_HEADER"]),
  saving_managed_mode: rw("S", "SOFTWARE", [["software", "SOFTWARE"]], [["HARDWARE", "No hardware saving for this camera"]]),
  saving_overwrite_policy: words("saving_overwrite_policy", "ABORT", ["OVERWRITE", "APPEND", "MULTISET"]),
  saving_frame_per_file: rw("L", 1, [[100]], [[0, "Invalid saving_frame_per_file: 0"]]),
  saving_every_n_frames: rw("L", 1, [[3]], [[0, "Invalid saving_every_n_frames: 0"]]),
  saving_max_writing_task: rw("Sh", 1, [[2]], [[0, "Invalid saving_max_writing_task: 0"]]),
  saving_use_hw_comp: rw("B", false, [[true]]),
  saving_stream_active: rw("B", true, [[false], [true]]),
  saving_common_header: rw("S[65535]", [], [[["a=1", "b=x y"]]], [[["nothing"], 'Header entry "nothing"']]),
  saving_header_delimiter: rw("S[3]", ["=", "\n", ";"], [[[":", ",", "#"]], [["=", "\n", ";"]]], [
    [["="], "saving_header_delimiter takes three words"],
  ]),
  saving_statistics: r("D[4]", [0, 0, 0, 0]),
  saving_statistics_history: rw("L", 16, [[5]], [[0, "Invalid saving_statistics_history: 0"]]),
  saving_statistics_log_enable: rw("B", false, [[true], [false]]),
  video_active: rw("B", false, [[true], [false]]),
  video_live: rw("B", false, [[false]]),
  video_exposure: rw("D", undefined, [[0.125]]),
  video_gain: rw("D", 1, [], [[2, "Gain should be between 0. and 1."], [0.5, "Can't change the gain on Scientific camera"]]),
  video_mode: rw("S", "Y16", [["Y16"]], [["RGB24", "Wrong value video_mode: RGB24"]]),
  video_source: words("video_source", "BASE_IMAGE", ["LAST_IMAGE"]),
  video_roi: rw("L[4]", [0, 0, 0, 0], [[[1, 2, 3, 4]], [[0, 0, 0, 0]]], [[[38, 0, 5, 5], "Software roi out of limits"]]),
  video_bin: rw("UL[2]", [1, 1], [[[2, 2]], [[1, 1]]], [[[41, 1], "Binning 41 x 1 is impossible"]]),
  video_last_image: r("Enc"),
  video_last_image_counter: r("L64", -1),
  plugin_type_list: r("S[256]"),
  plugin_list: r("S[256]"),
  shared_memory_names: rw("S[2]", undefined, [[["a", "b"]]]),
  shared_memory_active: rw("B", false, [[true], [false]]),
  config_available_module: r("S[1024]", ["Acquisition", "Image", "Saving"]),
  config_available_name: r("S[1024]", []),
  buffer_max_number: r("L"),
  buffer_malloc_trim_pad: rw("UL64", 0, [[4096]]),
  debug_modules_possible: r("S[12]"),
  debug_modules: rw("S[12]", [], [[["Common", "Camera"]], [[]]]),
  debug_types_possible: r("S[8]", ["Fatal", "Error", "Warning", "Trace", "Funct", "Param", "Return", "Always"]),
  debug_types: rw("S[8]", [], [[["Trace"]], [[]]]),
  shutter_ctrl_is_available: r("B", true),
  shutter_mode: words("shutter_mode", "MANUAL", ["AUTO_FRAME", "AUTO_SEQUENCE"]),
  shutter_open_time: rw("D", 0, [[0.5]], [[-1, "Invalid shutter_open_time"]]),
  shutter_close_time: rw("D", 0, [[0.25]], [[-1, "Invalid shutter_close_time"]]),
  shutter_manual_state: rw("S", "CLOSED", [["OPEN"], ["CLOSE", "CLOSED"]], [["AJAR", "Wrong value shutter_manual_state: AJAR"]]),
}; // biome-ignore format: a table

/** Types of what goes in and what comes out. */
export const commands: Readonly<Record<string, readonly [input: string, output: string]>> = {
  prepareAcq: ["DevVoid", "DevVoid"],
  startAcq: ["DevVoid", "DevVoid"],
  stopAcq: ["DevVoid", "DevVoid"],
  abortAcq: ["DevVoid", "DevVoid"],
  reset: ["DevVoid", "DevVoid"],
  getAttrStringValueList: ["DevString", "DevVarStringArray"],
  getPluginDeviceNameFromType: ["DevString", "DevString"],
  openShutterManual: ["DevVoid", "DevVoid"],
  closeShutterManual: ["DevVoid", "DevVoid"],
  setImageHeader: ["DevVarStringArray", "DevVoid"],
  resetCommonHeader: ["DevVoid", "DevVoid"],
  resetFrameHeaders: ["DevVoid", "DevVoid"],
  getImage: ["DevLong", "DevVarCharArray"],
  getBaseImage: ["DevLong", "DevVarCharArray"],
  readImage: ["DevLong", "DevEncoded"],
  readLastImage: ["DevLong", "DevEncoded"],
  readImageSeq: ["DevVarLong64Array", "DevEncoded"],
  writeImage: ["DevLong", "DevVoid"],
  readAccSaturatedImageCounter: ["DevLong", "DevVarUShortArray"],
  readAccSaturatedSumCounter: ["DevLong", "DevVarLongArray"],
  setAccSaturatedMask: ["DevString", "DevVoid"],
  configStore: ["DevVarStringArray", "DevVoid"],
  configApply: ["DevString", "DevVoid"],
  configPop: ["DevString", "DevVoid"],
  configDelete: ["DevString", "DevVoid"],
  configFileSave: ["DevVoid", "DevVoid"],
  configFileLoad: ["DevVoid", "DevVoid"],
  setSavingStream: ["DevLong", "DevVoid"],
};

/** What getAttrStringValueList answers: nothing for all that is no enumeration. */
export const valueLists: Readonly<Record<string, readonly string[]>> = {
  acq_mode: ["SINGLE", "CONCATENATION", "ACCUMULATION"],
  acq_trigger_mode: [
    "INTERNAL_TRIGGER",
    "INTERNAL_TRIGGER_MULTI",
    "EXTERNAL_TRIGGER",
    "EXTERNAL_TRIGGER_MULTI",
    "EXTERNAL_GATE",
    "EXTERNAL_START_STOP",
    "EXTERNAL_TRIGGER_READOUT",
  ],
  acc_time_mode: ["LIVE", "REAL"],
  acc_mode: ["STANDARD", "THRESHOLD_BEFORE", "OFFSET_THEN_THRESHOLD_BEFORE"],
  acc_filter: ["FILTER_NONE", "FILTER_THRESHOLD_MIN", "FILTER_OFFSET_THEN_THRESHOLD_MIN"],
  acc_operation: ["ACC_SUM", "ACC_MEAN", "ACC_MEDIAN"],
  saving_format: ["RAW", "EDF", "EDFGZ", "EDFCONCAT", "CBF", "TIFF", "HDF5", "HDF5GZ", "HDF5BS"],
  saving_mode: ["MANUAL", "AUTO_FRAME", "AUTO_HEADER"],
  saving_managed_mode: ["SOFTWARE", "HARDWARE"],
  saving_overwrite_policy: ["ABORT", "OVERWRITE", "APPEND", "MULTISET"],
  image_rotation: ["NONE", "90", "180", "270"],
  image_bin_mode: ["SUM", "MEAN"],
  video_source: ["BASE_IMAGE", "LAST_IMAGE"],
  video_mode: ["Y16"],
  shutter_mode: ["MANUAL", "AUTO_FRAME", "AUTO_SEQUENCE"],
  acq_nb_frames: [],
  saving_prefix: [],
  Status: [],
  none: [],
};
