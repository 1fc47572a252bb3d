// SPDX-License-Identifier: MIT
// What every hardware device of MOSCA has: how long its steps may take.
import { DevDouble } from "../../tango/idl/tango-types.ts";
import { property, readable } from "../../tango/interface.ts";

const limit = property(DevDouble, 0, "s; 0: 5 s");
const seconds = readable(DevDouble, { unit: "s" });

export const timeoutProperties = {
  start_timeout: limit,
  stop_timeout: limit,
  setup_timeout: limit,
  prepare_timeout: limit,
} as const;
export const timeoutAttributes = {
  timeout_start: seconds,
  timeout_stop: seconds,
  timeout_setup: seconds,
  timeout_prepare: seconds,
} as const;
