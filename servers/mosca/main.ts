// SPDX-License-Identifier: MIT
// Mosca: one spectrometer. Devices, one of each: SimFalconX or Dummy (its hardware), Generator, Saving,
// Background, Mosca, MoscaV1.
import { serve } from "../../tango/index.ts";
import { moscaClasses } from "./classes.ts";

await serve({ server: "Mosca", classes: moscaClasses() });
