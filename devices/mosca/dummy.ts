// SPDX-License-Identifier: MIT
// The detector whose every number is known beforehand: for clients that test themselves.
import { DevDouble, DevString, DevVoid } from "../../tango/idl/tango-types.ts";
import { command, defineInterface, property, readable } from "../../tango/interface.ts";

const seconds = readable(DevDouble, { unit: "s" });

export const dummy = defineInterface({
  name: "Dummy",
  description: "Detector d gives 100 d + size p + c in channel c of point p, 200 d + 0.666 in each statistic",
  properties: {
    start_timeout: property(DevDouble, 0, "s; 0: 5 s"),
    stop_timeout: property(DevDouble, 0, "s; 0: 5 s"),
    setup_timeout: property(DevDouble, 0, "s; 0: 5 s"),
    prepare_timeout: property(DevDouble, 0, "s; 0: 5 s"),
  },
  attributes: {
    mca_status: readable(DevString),
    init_message: readable(DevString),
    timeout_start: seconds,
    timeout_stop: seconds,
    timeout_setup: seconds,
    timeout_prepare: seconds,
  },
  commands: {
    dummy_mosca_kwargs: command(DevVoid, DevString, { outputDescription: "YAML: what was applied last" }),
    prepare_acq: command(DevVoid, DevVoid),
    start_acq: command(DevVoid, DevVoid),
  },
});
