// SPDX-License-Identifier: MIT
// What a scan has told, from its beginning, to be told again: in memory while it is little, then in a file.
import { type FileHandle, open, rm } from "node:fs/promises";
import { deserialize, serialize } from "node:v8";
import type { ScanCreated, ScanEvent } from "../events.ts";

export interface JournalOptions {
  /** Of the file; it is made when it is needed. */
  readonly path: string;
  /** Bytes kept in memory. */
  readonly memory: number;
  /** Bytes of what has been delivered already that are kept, to deliver the scan again as a whole. */
  readonly most: number;
}

export class Journal {
  readonly path: string;
  readonly created: ScanCreated;
  readonly #options: JournalOptions;
  #memory: (readonly ScanEvent[])[] = [];
  #bytes = 0;
  #file: FileHandle | undefined;
  /** Where the next batch to deliver is: an index in memory, or an offset in the file. */
  #next = 0;
  #start = 0;
  #whole = true;
  /** One thing at a time: the scan adds while the sink is told. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(created: ScanCreated, options: JournalOptions) {
    this.created = created;
    this.path = options.path;
    this.#options = options;
  }

  /** True: it can be delivered from the beginning. */
  get whole(): boolean {
    return this.#whole;
  }

  append(events: readonly ScanEvent[]): Promise<void> {
    return this.#inTurn(async () => {
      this.#bytes += sizeOf(events);
      if (this.#file) await this.#file.appendFile(framed(serialize(events)));
      else {
        this.#memory.push(events);
        if (this.#bytes > this.#options.memory) await this.#toFile();
      }
    });
  }

  /** From now on everything is in the file. */
  toFile(): Promise<void> {
    return this.#inTurn(() => this.#toFile());
  }
  async #toFile(): Promise<void> {
    if (this.#file) return;
    const head = framed(serialize({ created: this.created, whole: this.#whole }));
    const records = this.#memory.map((events) => framed(serialize(events)));
    const file = await open(this.path, "wx+");
    await file.appendFile(Buffer.concat([head, ...records]));
    this.#start = head.length;
    this.#next = records.slice(0, this.#next).reduce((sum, { length }) => sum + length, head.length);
    this.#memory = [];
    this.#file = file;
  }

  /** The next batch to deliver; undefined: all that has been told so far has been read. */
  read(): Promise<readonly ScanEvent[] | undefined> {
    return this.#inTurn(async () => {
      if (!this.#file) {
        const events = this.#memory[this.#next];
        if (events) this.#next++;
        return events;
      }
      const record = await recordAt(this.#file, this.#next);
      if (record) this.#next += frame + record.length;
      return record && deserialize(record);
    });
  }
  rewind(): void {
    this.#next = this.#file ? this.#start : 0;
  }

  /** To be called when all has been delivered: forgets it where it has become too much to keep. */
  trim(): Promise<void> {
    return this.#inTurn(async () => {
      const left = this.#file ? (await this.#file.stat()).size - this.#next : this.#memory.length - this.#next;
      if (this.#bytes <= this.#options.most || left > 0) return;
      this.#whole = false;
      this.#bytes = 0;
      this.#memory = [];
      this.#next = 0;
      await this.#remove();
    });
  }

  /** Everything is in the file, and stays there. */
  keep(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#toFile();
      await this.#close();
    });
  }
  remove(): Promise<void> {
    return this.#inTurn(() => this.#remove());
  }
  async #close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
  async #remove(): Promise<void> {
    const had = this.#file !== undefined;
    await this.#close();
    if (had) await rm(this.path, { force: true });
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(action);
    this.#turn = done.catch(() => {});
    return done;
  }
}

/** Bytes of numbers; anything else is small beside them, or counted roughly. */
function sizeOf(events: readonly ScanEvent[]): number {
  let bytes = 0;
  for (const event of events) {
    bytes += 1000;
    if (event.type !== "data") continue;
    for (const { values, points } of event.blocks)
      if (ArrayBuffer.isView(values)) bytes += values.byteLength;
      else if (Array.isArray(values))
        bytes += values.reduce((sum, one) => sum + (ArrayBuffer.isView(one) ? one.byteLength : 100), 0);
      else bytes += 20 * points;
  }
  return bytes;
}

/** Bytes before each record: its length. */
const frame = 4;
function framed(record: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frame + record.length);
  new DataView(bytes.buffer).setUint32(0, record.length);
  bytes.set(record, frame);
  return bytes;
}

/** undefined at the end, and where a record was not written to its end. */
async function recordAt(file: FileHandle, offset: number): Promise<Uint8Array | undefined> {
  const { size } = await file.stat();
  if (offset + frame > size) return undefined;
  const head = new Uint8Array(frame);
  await file.read(head, 0, frame, offset);
  const length = new DataView(head.buffer).getUint32(0);
  if (offset + frame + length > size) return undefined;
  const record = new Uint8Array(length);
  await file.read(record, 0, length, offset + frame);
  return record;
}

export interface Kept {
  readonly created: ScanCreated;
  /** False: its beginning had been delivered. */
  readonly whole: boolean;
  readonly batches: AsyncIterable<readonly ScanEvent[]>;
}

/** A journal that was left in a file. @throws Error when it is none */
export async function withKept<T>(path: string, use: (kept: Kept) => Promise<T>): Promise<T> {
  await using file = await open(path, "r");
  const head = await recordAt(file, 0);
  let found: Omit<Kept, "batches"> | undefined;
  try {
    found = head && deserialize(head);
  } catch {
    // said below
  }
  if (!head || typeof found?.created?.identity !== "object") throw new Error(`${path} is not a scan that was kept`);
  async function* batches() {
    let offset = frame + head!.length;
    for (let record = await recordAt(file, offset); record; record = await recordAt(file, offset)) {
      yield deserialize(record) as readonly ScanEvent[];
      offset += frame + record.length;
    }
  }
  return await use({ ...found, batches: batches() });
}
