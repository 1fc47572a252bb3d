// SPDX-License-Identifier: MIT
// What a camserver says: answers and messages that come by themselves, each ended by one byte.
import type { Cutter } from "../../link/channel.ts";

/** Numbers at the start of answers. */
export const codes = {
  unknownCommand: 1, cameraSetup: 2, exposureEnded: 7, imagePath: 10, killed: 13, settings: 15, version: 24, sensors: 215,
} as const; // biome-ignore format: a table

export interface Reply {
  readonly code: number;
  readonly ok: boolean;
  readonly text: string;
}

/** Ends every answer. */
export const terminator = "\x18";
/** Longer answers than this are not camserver's. */
const longest = 1 << 20;

/** `15 OK Exposure time set to: 1.000000 sec.` @throws Error when it is no answer. */
export function parseReply(text: string): Reply {
  const match = /^\s*(\d{1,4})\s+(OK|ERR)\b ?(.*)$/s.exec(text);
  if (!match) throw new Error(`"${text.slice(0, 80)}" is no answer of camserver`);
  const [, code, word, rest = ""] = match;
  return { code: Number(code), ok: word === "OK", text: rest.trim() };
}

/** Camserver's own refusal. */
export class CamserverError extends Error {
  override readonly name = "CamserverError";
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export class ReplyCutter implements Cutter<Reply> {
  #text = "";

  *take(bytes: Uint8Array): Iterable<Reply> {
    this.#text += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    if (this.#text.length > longest) throw new Error(`${this.#text.length} bytes without an end`);
    const replies = this.#text.split(terminator);
    this.#text = replies.pop() ?? "";
    for (const text of replies) if (text.trim() !== "") yield parseReply(text);
  }
}
