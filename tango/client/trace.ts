// SPDX-License-Identifier: MIT
// The W3C trace context of what runs now: that of the Tango call whose handler it is, or of the program's own span. Calls it
// makes to devices of IDL 6 carry it on.
import { AsyncLocalStorage } from "node:async_hooks";
import { openTelemetry } from "./open-telemetry.ts";

export interface TraceContext {
  /** `version-traceid-spanid-flags` in hexadecimal, or empty. */
  readonly traceParent: string;
  readonly traceState: string;
}

const NONE: TraceContext = { traceParent: "", traceState: "" };
// Holds nothing itself: what a flow of calls began with goes with that flow alone.
const current = new AsyncLocalStorage<TraceContext>();

/** Runs `work`, and whatever it starts, in a trace. */
export const inTrace = <T>(trace: TraceContext, work: () => T): T => current.run(trace, work);

/** The trace of what runs now; a span of the program's OpenTelemetry SDK comes first. */
export function currentTrace(): TraceContext {
  return openTelemetry?.active() ?? current.getStore() ?? NONE;
}
