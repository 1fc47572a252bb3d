// SPDX-License-Identifier: MIT
// BlissWriter: writes the scans of a data stream into NeXus files.
import { serve } from "../../tango/index.ts";
import { BlissWriter } from "./writer.ts";

await serve({ server: "BlissWriter", classes: [BlissWriter] });
