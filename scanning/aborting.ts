// SPDX-License-Identifier: MIT
// The first failure of a scan, and who hears of it: a first abort lets everything end gracefully within a while, a second
// one waits for nothing.

/** Milliseconds that devices get to end after an abort; after a second abort none: they are told to, and left. */
const grace = 10_000;

export interface Failure {
  readonly error: unknown;
}

export class Aborting {
  failure: Failure | undefined;
  readonly #soft = new AbortController();
  readonly #hard = new AbortController();

  /** What runs ends, gracefully. */
  get signal(): AbortSignal {
    return this.#soft.signal;
  }
  /** Graceful ends are not waited for. */
  get hard(): AbortSignal {
    return this.#hard.signal;
  }
  /** The first failure counts; everything else hears of each. */
  fail(error: unknown): void {
    this.failure ??= { error };
    this.#soft.abort(error);
  }
  /** By a person: the second time harder. */
  abort(error: Error): void {
    if (this.signal.aborted) this.#hard.abort(error);
    else this.fail(error);
  }

  /** Ends with `work`, or a while after the abort: what hangs is left behind. @throws the scan's failure then */
  async bounded(work: Promise<void>): Promise<void> {
    work.catch(() => {}); // may fail after it was given up
    let timer: NodeJS.Timeout | undefined;
    const { signal, hard } = this;
    const givenUp = new Promise<never>((_, reject) => {
      const giveUp = () => reject(this.failure?.error ?? signal.reason);
      const begin = () => {
        timer = setTimeout(giveUp, hard.aborted ? 0 : grace);
        hard.addEventListener("abort", giveUp, { once: true });
      };
      if (signal.aborted) begin();
      else signal.addEventListener("abort", begin, { once: true });
    });
    try {
      await Promise.race([work, givenUp]);
    } finally {
      clearTimeout(timer);
    }
  }
}
