// SPDX-License-Identifier: MIT
// Clients of MOSCA match the Python exceptions its server passes on: refusals keep that shape.
import { DevFailed } from "../../tango/errors.ts";

/** What kind of mistake it is, in the words clients know. */
export type RefusalKind = "RuntimeError" | "ValueError" | "TypeError" | "IndexError";

/** A refusal as clients of MOSCA expect it: reason PyDs_PythonError, "RuntimeError: text". */
export function refusal(text: string, kind: RefusalKind | (string & {}) = "RuntimeError"): DevFailed {
  const level = { origin: "", severity: "ERR" } as const;
  return new DevFailed([
    { ...level, reason: "PyDs_PythonError", desc: `${kind}: ${text}\n` },
    { ...level, reason: "PyDs_UnexpectedFailure", desc: "Cannot execute command" },
  ]);
}

/** An integer as clients write it in a string array. @throws DevFailed naming the text */
export function integer(text: string | undefined, what: string): number {
  if (text !== undefined && /^\s*[+-]?\d+\s*$/.test(text)) return Number(text);
  throw refusal(`invalid literal for int() with base 10: '${text ?? ""}' (${what})`, "ValueError");
}
