// SPDX-License-Identifier: MIT
// Frames that wait for the disk: each keeps its place in the ring until it is saved.
import type { Frame } from "./frame.ts";
import type { FrameRing } from "./ring.ts";

export interface SavingQueueOptions {
  readonly ring: FrameRing;
  /** Frames that are worked on at the same time. */
  readonly tasks: number;
  /** As in `Saver`. */
  readonly save: (frame: Frame) => Promise<{ readonly written: Promise<boolean> }>;
  readonly onSaved: (frame: Frame) => void;
  readonly onError: (error: Error) => void;
}

/** Frames handed over beside one for each task, before the first of them is in its file: no disk waits for this thread. */
const ahead = 2;
const givenUp = Promise.resolve({ written: Promise.resolve(false) });

export class SavingQueue {
  readonly #options: SavingQueueOptions;
  /** The last frame that was handed over. */
  #last: Promise<void> = Promise.resolve();
  /** Those that are being written; they are told in order, whatever order they come to their files in. */
  readonly #underWay: Promise<void>[] = [];
  #told: Promise<void> = Promise.resolve();
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
    return this.#last.then(() => this.#told);
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
    const { tasks, save } = this.#options;
    if (this.#underWay.length >= tasks + ahead) await this.#underWay.shift();
    const handed = this.#discarding || this.#failed ? givenUp : save(frame);
    const written = handed.then((on) => on.written);
    written.catch(() => {}); // told when its turn comes
    this.#told = this.#told.then(() => this.#tell(frame, written));
    this.#underWay.push(this.#told);
    await handed.catch(() => {});
  }

  async #tell(frame: Frame, written: Promise<boolean>): Promise<void> {
    const { ring, onSaved, onError } = this.#options;
    try {
      const saved = await written;
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
