// SPDX-License-Identifier: MIT
// Frames that wait for the disk: each keeps its place in the ring until it is saved.
import type { Frame } from "./frame.ts";
import type { FrameRing } from "./ring.ts";

export interface SavingQueueOptions {
  readonly ring: FrameRing;
  /** As in `Saver`. */
  readonly save: (frame: Frame) => Promise<{ readonly written: Promise<boolean> }>;
  readonly onSaved: (frame: Frame) => void;
  readonly onError: (error: Error) => void;
}

/** Frames handed over before the first of them is in its file: the disk need not wait for this thread. */
const ahead = 3;
const givenUp = Promise.resolve({ written: Promise.resolve(false) });

export class SavingQueue {
  readonly #options: SavingQueueOptions;
  /** The last frame that was handed over. */
  #last: Promise<void> = Promise.resolve();
  /** Those that are being written. */
  readonly #underWay: Promise<void>[] = [];
  #waiting = 0;
  #discarding = false;
  #failed = false;

  constructor(options: SavingQueueOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting;
  }
  /** Resolves when nothing waits any more. */
  get done(): Promise<void> {
    return this.#last.then(async () => void (await Promise.all(this.#underWay)));
  }

  add(frame: Frame): void {
    this.#waiting++;
    this.#options.ring.hold(frame);
    this.#last = this.#last.then(() => this.#save(frame));
  }

  /** What waits is not saved any more. */
  discard(): void {
    this.#discarding = true;
  }

  async #save(frame: Frame): Promise<void> {
    if (this.#underWay.length >= ahead) await this.#underWay.shift();
    const handed = this.#discarding || this.#failed ? givenUp : this.#options.save(frame);
    this.#underWay.push(this.#settled(frame, handed));
    await handed.catch(() => {});
  }

  async #settled(frame: Frame, handed: ReturnType<SavingQueueOptions["save"]>): Promise<void> {
    const { ring, onSaved, onError } = this.#options;
    try {
      const saved = await (await handed).written;
      this.#waiting--;
      // A later frame that is in a file does not make an earlier one be there.
      if (saved && !this.#failed) onSaved(frame);
    } catch (error) {
      this.#waiting--;
      // The first of several that fail for one reason is told.
      if (!this.#failed) onError(error as Error);
      this.#failed = true;
    } finally {
      ring.letGo(frame);
    }
  }
}
