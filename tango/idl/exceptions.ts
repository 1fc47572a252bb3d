// SPDX-License-Identifier: MIT
// The two user exceptions of Tango IDL 6: a repository id, then these members.
import type { Infer } from "../cdr/index.ts";
import { struct } from "../cdr/index.ts";
import { DevErrorList, NamedDevErrorList } from "./values.ts";

export const DevFailed = struct({ errors: DevErrorList });
export type DevFailed = Infer<typeof DevFailed>;
export const MultiDevFailed = struct({ errors: NamedDevErrorList });
export type MultiDevFailed = Infer<typeof MultiDevFailed>;

/** The user exceptions by repository id. */
export const exceptions = {
  "IDL:Tango/DevFailed:1.0": DevFailed,
  "IDL:Tango/MultiDevFailed:1.0": MultiDevFailed,
} as const;
export const DEV_FAILED_ID = "IDL:Tango/DevFailed:1.0";
export const MULTI_DEV_FAILED_ID = "IDL:Tango/MultiDevFailed:1.0";
