// SPDX-License-Identifier: MIT
// A scan in progress, as a resource: rows are pulled from it; leaving its block stops motors and detectors.
import type { ColumnValue } from "./column.ts";
import { bareContext, type ScanContext } from "./context.ts";
import { abortError, ScanAbort } from "./errors.ts";
import type { Channel, EndReason, ScanIdentity, Sink } from "./events.ts";
import { Execution } from "./execution.ts";
import type { ScanPlan } from "./plan.ts";
import type { ChainPreset, Preset } from "./presets.ts";

export interface StartOptions {
  /** Aborting it aborts the scan, as `abort()` does. */
  readonly signal?: AbortSignal;
  /** Default: the session's. */
  readonly sink?: Sink;
  readonly context?: ScanContext;
  readonly presets?: readonly Preset[];
  readonly chainPresets?: readonly ChainPreset[];
  readonly watchdogs?: readonly Watchdog[];
  /** Seconds a device may take over a point, beyond the count time, before the scan fails naming it. Default 60. */
  readonly stallTimeout?: number;
  /** Further keys of the document, known only now: group, index_in_sequence. */
  readonly scanInfo?: Readonly<Record<string, unknown>>;
}

/** Watches a scan from the side; what it throws ends the scan (StopScan: as a success). */
export interface Watchdog {
  /** Seconds without news before `onTimeout` is called, again and again. */
  readonly timeout?: number;
  onTimeout?(run: ScanRun): void;
  onScanNew?(run: ScanRun): void;
  onScanData?(run: ScanRun): void;
  onScanEnd?(run: ScanRun): void;
}

export type ScanState = "PREPARING" | "STARTING" | "RUNNING" | "STOPPING" | "DONE" | "USER_ABORTED" | "KILLED";
/** The values of one point by channel name: numbers, or typed arrays for spectra and images while they are kept. */
export type Row<Names extends string = string> = { readonly [Name in Names]: number } & {
  readonly [name: string]: ColumnValue;
};
export interface ScanResult {
  readonly reason: EndReason;
  readonly points: number;
  readonly error?: unknown;
}

export class ScanRun<Names extends string = string> implements AsyncDisposable {
  readonly #execution: Execution;
  readonly #ended: Promise<ScanResult>;
  /** The failure was thrown to somebody: disposing need not throw it again. */
  #told = false;

  constructor(plan: ScanPlan, options: StartOptions = {}) {
    const context = options.context ?? bareContext();
    this.#execution = new Execution(plan, context, options, this);
    this.#ended = this.#execution.run();
  }

  get state(): ScanState {
    return this.#execution.state;
  }
  /** The document, as far as it is known; empty until the scan has a number. */
  get info(): Readonly<Record<string, unknown>> {
    return this.#execution.info;
  }
  get identity(): ScanIdentity | undefined {
    return this.#execution.identity;
  }
  /** Name of the published scan, where the sink has one. */
  get key(): string | undefined {
    return this.#execution.key;
  }
  get title(): string {
    return this.#execution.title;
  }
  get channels(): readonly Channel[] {
    return this.#execution.recorder?.channels ?? [];
  }
  /** Keys of the rows, one a channel: its name, or its fullname where another has the same. */
  get names(): readonly string[] {
    return this.#execution.names;
  }
  /** Points all channels have. */
  get points(): number {
    return this.#execution.recorder?.complete ?? 0;
  }
  get warnings(): readonly string[] {
    return this.#execution.warnings;
  }

  /** Resolves once the scan is set up and numbered. @throws what refused it: limits, arguments, a sink. */
  async opened(): Promise<this> {
    await Promise.race([this.#execution.opened, this.#ended]);
    if (!this.#execution.identity) await this.done();
    return this;
  }

  /** Ends after the point in progress; the scan is a success. */
  stop(): void {
    this.#execution.stop();
  }
  /** Stops motors and detectors now; the data until now are kept. A second call does not wait for graceful ends. */
  abort(reason: unknown = new ScanAbort("Abort on request")): void {
    this.#execution.abort(abortError(reason));
  }
  /** Into the scan's notes. @throws Error once the scan has ended. */
  addComment(message: string): void {
    this.#execution.addComment(message);
  }

  /** Resolves when everything is at rest and delivered; never rejects. */
  get ended(): Promise<ScanResult> {
    return this.#ended;
  }
  /** As `ended`. @throws what made the scan fail, or ScanAbort. */
  async done(): Promise<ScanResult> {
    const result = await this.#ended;
    if (result.error === undefined) return result;
    this.#told = true;
    throw result.error;
  }

  /** One point, by channel name; undefined when it is not complete. */
  row(point: number): Row<Names> | undefined {
    const { recorder } = this.#execution;
    if (!recorder || point < 0 || point >= recorder.complete) return undefined;
    const row: Record<string, ColumnValue> = {};
    this.#execution.names.forEach((name, i) => {
      row[name] = recorder.columns[i]!.at(point);
    });
    return row as Row<Names>;
  }
  /** All complete numbers of a channel, by fullname or name. @throws RangeError with the nearest name. */
  data(name: string): Float64Array {
    return this.#execution.data(name);
  }

  /** Rows as they are complete, from the first. Leaving the loop early does not end the scan; leaving the block does. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Row<Names>> {
    await Promise.race([this.#execution.opened, this.#ended]);
    const { recorder } = this.#execution;
    for (let point = 0; recorder; point++) {
      while (point >= recorder.complete && !recorder.ended) await recorder.next();
      const row = this.row(point);
      if (!row) break;
      yield row;
    }
    await this.done();
  }

  /** Aborts what is still running and waits for the end. @throws the scan's failure if nobody has seen it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const early = this.#execution.running;
    if (early) this.abort(new ScanAbort("the scan's block was left"));
    const { error } = await this.#ended;
    if (error !== undefined && !early && !this.#told) {
      this.#told = true;
      throw error;
    }
  }
}
