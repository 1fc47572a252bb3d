// SPDX-License-Identifier: MIT
// A Redis stream: entries in the order of their identifiers, appended at the end and trimmed at the start.
import { CommandError } from "./reply.ts";
import { compareIds, maxId, minId, nextId, type StreamId } from "./stream-id.ts";
import { encodeEntry, entryFields, Segment, segmentBytes } from "./stream-segment.ts";

/** Entries in their encoded form (see `encodeEntry`). */
export interface EncodedRange {
  readonly count: number;
  readonly bytes: readonly Buffer[];
}
export interface StreamEntry {
  readonly id: StreamId;
  readonly fields: readonly Buffer[];
}

/** Memory an entry takes beside its bytes: identifier and position. */
const entryOverhead = 80;

export class StreamLog {
  #segments: Segment[] = [];
  #length = 0;
  #lastId: StreamId = minId;
  /** Entries ever added. */
  added = 0;

  get length(): number {
    return this.#length;
  }
  /** Identifier of the last entry ever added, also when it was trimmed. */
  get lastId(): StreamId {
    return this.#lastId;
  }
  /** Bytes of memory. */
  get size(): number {
    let size = 0;
    for (const segment of this.#segments) size += segment.bytes.length + entryOverhead * segment.end;
    return size;
  }

  /** The identifier `*` stands for: the time, or the one after the last where the clock is behind it. */
  nextId(now: number): StreamId {
    const id = { ms: BigInt(now), seq: 0n };
    return compareIds(id, this.#lastId) > 0 ? id : nextId(this.#lastId);
  }

  /** @returns bytes of memory added. @throws CommandError when `id` is not after the last one. */
  append(id: StreamId, fields: readonly Uint8Array[]): number {
    if (compareIds(id, minId) === 0) throw new CommandError("ERR The ID specified in XADD must be greater than 0-0");
    if (compareIds(id, this.#lastId) <= 0)
      throw new CommandError("ERR The ID specified in XADD is equal or smaller than the target stream top item");
    const encoded = encodeEntry(id, fields);
    const size = encoded.reduce((sum, part) => sum + part.length, 0);
    let segment = this.#segments.at(-1);
    let grown = entryOverhead;
    if (!segment?.hasRoom(size)) {
      segment = new Segment(Math.max(size, this.#nextSize()));
      this.#segments.push(segment);
      grown += segment.bytes.length;
    }
    segment.append(id, encoded);
    this.#lastId = id;
    this.#length++;
    this.added++;
    return grown;
  }

  /** Entries with `low <= id <= high`, the first `count` of them. */
  range(low: StreamId, high: StreamId, count = Number.POSITIVE_INFINITY): EncodedRange {
    const bytes: Buffer[] = [];
    let left = count;
    for (let index = this.#segmentOf(low); index < this.#segments.length && left > 0; index++) {
      const segment = this.#segments[index]!;
      const from = segment.find(low);
      const to = Math.min(from + left, this.#after(segment, high));
      if (to <= from) break;
      bytes.push(segment.slice(from, to));
      left -= to - from;
    }
    return { count: count === Number.POSITIVE_INFINITY ? this.#countIn(low, high) : count - left, bytes };
  }

  /** The same, the last one first. */
  reverseRange(low: StreamId, high: StreamId, count = Number.POSITIVE_INFINITY): EncodedRange {
    const bytes: Buffer[] = [];
    for (let index = this.#segments.length - 1; index >= 0 && bytes.length < count; index--) {
      const segment = this.#segments[index]!;
      const from = segment.find(low);
      for (let entry = this.#after(segment, high) - 1; entry >= from && bytes.length < count; entry--)
        bytes.push(segment.slice(entry, entry + 1));
      if (from > segment.first) break;
    }
    return { count: bytes.length, bytes };
  }

  first(): StreamEntry | undefined {
    return this.#entry(this.#segments[0], (segment) => segment.first);
  }
  last(): StreamEntry | undefined {
    return this.#entry(this.#segments.at(-1), (segment) => segment.end - 1);
  }
  has(id: StreamId): boolean {
    return this.range(id, id, 1).count === 1;
  }

  /** Removes the entries before `id`, at most `limit`. @returns how many. */
  trimBefore(id: StreamId, limit = Number.POSITIVE_INFINITY): number {
    const before = this.#length;
    let left = limit;
    while (this.#segments.length > 0 && left > 0) {
      const segment = this.#segments[0]!;
      const removed = Math.min(left, segment.find(id) - segment.first);
      if (removed === 0) break;
      segment.first += removed;
      left -= removed;
      this.#length -= removed;
      if (segment.count > 0) break;
      this.#segments.shift();
    }
    this.#compact();
    return before - this.#length;
  }

  /** Removes the oldest entries beyond `length`. @returns how many. */
  trimTo(length: number, limit = Number.POSITIVE_INFINITY): number {
    const excess = Math.min(limit, this.#length - length);
    return excess > 0 ? this.trimBefore(maxId, excess) : 0;
  }

  /** All entries, as they are now: later changes do not show. */
  snapshot(): () => Generator<StreamEntry> {
    const parts = this.#segments.map((segment) => ({ segment, from: segment.first, to: segment.end }));
    return function* entries() {
      for (const { segment, from, to } of parts)
        for (let entry = from; entry < to; entry++)
          yield { id: segment.id(entry), fields: entryFields(segment.slice(entry, entry + 1)) };
    };
  }

  /** Sets the last identifier without an entry (XSETID, and a stream restored after trimming). */
  setLastId(id: StreamId): void {
    const last = this.#segments.at(-1);
    if (last && compareIds(id, last.id(last.end - 1)) < 0)
      throw new CommandError("ERR The ID specified in XSETID is smaller than the target stream top item");
    this.#lastId = id;
  }

  #entry(segment: Segment | undefined, which: (segment: Segment) => number): StreamEntry | undefined {
    if (!segment) return undefined;
    const entry = which(segment);
    return { id: segment.id(entry), fields: entryFields(segment.slice(entry, entry + 1)) };
  }

  /** Small at first, so that a stream of five entries takes little memory. */
  #nextSize(): number {
    return Math.min(segmentBytes, 2 * (this.#segments.at(-1)?.bytes.length ?? 256));
  }

  /** The first segment whose last entry is not before `id`. */
  #segmentOf(id: StreamId): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const segment = this.#segments[middle]!;
      if (compareIds(segment.id(segment.end - 1), id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Number of the entry after those up to `id`. */
  #after(segment: Segment, id: StreamId): number {
    return compareIds(id, maxId) === 0 ? segment.end : segment.find(nextId(id));
  }

  #countIn(low: StreamId, high: StreamId): number {
    let count = 0;
    for (let index = this.#segmentOf(low); index < this.#segments.length; index++) {
      const segment = this.#segments[index]!;
      const entries = this.#after(segment, high) - segment.find(low);
      if (entries <= 0) break;
      count += entries;
    }
    return count;
  }

  /** Copies what is left of a mostly trimmed first segment, so that its memory is free. */
  #compact(): void {
    const old = this.#segments[0];
    if (!old || old.first === 0 || old.live * 2 > old.bytes.length) return;
    const fresh = new Segment(Math.max(256, old.live));
    for (let entry = old.first; entry < old.end; entry++) fresh.append(old.id(entry), [old.slice(entry, entry + 1)]);
    this.#segments[0] = fresh;
  }
}
