// SPDX-License-Identifier: MIT
import { serve } from "../../tango/index.ts";
import { tangoTestClass } from "./class.ts";

await serve({ server: "TangoTest", classes: [tangoTestClass(() => process.abort())] });
