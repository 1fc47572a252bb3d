// SPDX-License-Identifier: MIT
// Frames that wait for the disk: each keeps its place in the ring until it is saved.
import type { Frame } from "./frame.ts";
import type { FrameRing } from "./ring.ts";

export interface SavingQueueOptions {
  readonly ring: FrameRing;
  /** False: the frame was given up. */
  readonly save: (frame: Frame) => Promise<boolean>;
  readonly onSaved: (frame: Frame) => void;
  readonly onError: (error: Error) => void;
}

export class SavingQueue {
  readonly #options: SavingQueueOptions;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  constructor(options: SavingQueueOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting;
  }
  /** Resolves when nothing waits any more. */
  get done(): Promise<void> {
    return this.#last;
  }

  add(frame: Frame): void {
    this.#waiting++;
    this.#options.ring.hold(frame);
    this.#last = this.#last.then(() => this.#save(frame));
  }

  /** What waits is not saved any more. */
  discard(): void {
    this.#closed = true;
  }

  async #save(frame: Frame): Promise<void> {
    const { ring, save, onSaved, onError } = this.#options;
    try {
      const saved = !this.#closed && (await save(frame));
      this.#waiting--;
      if (saved) onSaved(frame);
    } catch (error) {
      this.#waiting--;
      this.#closed = true;
      onError(error as Error);
    } finally {
      ring.letGo(frame);
    }
  }
}
