// SPDX-License-Identifier: MIT
// A session: the objects people work with, where data go, what is remembered, and the scans of the day.
import type { ChainSetting } from "../chain/build.ts";
import type { ScanContext } from "../context.ts";
import { nearest } from "../errors.ts";
import type { Sink } from "../events.ts";
import { basicPolicy } from "../policy/basic.ts";
import type { SavingPolicy } from "../policy/policy.ts";
import type { ChainPreset, Preset } from "../presets.ts";
import type { Axis, Counter, CounterContainer, Gate, Readable } from "../protocols.ts";
import type { ScanRun, StartOptions } from "../run.ts";
import type { Scan } from "../scan.ts";
import { type MeasurementGroup, measurementGroup } from "./groups.ts";
import { type ScanMetadata, scanMetadata } from "./metadata.ts";
import { type MonitoringScans, monitoringScans } from "./monitoring.ts";
import { type Notes, notesBeside } from "./notes.ts";
import { ScanNumbers } from "./numbers.ts";
import { memorySettings, type Settings } from "./settings.ts";

/** Anything a session can hold by name. */
export interface SessionObject {
  readonly name: string;
}

export interface SessionOptions {
  readonly name: string;
  readonly objects?: Iterable<SessionObject>;
  readonly settings?: Settings;
  readonly policy?: SavingPolicy;
  readonly sink?: Sink;
  readonly chainSettings?: readonly ChainSetting[];
  readonly warn?: (message: string) => void;
}

/** Scans that can be looked at afterwards. */
const scansKept = 20;

