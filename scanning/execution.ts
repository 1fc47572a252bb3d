// SPDX-License-Identifier: MIT
// What happens in a scan, in order. The first failure aborts everything else; whatever happens, presets, chain and axes
// are stopped and awaited, relative scans go home, and the sink is told how it ended.
import { Aborting, type Failure } from "./aborting.ts";
import { fireNode, LiveChain, type OpenNode } from "./chain/live.ts";
import { moveTogether } from "./chain/move.ts";
import { all } from "./chain/node.ts";
import type { ScanContext } from "./context.ts";
import { categoriesIn, merge } from "./document.ts";
import { abortError, ScanAbort, StallError, StopScan } from "./errors.ts";
import type { EndReason, ScanIdentity, ScanSink } from "./events.ts";
import type { ScanPlan } from "./plan.ts";
import { type PresetScan, Presets } from "./presets.ts";
import { noSink, Publisher } from "./publisher.ts";
import { numbersOf, Recorder, shortNames } from "./recorder.ts";
import { type BuiltScan, build, isoTime, type Resolved, resolve } from "./resolve.ts";
import type { ScanResult, ScanRun, ScanState, StartOptions } from "./run.ts";
import type { Scan } from "./scan.ts";
import { Watch } from "./watch.ts";

/** Milliseconds without letting others run. */
const turn = 8;

export class Execution {
  state: ScanState = "PREPARING";
  info: Record<string, unknown> = {};
  identity: ScanIdentity | undefined;
  #sink: ScanSink | undefined;
  recorder: Recorder | undefined;
  /** Of the channels: short where that is unique. */
  names: readonly string[] = [];
  title = "";
  running = true;
  stopping = false;
  readonly warnings: string[] = [];
  #atEnd: Readonly<Record<string, unknown>> = {};
  readonly #comments: { date: string; message: string }[] = [];
  readonly opened: Promise<void>;

  readonly #plan: ScanPlan;
  readonly #context: ScanContext;
  readonly #start: StartOptions;
  readonly #run: ScanRun;
  readonly #aborting = new Aborting();
  readonly #subscans = new Set<ScanRun>();
  #setOpened: () => void = () => {};

  constructor(plan: ScanPlan, context: ScanContext, start: StartOptions, run: ScanRun) {
    this.#plan = plan;
    this.#context = context;
    this.#start = start;
    this.#run = run;
    this.opened = new Promise((resolve) => {
      this.#setOpened = resolve;
    });
  }

