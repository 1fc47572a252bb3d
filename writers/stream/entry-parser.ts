// SPDX-License-Identifier: MIT
// The answer to XREAD out of bytes as they come. A fast scan has a million entries: this goes straight from bytes to them,
// where a parser of any answer makes five objects and two texts of each.
// Source: the protocol RESP2, redis.io/docs/latest/develop/reference/protocol-spec.
import type { DataEntry } from "./encoding.ts";
import { Fields, type FoundEntry } from "./entries.ts";

/** Entries by key of their stream; empty when the time was over. */
export type FoundEntries = ReadonlyMap<string, readonly FoundEntry[]>;

/** The bytes are no such answer. The connection cannot go on. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
}
/** The store refuses the command. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

const STAR = 42;
const DOLLAR = 36;
const MINUS = 45;
const CR = 13;
const lengthDigits = 10;
const longestLine = 4096;
const payloadName = Buffer.from("payload");
const lengthName = Buffer.from("len");
/** Identifier digits that a number holds exactly. */
const indexDigits = 15;

export class EntryParser {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #chunks: Buffer[] = [];
  #total = 0;
  /** Bytes without which nothing more can be read. */
  #needed = 1;
  #reading = this.#answer();

  /**
   * @returns the answer that `chunk` completes; payloads are views of received memory
   * @throws AnswerError, Refusal
   */
  feed(chunk: Buffer): FoundEntries | undefined {
    this.#chunks.push(chunk);
    this.#total += chunk.length;
    const rest = this.#bytes.length - this.#at;
    if (rest + this.#total < this.#needed) return undefined;
    const pieces = rest > 0 ? [this.#bytes.subarray(this.#at), ...this.#chunks] : this.#chunks;
    this.#bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, rest + this.#total);
    [this.#at, this.#chunks, this.#total, this.#needed] = [0, [], 0, 1];
    try {
      const { done, value } = this.#reading.next();
      if (!done) return undefined;
      if (this.#at < this.#bytes.length) throw new AnswerError("more bytes than one answer");
      this.#reading = this.#answer();
      return value;
    } catch (error) {
      this.#reading = this.#answer();
      throw error;
    }
  }

  /** Yields where bytes are lacking. */
  *#answer(): Generator<void, FoundEntries, void> {
    const found = new Map<string, FoundEntry[]>();
    while (this.#at >= this.#bytes.length) yield;
    if (this.#bytes[this.#at] === MINUS) throw new Refusal(yield* this.#line());
    const streams = yield* this.#length(STAR);
    for (let stream = 0; stream < streams; stream++) {
      if ((yield* this.#length(STAR)) !== 2) throw new AnswerError("a stream must come with its entries");
      const size = yield* this.#length(DOLLAR);
      while (this.#lacks(this.#at, size + 2)) yield;
      const key = this.#bytes.toString("utf8", this.#at, this.#at + size);
      this.#at += size + 2;
      const count = yield* this.#length(STAR);
      const entries: FoundEntry[] = [];
      while (entries.length < count) {
        const entry = this.#entry();
        if (entry) entries.push(entry);
        else yield;
      }
      found.set(key, entries);
    }
    return found;
  }

  *#line(): Generator<void, string, void> {
    for (;;) {
      const end = this.#bytes.indexOf("\r\n", this.#at, "latin1");
      if (end < 0 && this.#bytes.length - this.#at > longestLine) throw new AnswerError("a line without end");
      if (end >= 0) {
        const line = this.#bytes.toString("utf8", this.#at + 1, end);
        this.#at = end + 2;
        return line;
      }
      yield;
    }
  }
  *#length(type: number): Generator<void, number, void> {
    for (;;) {
      const end = this.#header(this.#at, type);
      if (end > 0) {
        this.#at = end;
        return this.#value;
      }
      yield;
    }
  }

  /** What `#header` read. */
  #value = 0;
  /** Reads a type and a length at `from`. @returns where what follows begins; 0: bytes are lacking */
  #header(from: number, type: number): number {
    const bytes = this.#bytes;
    if (from >= bytes.length) return 0;
    if (bytes[from] !== type) throw new AnswerError(`byte ${bytes[from]} where ${type} must be`);
    let value = 0;
    for (let at = from + 1; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === CR) {
        this.#value = value;
        return at + 2 > bytes.length ? 0 : at + 2;
      }
      // An absent array has the length -1.
      if (byte === MINUS && at === from + 1) return this.#absent(at);
      if (byte < 48 || byte > 57 || at - from > lengthDigits) throw new AnswerError("a length that is no number");
      value = 10 * value + byte - 48;
    }
    return 0;
  }
  #absent(at: number): number {
    if (this.#lacks(at, 4)) return 0;
    if (this.#bytes.toString("latin1", at, at + 4) !== "-1\r\n") throw new AnswerError("a length below zero");
    this.#value = 0;
    return at + 4;
  }
  #lacks(from: number, length: number): boolean {
    const lacks = from + length > this.#bytes.length;
    if (lacks) this.#needed = from - this.#at + length;
    return lacks;
  }

  /** Where each name and value of an entry begins and ends. */
  readonly #places: number[] = [];

  /** @returns undefined where bytes are lacking: then nothing was taken */
  #entry(): FoundEntry | undefined {
    const start = this.#header(this.#at, STAR);
    if (start === 0) return undefined;
    if (this.#value !== 2) throw new AnswerError("an entry must have an identifier and fields");
    const fields = this.#bulk(start);
    if (fields === 0) return undefined;
    const [idAt, idEnd] = [fields - 2 - this.#value, fields - 2];
    let at = this.#header(fields, STAR);
    this.#places.length = 0;
    for (let left = this.#value; left > 0 && at > 0; left--) {
      at = this.#bulk(at);
      this.#places.push(at - 2 - this.#value, at - 2);
    }
    if (at === 0) return undefined;
    this.#at = at;
    return this.#points(idAt, idEnd) ?? { id: this.#bytes.toString("latin1", idAt, idEnd), fields: this.#fields() };
  }
  /** A bulk string at `from`. @returns where what follows begins; 0: bytes are lacking */
  #bulk(from: number): number {
    const start = this.#header(from, DOLLAR);
    if (start === 0 || this.#lacks(start, this.#value + 2)) return 0;
    return start + this.#value + 2;
  }

  /** `index-1` with a payload, and a length where it holds several points. */
  #points(idAt: number, idEnd: number): DataEntry | undefined {
    const places = this.#places;
    const index = this.#digits(idAt, idEnd - 2);
    if (index < 0 || !this.#is(payloadName, 0)) return undefined;
    const payload = this.#bytes.subarray(places[2], places[3]);
    if (places.length === 4) return { index, length: 1, payload };
    const length = places.length === 8 && this.#is(lengthName, 4) ? this.#digits(places[6]!, places[7]!) : 0;
    return length > 0 ? { index, length, payload } : undefined;
  }
  #is(name: Buffer, place: number): boolean {
    const [at = 0, end = 0] = [this.#places[place], this.#places[place + 1]];
    return end - at === name.length && this.#bytes.compare(name, 0, name.length, at, end) === 0;
  }
  /** A whole number in digits; -1: it is none, or a large one. */
  #digits(at: number, end: number): number {
    if (end <= at || end - at > indexDigits) return -1;
    let value = 0;
    for (let digit = at; digit < end; digit++) {
      const byte = this.#bytes[digit]!;
      if (byte < 48 || byte > 57) return -1;
      value = 10 * value + byte - 48;
    }
    return value;
  }
  #fields(): Fields {
    const list: Buffer[] = [];
    for (let at = 0; at < this.#places.length; at += 2)
      list.push(this.#bytes.subarray(this.#places[at], this.#places[at + 1]));
    return new Fields(list);
  }
}
