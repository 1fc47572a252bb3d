// SPDX-License-Identifier: MIT
import type { ControlSystem } from "../../tango/index.ts";
import type { FindDevices } from "./completion.ts";

/** The running devices of a control system, for Tab: after a second without an answer there is none. */
export const exportedDevices =
  (system: ControlSystem): FindDevices =>
  (beginning) =>
    system.database().exportedDevices(`${beginning}*`, { timeout: 1000 });
