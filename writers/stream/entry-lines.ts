// SPDX-License-Identifier: MIT
// Waiting for new entries: each wait has a connection of its own, for the store answers it late. A connection that is lost
// is made again and asked again, since a question says from where on.
import { setTimeout as delay } from "node:timers/promises";
import { type EntryLine, LineLost } from "./entry-line.ts";
import type { FoundEntries } from "./entry-parser.ts";

/** Most idle connections that are kept. */
const idleLimit = 8;
/** Milliseconds between attempts to connect. */
const pauses = { first: 50, longest: 2000 };
/** Milliseconds that the store may answer late. */
const grace = 5000;

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until there is nothing new, also when the store is away. Default: for ever. */
  readonly timeout?: number | undefined;
}

export class EntryLines implements Disposable {
  readonly #connect: () => Promise<EntryLine>;
  readonly #idle: EntryLine[] = [];
  readonly #stop = new AbortController();

  /** `connect` throws LineLost when nobody answers. */
  constructor(connect: () => Promise<EntryLine>) {
    this.#connect = connect;
  }

  /** What `question` gives for the milliseconds that are left, 0 for ever. @throws Refusal, AnswerError */
  async ask(
    question: (left: number) => readonly (string | number)[],
    options: WaitOptions = {},
  ): Promise<FoundEntries> {
    const { signal, timeout = Number.POSITIVE_INFINITY } = options;
    const stop = signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal;
    const until = performance.now() + timeout;
    for (let pause = pauses.first; ; pause = Math.min(2 * pause, pauses.longest)) {
      stop.throwIfAborted();
      const left = until - performance.now();
      try {
        return await this.#askOnce(question(blockTime(left)), left + grace, stop);
      } catch (error) {
        stop.throwIfAborted();
        if (!(error instanceof LineLost)) throw error;
      }
      const rest = until - performance.now();
      if (rest <= 0) return new Map();
      await delay(Math.min(pause, rest), undefined, { signal: stop }).catch(() => {});
    }
  }

  async #askOnce(command: readonly (string | number)[], patience: number, stop: AbortSignal): Promise<FoundEntries> {
    const line = this.#takeIdle() ?? (await this.#connect());
    const end = () => line[Symbol.dispose]();
    const timer = Number.isFinite(patience) ? setTimeout(end, patience) : undefined;
    stop.addEventListener("abort", end, { once: true });
    if (stop.aborted) end();
    try {
      return await line.ask(command);
    } finally {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      if (line.open && this.#idle.length < idleLimit) this.#idle.push(line);
      else end();
    }
  }
  #takeIdle(): EntryLine | undefined {
    let line = this.#idle.pop();
    while (line && !line.open) line = this.#idle.pop();
    return line;
  }

  [Symbol.dispose](): void {
    this.#stop.abort(new LineLost("the connection was ended"));
    for (const line of this.#idle.splice(0)) line[Symbol.dispose]();
  }
}

/** For BLOCK, where 0 is for ever: a time that is over still takes one. */
const blockTime = (left: number): number => (left === Number.POSITIVE_INFINITY ? 0 : Math.max(1, Math.ceil(left)));
