// SPDX-License-Identifier: MIT
// The data: keys with their values and times to live, the memory they take, and what changed.
// Keys are strings with one character a byte (latin1), so that any bytes are a key.
import { CommandError } from "./reply.ts";
import type { StreamId } from "./stream-id.ts";
import { formatId } from "./stream-id.ts";
import { StreamLog } from "./stream-log.ts";

export type Value =
  | { readonly kind: "string"; readonly bytes: Uint8Array }
  /** A JSON document as compact UTF-8 text. */
  | { readonly kind: "json"; readonly text: string }
  | { readonly kind: "stream"; readonly log: StreamLog };
export type Kind = Value["kind"];

/** A change as the plain Redis command that makes it again. */
export type ChangeRecord = readonly (string | Uint8Array)[];

/** Who is told of changes: the journal, blocked readers, watchers, the search index. */
export interface Observer {
  /** After every change, in order. */
  record?(change: ChangeRecord): void;
  /** After a key got, changed or lost its value. */
  touched?(key: string, value: Value | undefined): void;
  /** After everything was removed. */
  cleared?(): void;
}

/** Memory a key takes beside its value. */
const keyOverhead = 120;

export class Keyspace {
  readonly #values = new Map<string, Value>();
  readonly #expiry = new Map<string, number>();
  readonly #observers = new Set<Observer>();
  readonly #now: () => number;
  #used = 0;

  /** `now` gives milliseconds since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get now(): number {
    return this.#now();
  }
  get size(): number {
    return this.#values.size;
  }
  /** Bytes of memory of all keys and values. */
  get used(): number {
    return this.#used;
  }

  observe(observer: Observer): Disposable {
    this.#observers.add(observer);
    return { [Symbol.dispose]: () => void this.#observers.delete(observer) };
  }

  /** Keys that are there, those expired left out. */
  *keys(): Generator<string> {
    for (const key of this.#values.keys()) if (!this.#expired(key)) yield key;
  }

  value(key: string): Value | undefined {
    if (this.#expired(key)) this.remove(key);
    return this.#values.get(key);
  }

  /** The value when it is of that kind. @throws CommandError WRONGTYPE */
  of<K extends Kind>(key: string, kind: K): Extract<Value, { kind: K }> | undefined {
    const value = this.value(key);
    if (value !== undefined && value.kind !== kind)
      throw new CommandError("WRONGTYPE Operation against a key holding the wrong kind of value");
    return value as Extract<Value, { kind: K }> | undefined;
  }

  /** Replaces the value; a time to live ends unless `keepTtl`. */
  setString(key: string, bytes: Uint8Array, { keepTtl = false } = {}): void {
    const own = Uint8Array.from(bytes);
    this.#replace(key, { kind: "string", bytes: own }, keepTtl);
    this.#record(["SET", latin1(key), own, ...(keepTtl ? ["KEEPTTL"] : [])]);
  }

  setJson(key: string, text: string): void {
    this.#replace(key, { kind: "json", text }, true);
    this.#record(["JSON.SET", latin1(key), "$", text]);
  }

  /** Adds an entry; the stream is made when it is absent. */
  append(key: string, id: StreamId, fields: readonly Uint8Array[]): void {
    const existing = this.of(key, "stream");
    const value = existing ?? { kind: "stream" as const, log: new StreamLog() };
    this.#used += value.log.append(id, fields);
    if (!existing) {
      this.#values.set(key, value);
      this.#used += keyOverhead + key.length;
    }
    this.#record(["XADD", latin1(key), formatId(id), ...fields]);
    this.#touched(key, value);
  }

  /** Changes a stream by `change`, which tells how many entries it removed. Recorded as `XTRIM key MINID first`. */
  trim(key: string, change: (log: StreamLog) => number): number {
    const value = this.of(key, "stream");
    if (!value) return 0;
    const before = value.log.size;
    const removed = change(value.log);
    if (removed === 0) return 0;
    this.#used += value.log.size - before;
    const first = value.log.first();
    this.#record(["XTRIM", latin1(key), ...(first ? ["MINID", formatId(first.id)] : ["MAXLEN", "0"])]);
    this.#touched(key, value);
    return removed;
  }

  setLastId(key: string, id: StreamId): void {
    const value = this.of(key, "stream");
    if (!value) throw new CommandError("ERR no such key");
    value.log.setLastId(id);
    this.#record(["XSETID", latin1(key), formatId(id)]);
  }

  remove(key: string): boolean {
    const value = this.#values.get(key);
    if (!value) return false;
    this.#values.delete(key);
    this.#expiry.delete(key);
    this.#used -= keyOverhead + key.length + sizeOf(value);
    this.#record(["DEL", latin1(key)]);
    this.#touched(key, undefined);
    return true;
  }

  clear(): void {
    this.#values.clear();
    this.#expiry.clear();
    this.#used = 0;
    this.#record(["FLUSHALL"]);
    for (const observer of this.#observers) observer.cleared?.();
  }

  /** Milliseconds since 1970 when the key ends, or undefined. */
  expiry(key: string): number | undefined {
    return this.#expiry.get(key);
  }

  /** Ends the key at a time, at once when that has passed; undefined: never. */
  expireAt(key: string, at: number | undefined): void {
    const value = this.value(key);
    if (!value) return;
    if (at === undefined) {
      if (this.#expiry.delete(key)) this.#record(["PERSIST", latin1(key)]);
    } else if (at <= this.now) {
      this.remove(key);
    } else {
      this.#expiry.set(key, at);
      this.#record(["PEXPIREAT", latin1(key), String(at)]);
    }
    this.#touched(key, value);
  }

  /** Removes the keys whose time has come. */
  removeExpired(): void {
    for (const key of [...this.#expiry.keys()]) if (this.#expired(key)) this.remove(key);
  }

  /** Passes on a change that is not of a key (an index, a function library). */
  record(change: ChangeRecord): void {
    this.#record(change);
  }

  #replace(key: string, value: Value, keepTtl: boolean): void {
    const old = this.value(key);
    this.#used += sizeOf(value) - (old ? sizeOf(old) : -keyOverhead - key.length);
    this.#values.set(key, value);
    if (!keepTtl) this.#expiry.delete(key);
    this.#touched(key, value);
  }

  #expired(key: string): boolean {
    const at = this.#expiry.get(key);
    return at !== undefined && at <= this.now;
  }
  #record(change: ChangeRecord): void {
    for (const observer of this.#observers) observer.record?.(change);
  }
  #touched(key: string, value: Value | undefined): void {
    for (const observer of this.#observers) observer.touched?.(key, value);
  }
}

const latin1 = (key: string): Uint8Array => Buffer.from(key, "latin1");

/** Bytes of memory of a value. */
export function sizeOf(value: Value): number {
  if (value.kind === "string") return value.bytes.length;
  if (value.kind === "json") return value.text.length;
  return value.log.size;
}
