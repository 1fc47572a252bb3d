// SPDX-License-Identifier: MIT
// TypeScript at the prompt: what is no JavaScript may be it with types, which are taken out.
import { stripTypeScriptTypes } from "node:module";

/**
 * The line without its types; "more": it goes on on the next line; undefined: it has no types, or is no TypeScript either.
 */
export function withoutTypes(code: string): string | "more" | undefined {
  const warn = process.emitWarning;
  // Node says at the first call that the function is experimental; the person at the prompt has not called it.
  process.emitWarning = () => {};
  try {
    const stripped = stripTypeScriptTypes(code);
    return stripped === code ? undefined : stripped;
  } catch (error) {
    return /got '<eof>'|`<eof>`/.test((error as Error).message) ? "more" : undefined;
  } finally {
    process.emitWarning = warn;
  }
}
