// SPDX-License-Identifier: MIT
// The file writer of a data stream: writes the scans it is asked for, or all there are, and says how each fares.
import { setTimeout as delay } from "node:timers/promises";
import { type Hdf5Options, openHdf5 } from "../../hdf5/open.ts";
import type { DataStore } from "../../stream/data-store.ts";
import type { StoredScan } from "../../stream/read/stored-scan.ts";
import { FilePool } from "../file-pool.ts";
import { writerDefaults } from "../nexus-sink.ts";
import type { ScanWriter, ScanWriterOptions, WriterProgress } from "../scan-writer.ts";
import { keepPromises, readPromises } from "./promises.ts";
import { writeStoredScan } from "./write-scan.ts";

export interface WritingServiceOptions extends Hdf5Options, Partial<Omit<ScanWriterOptions, "warn" | "signal">> {
  /** What it is known by in the data stream: one of the same name continues what a killed one left. Default "default". */
  readonly name?: string;
  /** Every saved scan, or only those asked for (default). */
  readonly listen?: boolean;
  /** Told what delays or spoils the writing of a scan. Default: nobody is, see `ScanStatus`. */
  readonly warn?: (message: string, scan: string) => void;
  /** Told of each scan that is written, or cannot be. */
  readonly report?: (scan: string, status: ScanStatus) => void;
}

export type WritingState = "INIT" | "RUNNING" | "COMPLETE" | "FAILED";
export interface ScanStatus {
  readonly state: WritingState;
  /** Why it is in that state, for a person. */
  readonly reason: string;
  readonly warnings: readonly string[];
  readonly progress: WriterProgress;
}

/** Milliseconds after which a stream that refused to tell of new scans is asked again. */
const listenPause = 2000;
/** Most scans that are remembered after their end. */
const remembered = 200;
const nothing: WriterProgress = { points: 0, bytes: 0, lag: 0 };

/** Opens the HDF5 library and goes on with what a writer of this name left. */
export async function writingService(store: DataStore, options: WritingServiceOptions = {}): Promise<WritingService> {
  await using stack = new AsyncDisposableStack();
  const hdf5 = stack.use(await openHdf5(options));
  const pool = stack.use(new FilePool(hdf5));
  const { name = "default", listen = false } = options;
  const { scans, timetag } = await readPromises(store.connection, name);
  // Whoever listens for the first time takes up the scans that are running.
  const begun = timetag === undefined && listen ? await runningScans(store) : { scans: [], timetag };
  const service = new WritingService(store, pool, options, begun.timetag, stack.move());
  await service.resume([...scans, ...begun.scans], listen);
  return service;
}

async function runningScans(
  store: DataStore,
): Promise<{ readonly scans: readonly string[]; readonly timetag: string }> {
  const { keys, timetag } = await store.search();
  const states = await store.states(keys);
  return { scans: keys.filter((key) => states.get(key) !== "CLOSED").toSorted(), timetag };
}

interface Work {
  readonly key: string;
  readonly done: Promise<void>;
  writer: ScanWriter | undefined;
  status: Omit<ScanStatus, "warnings">;
  readonly warnings: string[];
}

export class WritingService implements AsyncDisposable {
  readonly #store: DataStore;
  readonly #pool: FilePool;
  readonly #options: WritingServiceOptions;
  readonly #owned: AsyncDisposableStack;
  readonly #stop = new AbortController();
  readonly #works = new Map<string, Work>();
  /** How far the history was looked at. */
  #timetag: string | undefined;
  #listening: Promise<void> | undefined;
  #saving: Promise<void> = Promise.resolve();
  /** Of scans that are no longer remembered. */
  #written = { points: 0, bytes: 0 };

  /** See `writingService`. */
  constructor(
    store: DataStore,
    pool: FilePool,
    options: WritingServiceOptions,
    timetag: string | undefined,
    owned: AsyncDisposableStack,
  ) {
    this.#store = store;
    this.#pool = pool;
    this.#options = options;
    this.#timetag = timetag;
    this.#owned = owned;
  }

