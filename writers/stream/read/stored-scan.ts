// SPDX-License-Identifier: MIT
// A scan as readers see it.
import type { Answer, CallOptions, CommandLine, Connection } from "../connection.ts";
import { isRaw, rawEntries } from "../entries.ts";
import { type Info, keys, parseDocument, type ScanDocument, type ScanIdentity, type ScanState, scanStates, stateNumber } from "../scan-document.ts"; // biome-ignore format: one import
import { type AnyStream, openStream, type StreamContext } from "./stream-kinds.ts";
import type { ReadOptions } from "./view.ts";

/** There is no such scan, or it is about to be deleted. */
export class ScanNotFound extends Error {
  override readonly name = "ScanNotFound";
}

/** Milliseconds after which whoever waits for a scan looks whether it is still there. */
export const lookPeriod = 30_000;

/** A time to live up to this many seconds means deleted. */
const deletedBelow = 10;

export const isDeleted = (ttl: number): boolean => ttl !== -1 && ttl <= deletedBelow;

export class StoredScan {
  readonly key: string;
  readonly #connection: Connection;
  readonly #context: Omit<StreamContext, "scan">;
  readonly #streams = new Map<string, AnyStream>();
  readonly #broken = new Map<string, Error>();
  #document: ScanDocument;
  #state: ScanState = "CREATED";
  #stateId = "0-0";

  private constructor(key: string, context: Omit<StreamContext, "scan">, document: ScanDocument) {
    this.key = key;
    this.#connection = context.connection;
    this.#context = context;
    this.#document = document;
  }

  /** @throws ScanNotFound */
  static async load(key: string, context: Omit<StreamContext, "scan">, options?: CallOptions): Promise<StoredScan> {
    const { connection } = context;
    const scan = new StoredScan(key, context, await readDocument(key, connection, options));
    // The document is read again after the state: it is at least as new then.
    const [states = null, ...document] = await connection.pipeline(
      [["XREVRANGE", scan.#stateKey, "+", "-", "COUNT", 1], ...readingOf(key)],
      options,
    );
    if (states instanceof Error) throw states;
    const [last] = rawEntries(states);
    if (!last) throw new ScanNotFound(`${key} has no state`);
    scan.#document = documentIn(document, key, connection);
    scan.#adopt(last.id, last.fields.get("state"));
    return scan;
  }

  get identity(): ScanIdentity {
    return this.#document.id;
  }
  get info(): Info {
    return this.#document.info;
  }
  get state(): ScanState {
    return this.#state;
  }
  /** By full name of the channel; there from PREPARED on. */
  get streams(): ReadonlyMap<string, AnyStream> {
    return this.#streams;
  }
  /** Streams that cannot be read, and why. */
  get broken(): ReadonlyMap<string, Error> {
    return this.#broken;
  }

  /** Waits for the next state. @returns false when the time is over, or there will be no other */
  async update({ signal, timeout }: ReadOptions = {}): Promise<boolean> {
    if (this.#state === "CLOSED") return false;
    const until = performance.now() + (timeout ?? Number.POSITIVE_INFINITY);
    for (;;) {
      await this.checkPresent({ signal });
      const left = Math.max(0, Math.min(until - performance.now(), lookPeriod));
      const found = await this.#connection.wait(new Map([[this.#stateKey, this.#stateId]]), { signal, timeout: left });
      const last = found.get(this.#stateKey)?.findLast(isRaw);
      if (last) {
        this.#document = await readDocument(this.key, this.#connection, { signal });
        this.#adopt(last.id, last.fields.get("state"));
        return true;
      }
      if (performance.now() >= until) return false;
    }
  }

  /** @throws ScanNotFound when it was deleted */
  async checkPresent(options?: CallOptions): Promise<void> {
    if (isDeleted(Number(await this.#connection.call(["TTL", this.key], options))))
      throw new ScanNotFound(`${this.key} was deleted`);
  }

  /** Waits until the scan is at least there. @returns false when the time is over */
  async reach(state: ScanState, { signal, timeout }: ReadOptions = {}): Promise<boolean> {
    const deadline = timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeout;
    while (stateNumber(this.#state) < stateNumber(state)) {
      const left = deadline - performance.now();
      if (left <= 0 || !(await this.update({ signal, timeout: left })))
        return stateNumber(this.#state) >= stateNumber(state);
    }
    return true;
  }

  get #stateKey(): string {
    return keys.stream(this.#document.state_stream.pk);
  }

  #adopt(id: string, state: Buffer | undefined): void {
    this.#stateId = id;
    const known = scanStates[Number(state)];
    if (!known) throw new TypeError(`${this.key}: state ${String(state)} is not known`);
    this.#state = known;
    if (stateNumber(known) < stateNumber("PREPARED")) return;
    const { id: identity, info, data_streams } = this.#document;
    const scan = { path: identity.path ?? null, saved: info.save === true };
    for (const [name, document] of Object.entries(data_streams)) {
      if (this.#streams.has(name) || this.#broken.has(name)) continue;
      try {
        this.#streams.set(name, openStream(name, document, { ...this.#context, scan }));
      } catch (error) {
        this.#broken.set(name, error as Error);
      }
    }
  }
}

async function readDocument(key: string, connection: Connection, options?: CallOptions): Promise<ScanDocument> {
  return documentIn(await connection.pipeline(readingOf(key), options), key, connection);
}
const readingOf = (key: string): CommandLine[] => [
  ["TTL", key],
  ["JSON.GET", key, "."],
];
function documentIn([ttl, text]: readonly Answer[], key: string, connection: Connection): ScanDocument {
  if (text instanceof Error) throw text;
  if (text === null || text === undefined || isDeleted(Number(ttl)))
    throw new ScanNotFound(`There is no scan ${key} at ${connection.url}: it was deleted, or never there`);
  return parseDocument(key, String(text));
}
