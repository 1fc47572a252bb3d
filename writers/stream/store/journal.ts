// SPDX-License-Identifier: MIT
// The append-only file: every change, as the Redis command that makes it again, so that a store that was killed goes on
// where it was. `cat store.aof | redis-cli --pipe` brings the data into a real Redis.
//
// A folder holds `<n>.base` (the data when it was written) and `<n>.log` (changes since). Writing anew makes n+1.
import { closeSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readdirSync, readSync, renameSync, rmSync, writeSync } from "node:fs"; // biome-ignore format: one import
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { ChangeRecord, Observer } from "./keyspace.ts";
import { type Request, RequestParser } from "./request-parser.ts";

export type Durability =
  /** The operating system writes when it likes: a killed store loses nothing, a power cut up to half a minute. */
  | "system"
  /** Forced to disk every second. */
  | "second"
  /** Forced to disk before each reply. */
  | "always";

export interface JournalOptions {
  readonly folder: string;
  readonly durability: Durability;
  /** Told of what a person should know: a cut-off end, a failed write. */
  readonly warn: (message: string) => void;
}

/** Everything there is, as commands. */
export type Snapshot = () => Generator<ChangeRecord>;

const readChunk = 1 << 20;
/** Written anew when the log is this large and twice the size of the base. */
const rewriteFrom = 64 * 1024 * 1024;

export class Journal implements Observer, Disposable {
  readonly #options: JournalOptions;
  #number: number;
  #log: number;
  #logBytes: number;
  #baseBytes = 0;
  #pending: Uint8Array[] = [];
  /** Commands of the transaction that is being executed. */
  #transaction: Uint8Array[] | undefined;
  #rewriting = false;
  #timer: NodeJS.Timeout | undefined;
  #dirty = false;
  #failed: Error | undefined;

  private constructor(options: JournalOptions, number: number) {
    this.#options = options;
    this.#number = number;
    this.#log = openSync(join(options.folder, `${number}.log`), "a");
    this.#logBytes = fstatSync(this.#log).size;
    if (options.durability === "second") {
      this.#timer = setInterval(() => this.#sync(), 1000);
      this.#timer.unref();
    }
  }

  /**
   * Gives every command of the files in `folder` to `apply`, in order, and goes on writing there.
   * A command that was cut off at the end by a crash is dropped, with a warning.
   */
  static open(options: JournalOptions, apply: (request: Request) => void): Journal {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    const files = readdirSync(options.folder);
    const bases = files.flatMap((file) => /^(\d+)\.base$/.exec(file)?.[1] ?? []).map(Number);
    const logs = files.flatMap((file) => /^(\d+)\.log$/.exec(file)?.[1] ?? []).map(Number);
    const first = Math.max(0, ...bases);
    const current = logs.filter((number) => number >= first).sort((a, b) => a - b);
    if (bases.includes(first)) replay(join(options.folder, `${first}.base`), options, apply);
    for (const number of current) replay(join(options.folder, `${number}.log`), options, apply);
    const journal = new Journal(options, current.at(-1) ?? first);
    journal.#removeBefore(first);
    return journal;
  }

  record(change: ChangeRecord): void {
    if (change.length === 1 && change[0] === "MULTI") {
      this.#transaction = [];
    } else if (change.length === 1 && change[0] === "EXEC") {
      const commands = this.#transaction ?? [];
      this.#transaction = undefined;
      // One command is whole or absent anyway; several are only together.
      if (commands.length > 1) this.#pending.push(encodeCommand(["MULTI"]), ...commands, encodeCommand(["EXEC"]));
      else this.#pending.push(...commands);
    } else {
      (this.#transaction ?? this.#pending).push(encodeCommand(change));
    }
  }

