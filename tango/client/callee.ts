// SPDX-License-Identifier: MIT
import type { DevSource } from "../idl/index.ts";
import type { CallOptions, Live } from "./device-route.ts";
import { invoke } from "./device-route.ts";
import type { Callee, Invoke } from "./dialect/invoke.ts";

/** A connected device with the options of one call: what dialects call. */
export const callee = (live: Live, options: CallOptions, source: DevSource = "CACHE_DEV"): Callee => ({
  invoke: invoking(live, options),
  source,
  ident: live.ident,
});

export const invoking =
  (live: Live, options: CallOptions): Invoke =>
  (operation, args) =>
    invoke(live, options, operation, args);
