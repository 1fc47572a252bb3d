// SPDX-License-Identifier: MIT
// Which data stream a command works on.
import { Option } from "commander";

export const streamOption = (): Option =>
  new Option("--stream <url>", "address of the data stream").env("BANDONEON_STREAM").default("redis://127.0.0.1:6379");
