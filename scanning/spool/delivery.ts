// SPDX-License-Identifier: MIT
// One scan on its way to a sink that may be away: the scan goes on, and the sink is told when it is there again.
import { delay } from "../chain/delay.ts";
import type { ScanEvent, ScanSink } from "../events.ts";
import type { Journal } from "./journal.ts";

export interface DeliveryOptions {
  /** Of the sink, for messages: "the data stream". */
  readonly what: string;
  /** Milliseconds without an answer before the scan no longer waits for the sink. */
  readonly patience: number;
  /** Opens the scan again in the sink, as a new one. */
  readonly reopen: () => Promise<ScanSink>;
  readonly warn: (message: string) => void;
  /** Aborted when nothing is tried again any more. */
  readonly giveUp: AbortSignal;
}

export class Delivery implements ScanSink {
  readonly #journal: Journal;
  readonly #options: DeliveryOptions;
  #sink: ScanSink;
  #delivering: Promise<void> | undefined;
  #troubled = false;
  #lastAnswer = performance.now();
  /** Nothing that was told is still to be delivered. */
  #all = true;
  #closed = false;
  #finishing: Promise<void> | undefined;

  constructor(sink: ScanSink, journal: Journal, options: DeliveryOptions) {
    this.#sink = sink;
    this.#journal = journal;
    this.#options = options;
  }
  get key(): string | undefined {
    return this.#sink.key;
  }

  /** Waits for the sink as long as it answers. */
  async write(events: readonly ScanEvent[]): Promise<void> {
    await this.#journal.append(events);
    this.#all = false;
    if (!this.#delivering) this.#lastAnswer = performance.now();
    this.#delivering ??= this.#deliver().finally(() => {
      this.#delivering = undefined;
    });
    this.#delivering.catch(() => {}); // what is not delivered stays in the journal
    await this.#answered();
  }

  /** Resolves when all has been delivered, or the sink has not answered for a while. @returns whether all has been */
  async #answered(): Promise<boolean> {
    while (this.#delivering && !this.#troubled) {
      const left = this.#lastAnswer + this.#options.patience - performance.now();
      if (left <= 0) this.#trouble(`has not answered for ${this.#options.patience / 1000} s`);
      else {
        using timer = wakeAfter(left);
        await Promise.race([this.#delivering, timer.woken]).catch(() => {});
      }
    }
    return this.#all;
  }

  #trouble(why: string): void {
    if (this.#troubled) return;
    this.#troubled = true;
    const { identity } = this.#journal.created;
    const { what, warn } = this.#options;
    warn(
      `${what} ${why}; scan ${identity.number} goes on and is kept in ${this.#journal.path} until it can be delivered`,
    );
    this.#journal
      .toFile()
      .catch((error: Error) => warn(`${this.#journal.path}: ${error.message}; kept in memory only`));
  }

  /** All that was told so far, batch by batch, in order. */
  async #deliver(): Promise<void> {
    for (let batch = await this.#journal.read(); batch; batch = await this.#journal.read()) {
      await this.#insist(batch);
      this.#lastAnswer = performance.now();
    }
    this.#all = true;
    if (this.#troubled) {
      this.#troubled = false;
      this.#options.warn(`${this.#options.what} has got all of scan ${this.#journal.created.identity.number}`);
    }
    if (!this.#closed) await this.#journal.trim();
  }

  /** Until the batch has been taken; or everything from the beginning is to be read again. */
  async #insist(batch: readonly ScanEvent[]): Promise<void> {
    for (let wait = Math.min(250, this.#options.patience); ; wait = Math.min(2 * wait, 10_000)) {
      try {
        await this.#sink.write(batch);
        if (!this.#troubled || (await this.#sink.intact?.()) !== false) return;
        throw new Error("has lost what it was told before");
      } catch (error) {
        this.#trouble(error instanceof Error ? error.message : String(error));
      }
      await delay(wait, this.#options.giveUp);
      if (!this.#journal.whole) continue;
      const again = await this.#options.reopen().catch(() => undefined);
      if (!again) continue;
      this.#sink[Symbol.asyncDispose]().catch(() => {}); // it is away: nothing is waited for
      this.#sink = again;
      this.#journal.rewind();
      return;
    }
  }

  /** Resolves when all has been delivered; while the sink is away, at once: `finish` goes on with it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (await this.#answered()) await this.finish();
  }
  get finished(): boolean {
    return this.#closed;
  }
  /** Waits for the sink, until nothing is tried any more: what is not delivered then stays in the file. */
  finish(): Promise<void> {
    return (this.#finishing ??= this.#finish());
  }
  async #finish(): Promise<void> {
    const { giveUp, what, warn } = this.#options;
    try {
      while (!this.#all) await Promise.race([this.#delivering, aborted(giveUp)]);
      this.#closed = true;
      await Promise.race([this.#sink[Symbol.asyncDispose](), aborted(giveUp)]);
      await this.#journal.remove();
    } catch {
      this.#closed = true;
      await this.#journal.keep();
      warn(
        `scan ${this.#journal.created.identity.number} was not delivered to ${what}: it is kept in ${this.#journal.path}`,
      );
    }
  }
}

function wakeAfter(milliseconds: number): Disposable & { readonly woken: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  return { woken: promise, [Symbol.dispose]: () => clearTimeout(timer) };
}
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
