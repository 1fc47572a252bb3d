// SPDX-License-Identifier: MIT
// Identifiers of stream entries: two unsigned 64-bit numbers, ordered, written `ms-seq`.
import { CommandError } from "./reply.ts";

export interface StreamId {
  readonly ms: bigint;
  readonly seq: bigint;
}

const MAX = 0xffff_ffff_ffff_ffffn;
export const minId: StreamId = { ms: 0n, seq: 0n };
export const maxId: StreamId = { ms: MAX, seq: MAX };

export const compareIds = (a: StreamId, b: StreamId): number =>
  a.ms === b.ms ? (a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0) : a.ms < b.ms ? -1 : 1;

export const formatId = ({ ms, seq }: StreamId): string => `${ms}-${seq}`;

const invalid = () => new CommandError("ERR Invalid stream ID specified as stream command argument");

function part(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw invalid();
  const value = BigInt(text);
  if (value > MAX) throw invalid();
  return value;
}

/** `ms-seq`, or `ms` alone with `seq` for the missing half. */
export function parseId(text: string, seq = 0n): StreamId {
  const dash = text.indexOf("-");
  return dash < 0 ? { ms: part(text), seq } : { ms: part(text.slice(0, dash)), seq: part(text.slice(dash + 1)) };
}

/** The next identifier. @throws CommandError after the last one. */
export function nextId({ ms, seq }: StreamId): StreamId {
  if (seq < MAX) return { ms, seq: seq + 1n };
  if (ms < MAX) return { ms: ms + 1n, seq: 0n };
  throw new CommandError("ERR The stream has exhausted the last possible ID, unable to add more items");
}

/** The identifier before. @throws CommandError before the first one. */
export function previousId({ ms, seq }: StreamId): StreamId {
  if (seq > 0n) return { ms, seq: seq - 1n };
  if (ms > 0n) return { ms: ms - 1n, seq: MAX };
  throw new CommandError("ERR invalid start ID for the interval");
}

/** One end of a range: `-`, `+`, an identifier, or `(` and an identifier that is left out. */
export function parseBound(text: string, end: "low" | "high"): StreamId {
  if (text === "-") return minId;
  if (text === "+") return maxId;
  const missing = end === "low" ? 0n : MAX;
  if (!text.startsWith("(")) return parseId(text, missing);
  const id = parseId(text.slice(1), missing);
  return end === "low" ? nextId(id) : previousId(id);
}
