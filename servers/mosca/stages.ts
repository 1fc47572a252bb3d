// SPDX-License-Identifier: MIT
// What blocks pass through between detector and reader: background, then saving.
import type { Acquisition, Block } from "./detector.ts";

/** What a block passes through before it can be read. */
export interface Stage {
  /** Called when an acquisition is prepared. @throws when it cannot take part */
  prepare?(acquisition: Acquisition): Promise<void> | void;
  /** The block to go on with. @throws what becomes the fault of the acquisition */
  take(block: Block, acquisition: Acquisition): Promise<Block> | Block;
  /** Called whenever the detector has ended, well or not. */
  end?(): Promise<void> | void;
}

const places = ["background", "saving"] as const;

export class Stages {
  readonly #stages = new Map<(typeof places)[number], Stage>();

  /** Puts `stage` in its place until the result is disposed. */
  insert(place: (typeof places)[number], stage: Stage): Disposable {
    this.#stages.set(place, stage);
    return {
      [Symbol.dispose]: () => {
        if (this.#stages.get(place) === stage) this.#stages.delete(place);
      },
    };
  }

  /** @throws what one of them says why it cannot take part */
  async prepare(acquisition: Acquisition): Promise<void> {
    for (const stage of this.#inOrder) await stage.prepare?.(acquisition);
  }
  async take(block: Block, acquisition: Acquisition): Promise<Block> {
    let kept = block;
    for (const stage of this.#inOrder) kept = await stage.take(kept, acquisition);
    return kept;
  }
  /** Every stage ends. @throws what the first that failed says */
  async end(): Promise<void> {
    const ends = await Promise.allSettled(this.#inOrder.map(async (stage) => stage.end?.()));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  get #inOrder(): readonly Stage[] {
    return places.flatMap((place) => this.#stages.get(place) ?? []);
  }
}