export class Session implements AsyncDisposable {
  readonly name: string;
  readonly settings: Settings;
  policy: SavingPolicy;
  sink: Sink | undefined;
  readonly metadata: ScanMetadata;
  readonly monitoring: MonitoringScans = monitoringScans(this);
  readonly notes: Notes = notesBeside(() => this.#dataFile);
  /** For every scan; change them at will. */
  chainSettings: ChainSetting[];
  readonly presets: Preset[] = [];
  readonly chainPresets: ChainPreset[] = [];
  /** The newest last. Counts that are not saved are not among them. */
  readonly scans: ScanRun[] = [];
  activeGroup: MeasurementGroup | undefined;
  /** Fullnames of the channels selected for plots and for cen, peak ... */
  plotselect: readonly string[] = [];
  readonly #objects = new Map<string, SessionObject>();
  readonly #disposables = new AsyncDisposableStack();
  readonly #running = new Set<ScanRun>();
  readonly #background = new Set<ScanRun>();
  readonly #partListeners = new Set<(part: ScanRun) => void>();
  /** Who waits for the scans in progress to end. */
  #quiet: (() => void)[] = [];
  readonly #warn: (message: string) => void;
  #plotselectTime: number | undefined;
  #displayed: readonly string[] | undefined;
  /** For the next scan. */
  #comments: string[] = [];
  #devices = 0;
  readonly #numbers: ScanNumbers;

  constructor(options: SessionOptions) {
    this.name = options.name;
    this.settings = options.settings ?? memorySettings();
    this.policy = options.policy ?? basicPolicy(options.name);
    this.sink = options.sink;
    this.#numbers = new ScanNumbers(this.name, this.settings, () => this.policy.numbering);
    this.chainSettings = [...(options.chainSettings ?? [])];
    this.#warn = options.warn ?? ((message) => process.emitWarning(message, "ScanWarning"));
    this.metadata = scanMetadata(() => this.axes);
    for (const object of options.objects ?? []) this.add(object);
  }

  // ---- objects -----------------------------------------------------------------------------------------------------

  get objects(): ReadonlyMap<string, SessionObject> {
    return this.#objects;
  }
  get axes(): Axis[] {
    return [...this.#objects.values()].filter(isAxis);
  }
  get groups(): MeasurementGroup[] {
    return [...this.#objects.values()].filter((object): object is MeasurementGroup => "switchState" in object);
  }
  add<T extends SessionObject>(object: T): T {
    this.#objects.set(object.name, object);
    return object;
  }
  /** @throws RangeError with the nearest name */
  object(name: string): SessionObject {
    const found = this.#objects.get(name);
    if (found) return found;
    const near = nearest(name, this.#objects.keys());
    throw new RangeError(`session ${this.name} has no object ${name}${near ? `; did you mean ${near}?` : ""}`);
  }
  axis(name: string): Axis {
    const found = this.object(name);
    if (isAxis(found)) return found;
    throw new TypeError(`${name} is not an axis`);
  }
  group(name: string, items: readonly Readable[]): MeasurementGroup {
    const activate = () => {
      this.activeGroup = group;
    };
    const group: MeasurementGroup = this.add(measurementGroup(name, items, this.settings, activate));
    this.activeGroup ??= group;
    return group;
  }
  /** Released when the session ends, in reverse order. */
  own<T extends AsyncDisposable | Disposable>(resource: T): T {
    return this.#disposables.use(resource);
  }

  // ---- scans -------------------------------------------------------------------------------------------------------

  /** Starts a scan in this session: numbered, saved, described, published. */
  start<Names extends string>(scan: Scan<Names>, options: StartOptions = {}): ScanRun<Names> {
    const run = scan.start({ context: this.#context(), ...options });
    if (!scan.plan.bare) for (const comment of this.#comments.splice(0)) run.addComment(comment);
    this.#keep(run, !scan.plan.bare);
    return run;
  }
  /** Into the document of the scan in progress, which is returned; while there is none, of the next one. */
  comment(text: string): ScanRun | undefined {
    const running = this.running.at(-1);
    if (running) running.addComment(text);
    else this.#comments.push(text);
    return running;
  }
  /** Of the next scan that is saved. */
  get #dataFile(): string {
    return this.policy.saving({ name: "", number: 0, save: true }).filename ?? "";
  }
  #keep(run: ScanRun, toLookAt: boolean): void {
    this.#running.add(run);
    if (toLookAt) this.scans.push(run);
    if (this.scans.length > scansKept) this.scans.shift();
    void run.ended.then(() => {
      this.#running.delete(run);
      // One that was refused is no scan: the last one is still the one before.
      if (toLookAt && !run.identity) this.scans.splice(this.scans.indexOf(run), 1);
      if (this.#running.size > 0) return;
      for (const resume of this.#quiet.splice(0)) resume();
    });
  }
  /** Told of scans that are started as parts of others, until it is disposed of. */
  onPart(listener: (part: ScanRun) => void): Disposable {
    this.#partListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#partListeners.delete(listener) };
  }
  /** Starts a scan beside all others: not among `scans` and `running`; it ends with the session. */
  startBackground(scan: Scan, options: StartOptions = {}): ScanRun {
    const run = scan.start({ context: this.#context(), ...options });
    this.#background.add(run);
    void run.ended.then(() => this.#background.delete(run));
    return run;
  }
  /** Resolves when no scan is in progress but those in the background. */
  async quiet(signal?: AbortSignal): Promise<void> {
    while (this.#running.size > 0) {
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const abort = () => reject(signal?.reason);
      signal?.addEventListener("abort", abort, { once: true });
      this.#quiet.push(resolve);
      await promise.finally(() => signal?.removeEventListener("abort", abort));
    }
  }
  /** Scans in progress. */
  get running(): readonly ScanRun[] {
    return [...this.#running];
  }
  get lastScan(): ScanRun {
    const last = this.scans.at(-1);
    if (!last) throw new RangeError("no scan yet in this session");
    return last;
  }
  /** Selects channels for plots and alignment, by counter or by name. */
  selectForPlots(...channels: readonly string[]): void {
    this.plotselect = channels;
    this.#plotselectTime = Date.now() / 1000;
  }
  /** Channels displayed with the next scan only. */
  displayNext(...channels: readonly string[]): void {
    this.#displayed = channels;
  }
  /** The next saved scan has this number. */
  resetScanNumber(next = 1): Promise<void> {
    return this.#numbers.reset(next);
  }

  #context(): ScanContext {
    return {
      ...(this.sink && { sink: this.sink }),
      chainSettings: this.chainSettings,
      gates: [...this.#objects.values()].filter(isGate),
      presets: this.presets,
      chainPresets: this.chainPresets,
      activeCounters: () => (this.activeGroup ? [this.activeGroup] : []),
      deviceNumber: () => this.#devices++,
      scanNumber: (saved) => this.#numbers.next(saved),
      saving: (scan) => this.policy.saving(scan),
      metadata: async (moment, plan) => (plan.bare ? {} : this.metadata.collect(moment, this.#warn)),
      plotselect: () => this.#takePlotselect(),
      warn: this.#warn,
      started: (run) => {
        this.#keep(run, true);
        for (const listener of this.#partListeners) listener(run);
      },
    };
  }
  #takePlotselect() {
    const displayed = this.#displayed;
    this.#displayed = undefined;
    return {
      plotselect: [...this.plotselect],
      ...(this.#plotselectTime !== undefined && { plotselect_time: this.#plotselectTime }),
      ...(displayed && { displayed_channels: [...displayed] }),
    };
  }

  /** Aborts what runs, then releases what the session owns. */
  async [Symbol.asyncDispose](): Promise<void> {
    const runs = [...this.#running, ...this.#background];
    for (const run of runs) run.abort("the session ends");
    await Promise.all(runs.map((run) => run.ended));
    await this.#disposables.disposeAsync();
  }
}

export const isAxis = (object: unknown): object is Axis =>
  typeof object === "object" && object !== null && "kind" in object && object.kind === "axis";
export const isGate = (object: unknown): object is Gate =>
  typeof object === "object" && object !== null && "kind" in object && object.kind === "gate";
export const isCounter = (object: unknown): object is Counter =>
  typeof object === "object" && object !== null && "kind" in object && !isAxis(object) && !isGate(object);
export const isContainer = (object: unknown): object is CounterContainer =>
  typeof object === "object" && object !== null && "counters" in object;
