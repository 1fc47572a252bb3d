// SPDX-License-Identifier: MIT
import { DevDouble, DevLong, DevString, DevVoid } from "../../tango/idl/tango-types.ts";
import { command, defineInterface, property, readable, spectrum } from "../../tango/interface.ts";
import { changes } from "./change-table.ts";
import { questions } from "./question-table.ts";
import { described, nothing } from "./texts.ts";

/** What is answered from the store. */
export const storeCommands = described({ ...questions, ...changes });
export type StoreCommand = keyof typeof storeCommands;

const timing = readable(spectrum(DevDouble, 64));

/** The Tango database device: which devices there are, where they are, and their properties. */
export const database = defineInterface({
  name: "DataBase",
  description: "This class manage the TANGO database.",
  properties: { historyDepth: property(DevLong, 10, "How many values of one property the history keeps.") },
  attributes: {
    StoredProcedureRelease: readable(DevString),
    /** Milliseconds, one element a command that was called; Timing_index names them. */
    Timing_average: timing,
    Timing_minimum: timing,
    Timing_maximum: timing,
    Timing_calls: timing,
    Timing_index: readable(spectrum(DevString, 64)),
    Timing_info: readable(spectrum(DevString, 64)),
  },
  commands: {
    ...storeCommands,
    ResetTimingValues: command(DevVoid, DevVoid, {
      inputDescription: nothing,
      outputDescription: nothing,
    }),
  },
});
