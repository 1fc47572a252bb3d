// SPDX-License-Identifier: MIT
import {
  DevBoolean,
  DevVarDoubleArray,
  DevVarLong64Array,
  DevVarULongArray,
  DevVoid,
} from "../../tango/idl/tango-types.ts";
import { command, defineInterface, writable } from "../../tango/interface.ts";

export const background = defineInterface({
  name: "Background",
  description: "Subtracts the mean of a stored acquisition from every spectrum",
  attributes: { is_background_applied: writable(DevBoolean) },
  commands: {
    background_detectors: command(DevVoid, DevVarLong64Array),
    background_spectra: command(DevVoid, DevVarULongArray, { outputDescription: "(detectors, size) flat" }),
    background_stats: command(DevVoid, DevVarDoubleArray, { outputDescription: "(detectors, statistics) flat" }),
    store_background: command(DevVoid, DevVoid, { inputDescription: "Keeps the mean of the last acquisition" }),
  },
});
