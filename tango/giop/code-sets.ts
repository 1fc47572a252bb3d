// SPDX-License-Identifier: MIT
// Service contexts. Only one matters here: CodeSets (id 1), in which a client says how its strings are encoded.
import type { CodeSet, Reader, Writer } from "../cdr/index.ts";

const CODE_SETS = 1;
const LATIN1 = 0x00010001;
const UTF8 = 0x05010001;
const UTF16 = 0x00010109;

/** Reads a list of service contexts and returns the code set that one of them chooses. */
export function readContexts(reader: Reader): CodeSet | undefined {
  let chosen: CodeSet | undefined;
  for (let left = reader.count(8); left > 0; left--) {
    const id = reader.ulong();
    const length = reader.count(1);
    const at = reader.claim(1, length);
    if (id === CODE_SETS && length >= 8) chosen = reader.within(at, at + length).ulong() === UTF8 ? "utf8" : "latin1";
  }
  return chosen;
}

/** A list of one context, that chooses `codeSet` for narrow strings and UTF-16 for wide ones; or an empty list. */
export function writeContexts(writer: Writer, codeSet: CodeSet | undefined): void {
  writer.ulong(codeSet ? 1 : 0);
  if (!codeSet) return;
  writer.ulong(CODE_SETS);
  writer.encapsulation((inner) => {
    inner.ulong(codeSet === "utf8" ? UTF8 : LATIN1);
    inner.ulong(UTF16);
  });
}