  get key(): string | undefined {
    return this.#sink?.key;
  }
  stop(): void {
    this.stopping = true;
    for (const run of this.#subscans) run.stop();
  }
  abort(error: Error): void {
    if (error instanceof StopScan) this.stop();
    else this.#aborting.abort(error);
  }
  #fail(error: unknown): void {
    if (error instanceof StopScan) this.stop();
    else this.#aborting.fail(error);
  }
  addComment(message: string): void {
    if (!this.running) throw new Error("comments can only be added to scans that have not ended");
    this.#comments.push({ date: isoTime(new Date()), message });
  }
  /** The document may change only when the scan is prepared, and at its end. */
  #noteComments(): void {
    if (this.#comments.length > 0) this.info.comments = [...this.#comments];
  }
  data(name: string): Float64Array {
    return numbersOf(this.recorder, this.names, name);
  }
  #warn = (message: string): void => {
    this.warnings.push(message);
    this.#context.warn(message);
  };

  async run(): Promise<ScanResult> {
    const outer = this.#start.signal;
    const aborted = () => this.abort(abortError(outer?.reason));
    outer?.addEventListener("abort", aborted);
    try {
      outer?.throwIfAborted();
      const resolved = await resolve(this.#plan, { signal: this.#aborting.signal });
      this.title = resolved.title;
      const built = await build(resolved, this.#context);
      await this.#published(resolved, built);
      if (!this.#aborting.failure) await this.#plan.afterwards?.(this.#run);
    } catch (error) {
      this.#aborting.failure ??= { error: outer?.aborted ? abortError(error) : error };
    } finally {
      outer?.removeEventListener("abort", aborted);
      this.running = false;
      this.recorder?.end();
    }
    const failed = this.#aborting.failure;
    this.state = !failed ? "DONE" : failed.error instanceof ScanAbort ? "USER_ABORTED" : "KILLED";
    return { reason: reasonOf(failed), points: this.recorder?.complete ?? 0, ...(failed && { error: failed.error }) };
  }

  /** From opening the sink to closing it. */
  async #published(resolved: Resolved, built: BuiltScan): Promise<void> {
    const { info, identity, description } = built;
    merge(info, this.#start.scanInfo ?? {});
    merge(info, await this.#context.metadata("START", this.#plan));
    if (!this.#plan.bare) info.scan_meta_categories = categoriesIn(info);
    const sink = this.#start.sink ?? this.#context.sink;
    const scanSink =
      (await sink?.open({ identity, info: structuredClone(info), channels: description.channels })) ?? noSink;
    await using _ = scanSink;
    this.info = info;
    this.identity = identity;
    this.#sink = scanSink;
    this.recorder = new Recorder(description.channels, Math.max(0, this.#plan.points));
    this.names = shortNames(this.recorder);
    const publisher = new Publisher(scanSink, this.recorder, (error) => this.#sinkFailed(error));
    this.recorder.changed = () => publisher.poke();
    this.#setOpened();
    await this.#executed(resolved, built, publisher);
    merge(info, this.#atEnd);
    this.#noteComments();
    const reason = reasonOf(this.#aborting.failure);
    Object.assign(info, { end_time: isoTime(new Date()), end_reason: reason });
    if (reason === "SUCCESS") publisher.send({ type: "stopped" });
    publisher.send({ type: "closed", reason, info: structuredClone(info) });
    await publisher.flush();
  }
  #sinkFailed(error: unknown): void {
    this.#fail(
      new Error(`the scan cannot be recorded any more: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      }),
    );
  }
  async #endMetadata() {
    try {
      return await this.#context.metadata("END", this.#plan);
    } catch (error) {
      this.#warn(`metadata at the end: ${error instanceof Error ? error.message : error}`);
      return {};
    }
  }

  async #executed(resolved: Resolved, built: BuiltScan, publisher: Publisher): Promise<void> {
    const { signal } = this.#aborting;
    const execution = this;
    const chain = new LiveChain(built.roots, built.description, {
      options: { signal },
      recorder: this.recorder!,
      points: Math.max(0, this.#plan.points),
      exposure: this.#plan.countTime,
      get stopping() {
        return execution.stopping;
      },
      warn: this.#warn,
      startSubscan: (scan, options) => this.#startSubscan(scan, options),
      failed: (error) => this.#fail(error),
    });
    const presets = new Presets(
      [...this.#context.presets, ...(this.#start.presets ?? [])],
      [...this.#context.chainPresets, ...(this.#start.chainPresets ?? [])],
    );
    const told = { title: resolved.title, info: this.info, signal };
    using watch = new Watch(
      this.#run,
      this.#start.watchdogs ?? [],
      () => this.#checkStall(chain),
      (error) => this.#fail(error),
    );
    try {
      await this.#aborting.bounded(this.#measure(chain, built, presets, told, publisher, watch));
    } catch (error) {
      this.#fail(error);
    }
    this.state = "STOPPING";
    await this.#cleanUp("presets before the stop", () => presets.beforeStop(told));
    await this.#cleanUp("stopping the devices", () => chain.stop());
    await this.#cleanUp("presets at the end", () => presets.stop(told));
    // Before axes go home: the document says where the scan ended.
    this.#atEnd = await this.#endMetadata();
    if (resolved.home.size > 0)
      await this.#cleanUp(
        "returning to the start",
        async () => void (await moveTogether(resolved.home, { signal: this.#aborting.hard })),
        true,
      );
    watch.end();
  }

  async #measure(
    chain: LiveChain,
    built: BuiltScan,
    presets: Presets,
    told: PresetScan,
    publisher: Publisher,
    watch: Watch,
  ) {
    const recorder = this.recorder!;
    this.#aborting.signal.throwIfAborted();
    presets.listen(recorder);
    watch.listen(recorder);
    await presets.prepare(told);
    await chain.prepare((plan, metadata) => {
      const device = (this.info.devices as Record<string, Record<string, unknown>>)[built.description.keys.get(plan)!]!;
      device.metadata = metadata;
    });
    this.#noteComments();
    publisher.send({ type: "prepared", info: structuredClone(this.info), channels: [...recorder.channels] });
    this.#aborting.signal.throwIfAborted();
    this.state = "STARTING";
    await presets.start(told);
    await chain.start();
    publisher.send({ type: "started" });
    this.state = "RUNNING";
    await all(
      chain.roots.map((root) => this.#loop(root, presets, publisher)),
      (error) => this.#fail(error),
    );
    await chain.finish();
    recorder.notify();
  }

  /** The point loop of one top master. */
  async #loop(root: OpenNode, presets: Presets, publisher: Publisher): Promise<void> {
    const recorder = this.recorder!;
    const { signal } = this.#aborting;
    const points = root.plan.points ?? this.#plan.points;
    let lastTurn = performance.now();
    for (let point = 0; points <= 0 || point < points; point++) {
      signal.throwIfAborted();
      if (presets.perPoint) {
        if (point > 0) await presets.preparePoint(point);
        await presets.startPoint(point);
      }
      const done = fireNode(root);
      if (done) await done;
      recorder.notify();
      if (this.stopping) break;
      const more = points <= 0 || point + 1 < points;
      if (presets.perPoint && more) await presets.stopPoint();
      if (publisher.full) await publisher.room();
      if (performance.now() - lastTurn > turn) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        lastTurn = performance.now();
      }
    }
    if (root.plan.terminator) this.stop();
  }

  #startSubscan(scan: Scan, options: StartOptions = {}): ScanRun {
    const { sink } = this.#start;
    const run = scan.start({
      context: this.#context,
      signal: this.#aborting.signal,
      ...(sink && { sink }),
      ...options,
      scanInfo: { group: this.key ?? null, ...options.scanInfo },
    });
    this.#context.started?.(run);
    this.#subscans.add(run);
    void run.ended.then(() => this.#subscans.delete(run));
    return run;
  }

  #checkStall(chain: LiveChain): void {
    const limit = this.#start.stallTimeout ?? 60;
    const node = chain.stalled(limit);
    if (!node) return;
    const what = `${node.plan.name} did not finish point ${node.point - 1} within ${limit} s of its trigger`;
    this.#fail(new StallError(`${what}; check the device, or give the scan a longer stallTimeout`));
  }

  /** One step of ending; `patient` ones may take as long as they need, until the second abort. */
  async #cleanUp(what: string, action: () => Promise<void>, patient = false): Promise<void> {
    try {
      await (this.#aborting.signal.aborted && !patient ? this.#aborting.bounded(action()) : action());
    } catch (error) {
      if (!this.#aborting.failure) this.#fail(error);
      else this.#warn(`${what}: ${error instanceof Error ? error.message : error}`);
    }
  }
}

function reasonOf(failure: Failure | undefined): EndReason {
  if (!failure) return "SUCCESS";
  return failure.error instanceof ScanAbort ? "USER_ABORT" : "FAILURE";
}
