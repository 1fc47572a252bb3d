// SPDX-License-Identifier: MIT
// From the columns to the sink: one batch in flight, the next collects meanwhile.
import type { ChannelBlock, ScanEvent, ScanSink } from "./events.ts";
import type { Recorder } from "./recorder.ts";

/** Milliseconds between batches of data; other events go at once. */
const period = 20;
/** Points a channel may have waiting before the scan slows down. */
const mostWaiting = 10_000;

export class Publisher {
  readonly #sink: ScanSink;
  readonly #recorder: Recorder;
  readonly #failed: (error: unknown) => void;
  #events: ScanEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** The timer is that of a batch, not of a point that no other has followed. */
  #due = false;
  #writing: Promise<void> | undefined;
  #lastWrite = Number.NEGATIVE_INFINITY;
  #broken = false;

  /**
   * `failed` is told once, when the sink refuses a batch. Later data are dropped; that the scan has ended is still told: a
   * sink that could not keep up can close what it has.
   */
  constructor(sink: ScanSink, recorder: Recorder, failed: (error: unknown) => void) {
    this.#sink = sink;
    this.#recorder = recorder;
    this.#failed = failed;
  }

  /** Queues an event behind the data that came before it. */
  send(event: ScanEvent): void {
    this.#collect();
    this.#events.push(event);
    this.#pump();
  }

  /**
   * A point is complete: it goes with the next batch, once the next point has begun: axes move while the sink works. Batches
   * follow points, so that none falls on the end of a move; only where no point comes for a while they go by themselves.
   */
  poke(): void {
    if (this.#writing || this.#due) return;
    const wait = this.#lastWrite + period - performance.now();
    this.#due = wait <= 0;
    if (this.#timer && !this.#due) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pumpData(), this.#due ? 0 : wait + period);
  }

  /** True: wait for `room()` before measuring on. */
  get full(): boolean {
    return this.#recorder.pending > mostWaiting;
  }
  async room(): Promise<void> {
    while (this.full) {
      if (!this.#writing) this.#pumpData();
      await this.#writing;
    }
  }

  /** Resolves when everything has been written or given up. */
  async flush(): Promise<void> {
    do {
      this.#collect();
      this.#pump();
      await this.#writing;
    } while (this.#writing || this.#events.length > 0 || this.#recorder.pending > 0);
  }

  #pumpData(): void {
    this.#collect();
    this.#pump();
  }
  #collect(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = false;
    const blocks = takeBlocks(this.#recorder);
    if (blocks.length > 0) this.#events.push({ type: "data", blocks });
  }
  #pump(): void {
    if (this.#writing || this.#events.length === 0) return;
    const events = this.#broken ? this.#events.filter(({ type }) => type === "closed") : this.#events;
    this.#events = [];
    if (events.length === 0) return;
    this.#lastWrite = performance.now();
    this.#writing = this.#write(events);
  }
  async #write(events: readonly ScanEvent[]): Promise<void> {
    try {
      await this.#sink.write(events);
    } catch (error) {
      if (!this.#broken) this.#failed(error);
      this.#broken = true;
    }
    this.#writing = undefined;
    if (this.#events.length > 0) this.#pump();
    else if (this.#recorder.pending > mostWaiting) this.#pumpData();
    else if (this.#recorder.pending > 0) this.poke();
  }
}

function takeBlocks({ columns }: Recorder): ChannelBlock[] {
  const blocks: ChannelBlock[] = [];
  for (let channel = 0; channel < columns.length; channel++) {
    const taken = columns[channel]!.take();
    if (taken) blocks.push({ channel, ...taken });
  }
  return blocks;
}

/** A sink that keeps nothing. */
export const noSink: ScanSink = {
  write: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
