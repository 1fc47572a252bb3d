// SPDX-License-Identifier: MIT
// Mosca: one spectrometer. Devices: its hardware (SimFalconX), Generator, Mosca, MoscaV1.
import { serve } from "../../tango/index.ts";
import { moscaClasses } from "./classes.ts";

await serve({ server: "Mosca", classes: moscaClasses() });
