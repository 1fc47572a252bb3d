// SPDX-License-Identifier: MIT
// The detector whose every number is known beforehand: for clients that test themselves.
import { DevString, DevVoid } from "../../tango/idl/tango-types.ts";
import { command, defineInterface, readable } from "../../tango/interface.ts";
import { timeoutAttributes, timeoutProperties } from "./timeouts.ts";

export const dummy = defineInterface({
  name: "Dummy",
  description: "Detector d gives 100 d + size p + c in channel c of point p, 200 d + 0.666 in each statistic",
  properties: timeoutProperties,
  attributes: {
    mca_status: readable(DevString),
    init_message: readable(DevString),
    ...timeoutAttributes,
  },
  commands: {
    dummy_mosca_kwargs: command(DevVoid, DevString, { outputDescription: "YAML: what was applied last" }),
    prepare_acq: command(DevVoid, DevVoid),
    start_acq: command(DevVoid, DevVoid),
  },
});
