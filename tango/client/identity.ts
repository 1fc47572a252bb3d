// SPDX-License-Identifier: MIT
import type { ClntIdent, IdlVersion } from "../idl/index.ts";

/** How this process names itself to devices: as C++ and Python clients do, by its process id. */
export function clientIdent(version: IdlVersion): ClntIdent {
  if (version < 6) return { type: "CPP", value: process.pid };
  const trace_context = { type: "W3C_TC_V0" as const, value: { trace_parent: "", trace_state: "" } };
  return { type: "CPP_6", value: { cpp_clnt: process.pid, trace_context } };
}