  /** Scans that are being written. */
  get active(): readonly string[] {
    return [...this.#works.values()].filter(isActive).map(({ key }) => key);
  }
  /** Points and bytes of all scans since the start; the longest time that points wait now. */
  get progress(): WriterProgress {
    const works = [...this.#works.values()].map(progressOf);
    return {
      points: works.reduce((sum, { points }) => sum + points, this.#written.points),
      bytes: works.reduce((sum, { bytes }) => sum + bytes, this.#written.bytes),
      lag: works.reduce((most, { lag }) => Math.max(most, lag), 0),
    };
  }

  /** Asks for a scan to be written. Asking again does nothing. @returns false when there is no such scan */
  request(key: string): Promise<boolean> {
    return this.#request(key, () => {});
  }
  /** `begun` is called in the moment from which the scan is among those promised. */
  async #request(key: string, begun: () => void): Promise<boolean> {
    if (this.#works.has(key)) return true;
    const scan = await this.#store.loadScan(key).catch(() => undefined);
    if (!scan || this.#stop.signal.aborted) return false;
    if (!this.#works.has(key)) {
      this.#begin(scan);
      begun();
      await this.#remember();
    }
    return true;
  }

  /** @returns undefined for a scan nobody asked for */
  status(key: string): ScanStatus | undefined {
    const work = this.#works.get(key);
    return work && { ...work.status, progress: progressOf(work), warnings: [...work.warnings] };
  }

  /** Waits until the scan is written, or cannot be. @returns undefined for a scan nobody asked for */
  async done(key: string): Promise<ScanStatus | undefined> {
    await this.#works.get(key)?.done;
    return this.status(key);
  }

  /** See `writingService`. */
  async resume(scans: readonly string[], listen: boolean): Promise<void> {
    for (const key of scans) await this.request(key);
    // Noted before the first scan comes: a kill between its creation and its request must not lose it.
    if (listen) await this.#remember();
    if (listen) this.#listening = this.#listen();
  }

  /** Stops where it is: the next writer of this name goes on. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("the writer stops"));
    await this.#listening;
    await Promise.all([...this.#works.values()].map(({ done }) => done));
    await this.#saving;
    await this.#owned.disposeAsync();
  }

  async #listen(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted)
      try {
        await this.#takeNewScans(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#options.warn?.(`new scans are not seen, trying again: ${(error as Error).message}`, "");
        await delay(listenPause, undefined, { signal }).catch(() => {});
      }
  }
  async #takeNewScans(signal: AbortSignal): Promise<void> {
    for await (const { key, timetag } of this.#store.scans({ since: this.#timetag, signal })) {
      const seen = () => {
        this.#timetag = timetag;
      };
      await this.#request(key, seen);
      seen();
    }
  }

  #begin(scan: StoredScan): void {
    const { key } = scan;
    const status = { state: "INIT" as const, reason: "Waiting for the scan to be prepared", progress: nothing };
    const { promise, resolve } = Promise.withResolvers<void>();
    const work: Work = { key, done: promise, writer: undefined, status, warnings: [] };
    this.#works.set(key, work);
    this.#write(scan, work).finally(resolve);
  }

  async #write(scan: StoredScan, work: Work): Promise<void> {
    const { key } = work;
    const { signal } = this.#stop;
    const say = (state: WritingState, reason: string) => {
      work.status = { state, reason, progress: progressOf(work) };
    };
    const warn = (message: string) => {
      work.warnings.push(message);
      this.#options.warn?.(message, key);
    };
    try {
      const onOpen = (writer: ScanWriter) => {
        work.writer = writer;
        say("RUNNING", "Writing");
      };
      const settings = { ...writerDefaults, ...this.#options, warn, signal, onOpen };
      say("COMPLETE", outcomes[await writeStoredScan(scan, this.#pool, settings)]);
    } catch (error) {
      if (signal.aborted) return;
      say("FAILED", (error as Error).message);
      this.#options.warn?.((error as Error).message, key);
    }
    work.writer = undefined;
    this.#options.report?.(key, { ...work.status, warnings: work.warnings });
    this.#forget();
    await this.#remember();
  }

  #forget(): void {
    for (const [key, work] of this.#works) {
      if (this.#works.size <= remembered) return;
      if (isActive(work)) continue;
      this.#works.delete(key);
      this.#written.points += work.status.progress.points;
      this.#written.bytes += work.status.progress.bytes;
    }
  }

  /** Promises are kept one after the other, the newest last. */
  #remember(): Promise<void> {
    const { name = "default" } = this.#options;
    this.#saving = this.#saving.then(async () => {
      try {
        await keepPromises(this.#store.connection, name, { scans: this.active, timetag: this.#timetag });
      } catch (error) {
        this.#options.warn?.(`what is to be written could not be noted: ${(error as Error).message}`, "");
      }
    });
    return this.#saving;
  }
}

const outcomes = {
  written: "Complete",
  present: "The file had it already, complete",
  notToBeSaved: "Not to be saved, skip.",
} as const;
const isActive = ({ status }: Work): boolean => status.state === "INIT" || status.state === "RUNNING";
const progressOf = ({ writer, status }: Work): WriterProgress => writer?.progress ?? status.progress;
