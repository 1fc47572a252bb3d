// SPDX-License-Identifier: MIT
// A data stream: the scans of a beamline as they are taken, in Redis or in an embedded store.
import { type Answer, type CallOptions, type Connection, type ConnectOptions, connectStore, StoreError } from "./connection.ts"; // biome-ignore format: one import
import { isRaw, type RawEntry, rawEntries } from "./entries.ts";
import { initialiseDatabase, isInitialised } from "./initialise.ts";
import { PublishedScan } from "./publish/published-scan.ts";
import { Sender, type SenderOptions } from "./publish/sender.ts";
import { type ScanFiles, scanFiles } from "./read/files.ts";
import type { LiveFrames } from "./read/live-frames.ts";
import { isDeleted, ScanNotFound, StoredScan } from "./read/stored-scan.ts";
import type { ReadOptions } from "./read/view.ts";
import { type Info, keys, type ScanIdentity, type ScanState, scanStates } from "./scan-document.ts";
import { queryText, type ScanQuery } from "./search.ts";

export interface DataStoreOptions extends ConnectOptions, SenderOptions {
  /** Makes an empty database ready. Default false: it must be ready. */
  readonly init?: boolean;
  /** Frames that are in no file yet. */
  readonly live?: LiveFrames;
}

/** A scan's key, and the moment it was created: `since` for what comes after. */
export interface ScanNotice {
  readonly timetag: string;
  readonly key: string;
}
export interface NextScanOptions extends ReadOptions {
  /** Scans created after this moment. Default: after now. */
  readonly since?: string | undefined;
}

/** Seconds a deleted scan stays, for those that are reading it. */
const deletionDelay = 10;
const pageSize = 1000;

/** @throws StoreError when nobody answers, or the database is not ready */
export async function openDataStore(url: string, options: DataStoreOptions = {}): Promise<DataStore> {
  await using stack = new AsyncDisposableStack();
  const connection = stack.use(await connectStore(url, options));
  if (!(await isInitialised(connection, options))) {
    if (!options.init)
      throw new StoreError(
        `${connection.url} is not initialised as a data stream: give { init: true }, or \`memory_tracker --init-db\``,
      );
    await initialiseDatabase(connection, options);
  }
  const files = stack.use(scanFiles());
  return new DataStore(connection, files, options, stack.move());
}

export class DataStore implements AsyncDisposable {
  readonly connection: Connection;
  readonly #sender: Sender;
  readonly #files: ScanFiles;
  readonly #live: LiveFrames | undefined;
  readonly #owned: AsyncDisposableStack;

  /** See `openDataStore`. */
  constructor(connection: Connection, files: ScanFiles, options: DataStoreOptions, owned: AsyncDisposableStack) {
    this.connection = connection;
    this.#sender = new Sender(connection, options);
    this.#files = files;
    this.#live = options.live;
    this.#owned = owned;
  }

