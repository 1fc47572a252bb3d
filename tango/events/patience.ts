// SPDX-License-Identifier: MIT
// How long all subscribers wait for one that has no room: a burst must reach those who read, but nobody may hold up the
// others for long. Waiting uses up the patience; time gives it back, a share of itself.

export interface PatienceOptions {
  /** Milliseconds for one subscriber: enough to tell one that reads from one that does not. */
  readonly each: number;
  /** Milliseconds at most, and to begin with. */
  readonly most: number;
  /** Of the time that passes, what may be spent waiting in the long run. */
  readonly share: number;
}

export class Patience {
  readonly #options: PatienceOptions;
  readonly #now: () => number;
  #left: number;
  #at: number;

  constructor(options: PatienceOptions, now: () => number = () => performance.now()) {
    this.#options = options;
    this.#now = now;
    this.#left = options.most;
    this.#at = now();
  }

  /** Milliseconds that may be waited now. */
  get left(): number {
    this.#renew();
    return Math.min(this.#left, this.#options.each);
  }

  #renew(): void {
    const now = this.#now();
    this.#left = Math.min(this.#options.most, this.#left + (now - this.#at) * this.#options.share);
    this.#at = now;
  }

  /** So many milliseconds have been waited. */
  spend(milliseconds: number): void {
    this.#renew();
    this.#left = Math.max(0, this.#left - milliseconds);
  }
}