  /** Writes what was recorded; to be called before the replies go out. @throws what writing throws */
  write(): void {
    if (this.#pending.length === 0) return;
    const bytes = this.#pending.length === 1 ? this.#pending[0]! : Buffer.concat(this.#pending);
    try {
      writeAll(this.#log, bytes);
    } catch (error) {
      // A partly written command would hide all that follow it: cut it off and try again with the next.
      ftruncateSync(this.#log, this.#logBytes);
      if (!this.#failed) this.#options.warn(`${this.#options.folder} cannot be written: ${(error as Error).message}`);
      this.#failed = error as Error;
      throw error;
    }
    this.#failed = undefined;
    this.#pending = [];
    this.#logBytes += bytes.length;
    this.#dirty = true;
    if (this.#options.durability === "always") this.#sync();
  }

  /** Why nothing can be written, while that is so. */
  get failed(): Error | undefined {
    return this.#failed;
  }
  get bytes(): number {
    return this.#logBytes + this.#baseBytes;
  }
  /** Whether most of the file is no longer needed. */
  get shouldRewrite(): boolean {
    return !this.#rewriting && this.#logBytes > rewriteFrom && this.#logBytes > 2 * this.#baseBytes;
  }

  /** Writes the data anew from `snapshot`, taken now, while changes go to a new log. */
  async rewrite(snapshot: Snapshot): Promise<void> {
    if (this.#rewriting) return;
    this.#rewriting = true;
    try {
      this.write();
      const number = this.#number + 1;
      const log = openSync(this.#file(`${number}.log`), "a");
      fsyncSync(this.#log);
      closeSync(this.#log);
      [this.#log, this.#number, this.#logBytes] = [log, number, 0];
      const temporary = this.#file(`${number}.new`);
      this.#baseBytes = await writeSnapshot(temporary, snapshot);
      renameSync(temporary, this.#file(`${number}.base`));
      this.#removeBefore(number);
    } finally {
      this.#rewriting = false;
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    try {
      this.write();
      fsyncSync(this.#log);
    } finally {
      closeSync(this.#log);
    }
  }

  #sync(): void {
    if (!this.#dirty) return;
    this.#dirty = false;
    try {
      fsyncSync(this.#log);
    } catch (error) {
      this.#options.warn(`${this.#options.folder} cannot be forced to disk: ${(error as Error).message}`);
    }
  }

  #file(name: string): string {
    return join(this.#options.folder, name);
  }

  #removeBefore(first: number): void {
    for (const file of readdirSync(this.#options.folder)) {
      const [, number, kind] = /^(\d+)\.(base|log|new)$/.exec(file) ?? [];
      if (number !== undefined && (Number(number) < first || (kind === "new" && !this.#rewriting)))
        rmSync(this.#file(file));
    }
  }
}

/** A command in the protocol's bytes. */
export function encodeCommand(words: ChangeRecord): Buffer {
  const parts: Uint8Array[] = [];
  let head = `*${words.length}\r\n`;
  for (const word of words) {
    const bytes = typeof word === "string" ? Buffer.from(word, "utf8") : word;
    parts.push(Buffer.from(`${head}$${bytes.length}\r\n`, "latin1"), bytes);
    head = "\r\n";
  }
  parts.push(Buffer.from(head, "latin1"));
  return Buffer.concat(parts);
}

function replay(file: string, { warn }: JournalOptions, apply: (request: Request) => void): void {
  const descriptor = openSync(file, "r+");
  try {
    const parser = new RequestParser();
    const chunk = Buffer.alloc(readChunk);
    let transaction: Request[] | undefined;
    let at = 0;
    for (;;) {
      const size = readSync(descriptor, chunk, 0, chunk.length, at);
      if (size === 0) break;
      at += size;
      for (const request of parser.feed(Buffer.from(chunk.subarray(0, size)))) {
        const name = request[0]?.toString("latin1");
        if (name === "MULTI") {
          transaction = [];
        } else if (name === "EXEC") {
          for (const queued of transaction ?? []) apply(queued);
          transaction = undefined;
        } else if (transaction) transaction.push(request);
        else apply(request);
      }
    }
    const lost = parser.pending + (transaction ?? []).reduce((sum, request) => sum + encodeCommand(request).length, 0);
    if (lost === 0 && !transaction) return;
    const unfinished = transaction ? encodeCommand(["MULTI"]).length : 0;
    ftruncateSync(descriptor, at - lost - unfinished);
    warn(`${file}: the last ${lost + unfinished} bytes are an unfinished write and were dropped`);
  } finally {
    closeSync(descriptor);
  }
}

async function writeSnapshot(file: string, snapshot: Snapshot): Promise<number> {
  const descriptor = openSync(file, "w");
  let total = 0;
  try {
    let batch: Uint8Array[] = [];
    let size = 0;
    const flush = () => {
      writeAll(descriptor, Buffer.concat(batch, size));
      total += size;
      batch = [];
      size = 0;
    };
    for (const change of snapshot()) {
      const bytes = encodeCommand(change);
      batch.push(bytes);
      size += bytes.length;
      if (size < readChunk) continue;
      flush();
      await setImmediate();
    }
    flush();
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return total;
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
