// SPDX-License-Identifier: MIT
// LimaCCDs: one 2D detector (class LimaCCDs, the camera's class, and a class a plugin).
import { serve } from "../../tango/index.ts";
import { limaClasses, pluginClassNames } from "./classes.ts";
import { registerPlugins } from "./registration.ts";

// A database that does not answer is reported by `serve`, in the words its users know.
await registerPlugins(process.argv.slice(2), pluginClassNames).catch(() => {});
await serve({ server: "LimaCCDs", classes: limaClasses() });
