// SPDX-License-Identifier: MIT
// Messages on their way to a socket, in order. The binding takes one at a time: it sends most of them at once, but now and
// then answers later, and refuses the next until then. What comes meanwhile waits here, up to a bound.
import type { Publisher } from "zeromq";

export interface OutboxOptions {
  /** Messages and bytes that may wait; what comes beyond is dropped, and told of. */
  readonly messages: number;
  readonly bytes: number;
  /** Called when there is room again after messages have been dropped, with their number. */
  readonly onDropped: (count: number) => void;
}

const sizeOf = (frames: readonly Uint8Array[]) => frames.reduce((sum, { length }) => sum + length, 0);

export class Outbox {
  readonly #socket: Publisher;
  readonly #options: OutboxOptions;
  #queue: Uint8Array[][] = [];
  /** Of the messages that have not gone yet. */
  #messages = 0;
  #bytes = 0;
  #dropped = 0;
  #isSending = false;

  constructor(socket: Publisher, options: OutboxOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  send(frames: Uint8Array[]): void {
    const size = sizeOf(frames);
    const { messages, bytes } = this.#options;
    // One message always goes, however big.
    if (this.#messages >= messages || (this.#messages > 0 && this.#bytes + size > bytes)) {
      this.#dropped++;
      return;
    }
    this.#messages++;
    this.#bytes += size;
    this.#queue.push(frames);
    if (!this.#isSending) void this.#drain();
  }

  /** Never rejects: a socket closed meanwhile has nobody left to tell. */
  async #drain(): Promise<void> {
    this.#isSending = true;
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      try {
        for (const frames of batch) {
          await this.#socket.send(frames as Parameters<Publisher["send"]>[0]);
          this.#messages--;
          this.#bytes -= sizeOf(frames);
        }
      } catch {
        this.#forget();
      }
    }
    this.#isSending = false;
    const dropped = this.#dropped;
    this.#dropped = 0;
    if (dropped > 0) this.#options.onDropped(dropped);
  }

  #forget(): void {
    this.#queue = [];
    this.#messages = this.#bytes = 0;
  }

  close(): void {
    this.#forget();
    this.#socket.close();
  }
}
