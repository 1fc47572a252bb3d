// SPDX-License-Identifier: MIT
// Consecutive entries of a stream in one piece of memory, each in the bytes XRANGE answers it in (the same in RESP2 and
// RESP3), so that reading a range is handing out slices. Bytes, once written, never change: a slice stays valid for
// whoever holds it, also after trimming.
import { compareIds, formatId, type StreamId } from "./stream-id.ts";

export const segmentBytes = 65_536;

export class Segment {
  readonly bytes: Buffer;
  /** End of each entry in `bytes`. */
  readonly #ends: number[] = [];
  readonly #ids: StreamId[] = [];
  /** Entries before this one were trimmed. */
  first = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafeSlow(size);
  }

  get count(): number {
    return this.#ids.length - this.first;
  }
  get used(): number {
    return this.#ends.at(-1) ?? 0;
  }
  /** Bytes of entries that are still there. */
  get live(): number {
    return this.used - this.#start(this.first);
  }
  /** Number of the entry after the last one. */
  get end(): number {
    return this.#ids.length;
  }
  id(entry: number): StreamId {
    return this.#ids[entry]!;
  }
  hasRoom(size: number): boolean {
    return this.used + size <= this.bytes.length;
  }

  append(id: StreamId, encoded: readonly Uint8Array[]): void {
    let at = this.used;
    for (const part of encoded) {
      this.bytes.set(part, at);
      at += part.length;
    }
    this.#ids.push(id);
    this.#ends.push(at);
  }

  /** Bytes of the entries `from` up to and without `to`. */
  slice(from: number, to: number): Buffer {
    return this.bytes.subarray(this.#start(from), this.#start(to));
  }

  /** Number of the first entry not before `id`. */
  find(id: StreamId): number {
    let low = this.first;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareIds(this.#ids[middle]!, id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #start(entry: number): number {
    return entry === 0 ? 0 : this.#ends[entry - 1]!;
  }
}

/** An entry as XRANGE answers it: `[id, [field, value, ...]]`. */
export function encodeEntry(id: StreamId, fields: readonly Uint8Array[]): Uint8Array[] {
  const text = formatId(id);
  const parts: Uint8Array[] = [];
  let head = `*2\r\n$${text.length}\r\n${text}\r\n*${fields.length}\r\n`;
  for (const field of fields) {
    parts.push(Buffer.from(`${head}$${field.length}\r\n`, "latin1"), field);
    head = "\r\n";
  }
  parts.push(Buffer.from(head, "latin1"));
  return parts;
}

/** The fields of an entry encoded by `encodeEntry`. */
export function entryFields(encoded: Buffer): Buffer[] {
  let at = lineEnd(encoded, lineEnd(encoded, lineEnd(encoded, 0)));
  const count = Number(encoded.toString("latin1", at + 1, lineEnd(encoded, at) - 2));
  at = lineEnd(encoded, at);
  const fields: Buffer[] = [];
  for (let index = 0; index < count; index++) {
    const start = lineEnd(encoded, at);
    const end = start + Number(encoded.toString("latin1", at + 1, start - 2));
    fields.push(encoded.subarray(start, end));
    at = end + 2;
  }
  return fields;
}

const lineEnd = (bytes: Buffer, from: number): number => bytes.indexOf("\r\n", from, "latin1") + 2;
