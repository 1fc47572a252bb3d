// SPDX-License-Identifier: MIT
// Narrow strings as bytes. The code set belongs to the connection: ISO 8859-1 unless UTF-8 was negotiated.
import { Buffer } from "node:buffer";

export type CodeSet = "latin1" | "utf8";

/** Below this many bytes a loop beats the call into the runtime. */
const SHORT = 12;

export function decodeText(bytes: Uint8Array, start: number, end: number, codeSet: CodeSet): string {
  if (end - start > SHORT || codeSet === "utf8") {
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString(codeSet);
  }
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}

/** Writes `text` at `at`, where there is room for it, and returns the number of bytes. */
export function encodeText(text: string, bytes: Uint8Array, at: number, codeSet: CodeSet): number {
  if (text.length > SHORT || codeSet === "utf8") {
    return Buffer.prototype.write.call(bytes, text, at, bytes.length - at, codeSet);
  }
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
  return text.length;
}

/** Bytes that `text` may take at most. */
export const textRoom = (text: string, codeSet: CodeSet): number => (codeSet === "utf8" ? 3 : 1) * text.length;

/** Why `text` cannot be a CORBA string in this code set, or undefined when it can. */
export function textProblem(text: string, codeSet: CodeSet): string | undefined {
  const last = codeSet === "latin1" ? 0xff : 0xffff;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0 || unit > last) return problem(text.codePointAt(index) ?? 0, index);
  }
  return undefined;
}

function problem(code: number, index: number): string {
  if (code === 0) return `character ${index} of a string is NUL, which ends a CORBA string`;
  const shown = `${String.fromCodePoint(code)} (U+${code.toString(16).toUpperCase().padStart(4, "0")})`;
  return `character ${shown} of a string does not exist in ISO 8859-1, the code set of Tango strings`;
}
