// SPDX-License-Identifier: MIT
// Messages on their way out: those of one turn of the event loop go by one write.
import type { Channel } from "../transport/index.ts";

/** Above it a message goes as it is, not together with others. */
const SMALL = 8192;

export class Outgoing {
  readonly #channel: Channel;
  #waiting: Uint8Array[] = [];

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Sends a message: at once, or, when `soon` is enough, with what else comes in this turn. */
  send(chunks: readonly Uint8Array[], soon: boolean): void {
    if (!soon && this.#waiting.length === 0) {
      this.#channel.write(chunks);
      return;
    }
    if (this.#waiting.length === 0) process.nextTick(() => this.#flush());
    for (const chunk of chunks) this.#add(chunk);
  }

  /** Messages written one after the other lie side by side: together they are one block again. */
  #add(chunk: Uint8Array): void {
    const last = this.#waiting.at(-1);
    if (
      last &&
      last.buffer === chunk.buffer &&
      last.byteOffset + last.length === chunk.byteOffset &&
      last.length < SMALL
    ) {
      this.#waiting[this.#waiting.length - 1] = new Uint8Array(
        last.buffer,
        last.byteOffset,
        last.length + chunk.length,
      );
    } else {
      this.#waiting.push(chunk);
    }
  }

  #flush(): void {
    const chunks = this.#waiting;
    this.#waiting = [];
    this.#channel.write(chunks);
  }
}
