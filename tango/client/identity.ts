// SPDX-License-Identifier: MIT
import type { ClntIdent, IdlVersion } from "../idl/index.ts";
import { currentTrace } from "./trace.ts";

/** How this process names itself to devices, as C++ and Python clients do: by its process id, and since IDL 6 by its trace. */
export function clientIdent(version: IdlVersion): ClntIdent {
  if (version < 6) return { type: "CPP", value: process.pid };
  const { traceParent, traceState } = currentTrace();
  const trace_context = { type: "W3C_TC_V0" as const, value: { trace_parent: traceParent, trace_state: traceState } };
  return { type: "CPP_6", value: { cpp_clnt: process.pid, trace_context } };
}
