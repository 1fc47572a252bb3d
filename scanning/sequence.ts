// SPDX-License-Identifier: MIT
// A scan made of scans: a function runs sub-scans, and may add numbers of its own. It is numbered, published and saved
// like any scan; its SUBSCANS channel says which scans belong to it, and their documents name it as their `group`.

import type { ChannelPlan, NodeContext, NodePlan } from "./chain/node.ts";
import type { ListColumn, NumberColumn } from "./column.ts";
import { nearest, ScanArgumentError } from "./errors.ts";
import type { ScanOptions } from "./plan.ts";
import type { ScanRun, StartOptions } from "./run.ts";
import { Scan } from "./scan.ts";

export interface SequenceOptions extends Omit<ScanOptions, "title" | "sleepTime" | "stabTime" | "saveImages"> {
  /** Channels of numbers that the function fills with `emit`. */
  readonly channels?: Readonly<Record<string, { readonly unit?: string }>>;
}

/** What a sequence's function works with. */
export interface SequenceScope {
  /** Runs a sub-scan to its end. @throws what made it fail: not caught, the sequence fails too */
  run(scan: Scan, options?: StartOptions): Promise<ScanRun>;
  /** Starts a sub-scan, which may run beside others; the sequence ends only when all have ended, and fails with it. */
  start(scan: Scan, options?: StartOptions): Promise<ScanRun>;
  /** Adds values to one of the sequence's channels. @throws ScanArgumentError for a channel it has not */
  emit(channel: string, ...values: readonly number[]): void;
  /** Aborted with the sequence. */
  readonly signal: AbortSignal;
  /** True once the sequence was asked to end: sub-scans end after their point, no further ones should be begun. */
  readonly stopping: boolean;
}

export type SequenceRunner = (scope: SequenceScope) => Promise<void> | void;

/** `sequence("two steps", async ({ run, emit }) => { await run(ascan(...)); emit("temperature", 300); }, { channels: { temperature: { unit: "K" } } })` */
export function sequence(title: string, runner: SequenceRunner, options: SequenceOptions = {}): Scan {
  if (typeof title !== "string") throw new ScanArgumentError("Usage: sequence(title, async ({ run }) => { ... })");
  if (typeof runner !== "function")
    throw new ScanArgumentError(`sequence "${title}" needs a function: sequence(title, async ({ run }) => { ... })`);
  const { channels = {}, ...rest } = options;
  return new Scan({
    type: "sequence",
    points: 1,
    countTime: 0,
    read: [],
    options: { ...rest, title },
    composite: true,
    title: () => title,
    info: () => ({ is_scan_sequence: true }),
    chain: () => [grouping(runner, channels)],
  });
}

function grouping(runner: SequenceRunner, channels: NonNullable<SequenceOptions["channels"]>): NodePlan {
  const own = Object.entries(channels).map(([name, { unit }]) => ({
    ...scalar(name),
    ...(unit !== undefined && { unit }),
  }));
  const subscans: ChannelPlan = { ...scalar("SUBSCANS"), encoding: "scans", description: { group: "subscans" } };
  return {
    name: "GroupingMaster",
    channels: [subscans],
    children: [{ name: "channels", channels: own, children: [], hasMetadata: false, open: () => ({}) }],
    hasMetadata: false,
    open: (context) => {
      const runs = new Subscans(context, Object.keys(channels));
      return { at: async () => runs.all(runner), stop: () => runs.ended() };
    },
  };
}

const scalar = (name: string): ChannelPlan => ({ fullname: name, name, dim: 0, dtype: "float64", shape: [] });

class Subscans {
  readonly #context: NodeContext;
  readonly #own: readonly string[];
  readonly #runs = new Set<ScanRun>();
  /** Whose failure nobody has been told. */
  readonly #loose = new Set<ScanRun>();

  constructor(context: NodeContext, own: readonly string[]) {
    this.#context = context;
    this.#own = own;
  }

  async all(runner: SequenceRunner): Promise<void> {
    const context = this.#context;
    await runner({
      start: async (scan, options) => {
        const run = await this.#start(scan, options);
        this.#loose.add(run);
        return run;
      },
      run: async (scan, options) => {
        const run = await this.#start(scan, options);
        await run.done();
        return run;
      },
      emit: (channel, ...values) => this.#emit(channel, values),
      signal: context.options.signal ?? new AbortController().signal,
      get stopping() {
        return context.stopping;
      },
    });
    await Promise.all([...this.#loose].map((run) => run.done()));
  }
  /** Whatever the function did: no sub-scan outlives the sequence. */
  async ended(): Promise<void> {
    await Promise.all([...this.#runs].map((run) => run.ended));
  }

  async #start(scan: Scan, options: StartOptions = {}): Promise<ScanRun> {
    const { recorder, first, startSubscan } = this.#context;
    const run = startSubscan(scan, options);
    this.#runs.add(run);
    await run.opened();
    (recorder.columns[first] as ListColumn).push({ key: run.key ?? null, scan_number: run.identity?.number ?? null });
    recorder.notify();
    return run;
  }

  #emit(channel: string, values: readonly number[]): void {
    const { recorder, channel: indexOf } = this.#context;
    if (!this.#own.includes(channel)) {
      const near = nearest(channel, this.#own);
      throw new ScanArgumentError(
        `the sequence has no channel ${channel}${near ? `; did you mean ${near}?` : ": name it in its option channels"}`,
      );
    }
    const column = recorder.columns[indexOf(channel)] as NumberColumn;
    for (const value of values) column.push(value);
    recorder.notify();
  }
}
