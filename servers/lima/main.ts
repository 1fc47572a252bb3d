// SPDX-License-Identifier: MIT
// LimaCCDs: one 2D detector (class LimaCCDs, the camera's class, and a class a plugin).
import { serve } from "../../tango/index.ts";
import { limaClasses } from "./classes.ts";

await serve({ server: "LimaCCDs", classes: limaClasses() });
