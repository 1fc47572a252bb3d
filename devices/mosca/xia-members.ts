// SPDX-License-Identifier: MIT
// The members of MOSCA's FalconX class, which the simulated one has as well.
import { DevDouble, DevLong64, DevString, DevVarStringArray, DevVoid } from "../../tango/idl/tango-types.ts";
import { command, readable, spectrum, writable } from "../../tango/interface.ts";
import { timeoutAttributes } from "./timeouts.ts";

export const xiaAttributes = {
  mca_status: readable(DevString),
  init_message: readable(DevString, { description: "What the last loading of a configuration said" }),
  ...timeoutAttributes,
  ini_dir: readable(DevString),
  pixels_per_buffer: writable(DevLong64),
  mapping_mode: writable(DevLong64, { description: "0: spectra one by one, 1: mapping" }),
  gate_ignore: writable(DevLong64),
  preset_value: writable(DevDouble, { description: "s, or photons: see preset_type" }),
  num_map_pixels: writable(DevLong64),
  number_mca_channels: writable(DevLong64),
  modules: readable(spectrum(DevString, 200)),
  preset_type: writable(DevString, {
    description: "What ends a point of INT_TRIG_READOUT: XIA_PRESET_FIXED_REAL, _LIVE, _EVENTS or _TRIGGERS",
  }),
  pixel_advance_mode: writable(DevString),
  input_logic_polarity: writable(DevString),
  ini_file: writable(DevString, { description: "Writing it loads the configuration" }),
  mca_refresh: writable(DevDouble, { unit: "s" }),
} as const;

export const xiaCommands = {
  available_ini_files: command(DevVoid, DevVarStringArray),
  firmwares: command(DevVoid, DevVarStringArray),
  prepare_acq: command(DevVoid, DevVoid),
  reset_hardware: command(DevVoid, DevVoid),
  start_acq: command(DevVoid, DevVoid),
  xiaSetLogLevel: command(DevString, DevVoid, { inputDescription: "MD_ERROR, MD_WARNING, MD_INFO or MD_DEBUG" }),
  xiaSetLogOutput: command(DevString, DevVoid),
} as const;
