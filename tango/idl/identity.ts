// SPDX-License-Identifier: MIT
// Who is calling: the client identities of Tango IDL 6.
import type { Infer } from "../cdr/index.ts";
import { string, struct, union } from "../cdr/index.ts";
import { CppClntIdent, JavaUUID } from "./aliases.ts";
import { LockerLanguage, TraceContextFormat } from "./enums.ts";

export const W3CTraceContextV0 = struct({
  trace_parent: string,
  trace_state: string,
});
export type W3CTraceContextV0 = Infer<typeof W3CTraceContextV0>;
export const TraceContext = union(TraceContextFormat, {
  W3C_TC_V0: W3CTraceContextV0,
});
export type TraceContext = Infer<typeof TraceContext>;
export const JavaClntIdent = struct({
  MainClass: string,
  uuid: JavaUUID,
});
export type JavaClntIdent = Infer<typeof JavaClntIdent>;
export const CppClntIdent_6 = struct({
  cpp_clnt: CppClntIdent,
  trace_context: TraceContext,
});
export type CppClntIdent_6 = Infer<typeof CppClntIdent_6>;
export const JavaClntIdent_6 = struct({
  java_clnt: JavaClntIdent,
  trace_context: TraceContext,
});
export type JavaClntIdent_6 = Infer<typeof JavaClntIdent_6>;
export const ClntIdent = union(LockerLanguage, {
  CPP: CppClntIdent,
  JAVA: JavaClntIdent,
  CPP_6: CppClntIdent_6,
  JAVA_6: JavaClntIdent_6,
});
export type ClntIdent = Infer<typeof ClntIdent>;