  /** Publishes a new scan. */
  createScan(identity: ScanIdentity, info: Info = {}, options?: CallOptions): Promise<PublishedScan> {
    return PublishedScan.create(this.connection, this.#sender, identity, info, options);
  }

  /** @throws ScanNotFound */
  loadScan(key: string, options?: CallOptions): Promise<StoredScan> {
    const { connection } = this;
    return StoredScan.load(key, { connection, files: this.#files, live: this.#live }, options);
  }

  /** The newest scan that was not deleted. */
  async lastScan(options?: CallOptions): Promise<ScanNotice | undefined> {
    let end = "+";
    for (;;) {
      const [entry] = rawEntries(
        await this.connection.call(["XREVRANGE", keys.history, end, "-", "COUNT", 1], options),
      );
      if (!entry) return undefined;
      const notice = noticeOf(entry);
      if (!(await this.#isDeleted(notice.key, options))) return notice;
      end = `(${entry.id}`;
    }
  }

  /** Waits for the next scan. @returns undefined when the time is over */
  async nextScan({ since = "$", signal, timeout }: NextScanOptions = {}): Promise<ScanNotice | undefined> {
    const deadline = timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeout;
    let after = since;
    for (;;) {
      const left = Math.max(0, deadline - performance.now());
      const found = await this.connection.wait(new Map([[keys.history, after]]), { count: 1, timeout: left, signal });
      const entry = found.get(keys.history)?.find(isRaw);
      if (!entry) return undefined;
      const notice = noticeOf(entry);
      if (!(await this.#isDeleted(notice.key, { signal }))) return notice;
      after = notice.timetag;
    }
  }

  /** Each scan as it is created, from `since` (default: now) on. */
  async *scans({ since, signal }: Pick<NextScanOptions, "since" | "signal"> = {}): AsyncGenerator<ScanNotice> {
    // "Now" is settled once: a scan created between two reads is not missed.
    let after = since ?? (await this.lastTimetag({ signal }));
    for (;;) {
      const notice = await this.nextScan({ since: after, signal });
      if (!notice) continue;
      after = notice.timetag;
      yield notice;
    }
  }

  /** The moment of the newest scan, "0-0" when there is none. */
  async lastTimetag(options?: CallOptions): Promise<string> {
    const answer = await this.connection.call(["XREVRANGE", keys.history, "+", "-", "COUNT", 1], options);
    return rawEntries(answer)[0]?.id ?? "0-0";
  }

  /** Keys of the scans of that identity, and the moment of the search: `since` for those that come after. */
  async search(query: ScanQuery = {}, options?: CallOptions): Promise<{ timetag: string; keys: string[] }> {
    let size = pageSize;
    for (;;) {
      const [last, found] = await this.connection.transaction(
        [
          ["XREVRANGE", keys.history, "+", "-", "COUNT", 1],
          ["FT.SEARCH", keys.index, queryText(query), "NOCONTENT", "DIALECT", 2, "LIMIT", 0, size],
        ],
        options,
      );
      const [count, ...names] = Array.isArray(found) ? (found as Answer[]) : [0];
      if (Number(count) <= size) return { timetag: rawEntries(last ?? null)[0]?.id ?? "0-0", keys: names.map(String) };
      size = Number(count);
    }
  }

  /** States of scans; those that are gone are left out. */
  async states(scanKeys: readonly string[], options?: CallOptions): Promise<Map<string, ScanState>> {
    if (scanKeys.length === 0) return new Map();
    const answer = await this.connection.call(["JSON.MGET", ...scanKeys, "state_stream.pk"], options);
    const pks = (Array.isArray(answer) ? (answer as Answer[]) : []).map((pk) =>
      pk === null ? "" : (JSON.parse(String(pk)) as string),
    );
    const last = await this.connection.pipeline(
      pks.map((pk) => ["XREVRANGE", keys.stream(pk), "+", "-", "COUNT", 1]),
      options,
    );
    const found = new Map<string, ScanState>();
    for (const [index, key] of scanKeys.entries()) {
      const [entry] = rawEntries(last[index] ?? null);
      const state = scanStates[Number(entry?.fields.get("state") ?? -1)];
      if (state) found.set(key, state);
    }
    return found;
  }

  /**
   * Deletes a scan ten seconds from now; from now on it counts as deleted.
   * @throws Error when it is not closed, unless `force`: then it is closed first, with the reason DELETION
   */
  async deleteScan(
    key: string,
    { force = false, ...options }: CallOptions & { readonly force?: boolean } = {},
  ): Promise<void> {
    const scan = await this.loadScan(key, options).catch((error: unknown) => {
      if (error instanceof ScanNotFound) return undefined;
      throw error;
    });
    if (!scan) return;
    if (scan.state !== "CLOSED") {
      if (!force) throw new Error(`${key} is ${scan.state}: close it first, or delete it with force`);
      await this.#closeForeign(key, scan, options);
    }
    const names = [key, ...(await this.#streamKeys(key, options))];
    await this.connection.transaction(
      names.map((name) => ["EXPIRE", name, deletionDelay]),
      options,
    );
  }

  /** The number readers know the next acquisition of a LimaCCDs server by: `acquisitionOffset` of `lima`. */
  async prepareNextLimaAcquisition(server: string, options?: CallOptions): Promise<number> {
    const [, number] = await this.connection.transaction(
      [
        ["SETNX", server, -1],
        ["INCR", server],
      ],
      options,
    );
    return Number(number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }

  async #isDeleted(key: string, options?: CallOptions): Promise<boolean> {
    return isDeleted(Number(await this.connection.call(["TTL", key], options)));
  }

  /** Keys of a scan's state and data streams. */
  async #streamKeys(key: string, options?: CallOptions): Promise<string[]> {
    const text = String(await this.connection.call(["JSON.GET", key, "."], options));
    const { state_stream, data_streams } = JSON.parse(text) as {
      state_stream: { pk: string };
      data_streams: Record<string, { pk: string }>;
    };
    return [state_stream, ...Object.values(data_streams)].map(({ pk }) => keys.stream(pk));
  }

  /** Ends a scan whose publisher is gone: its readers must not wait for ever. */
  async #closeForeign(key: string, scan: StoredScan, options?: CallOptions): Promise<void> {
    const [state, ...data] = await this.#streamKeys(key, options);
    for (const stream of data) await this.connection.pipeline([["FCALL", "seal_stream", 1, stream]], options);
    const info = JSON.stringify({ ...scan.info, end_reason: "DELETION" });
    await this.connection.transaction(
      [
        ["JSON.SET", key, "$.info", info],
        ["XADD", state!, "*", "state", scanStates.indexOf("CLOSED")],
      ],
      options,
    );
  }
}

const noticeOf = ({ id, fields }: RawEntry): ScanNotice => ({
  timetag: id,
  key: String(fields.get("key")),
});
