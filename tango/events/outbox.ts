// SPDX-License-Identifier: MIT
// Messages on their way to a socket, in order. What comes faster than subscribers read waits here, up to a bound, and as long
// as there is patience: then those without room miss it, and it is told of.
import { setImmediate, setTimeout } from "node:timers/promises";
import { Patience, type PatienceOptions } from "./patience.ts";
import type { PubSocket } from "./pub-socket.ts";

export interface OutboxOptions {
  /** Messages and bytes that may wait; what comes beyond is dropped. */
  readonly messages: number;
  readonly bytes: number;
  readonly patience: PatienceOptions;
  /** Called when there is room again after messages have been dropped, with their number. */
  readonly onDropped: (count: number) => void;
  /** Called when a subscriber has not read for so long that it misses what comes until it reads again. */
  readonly onStalled: () => void;
}

/** So often a socket without room is tried at once, before there is a millisecond between attempts. */
const SOON = 10;

const sizeOf = (frames: readonly Uint8Array[]) => frames.reduce((sum, { length }) => sum + length, 0);

export class Outbox {
  readonly #socket: PubSocket;
  readonly #options: OutboxOptions;
  readonly #patience: Patience;
  #queue: Uint8Array[][] = [];
  /** Of the messages that have not gone yet. */
  #messages = 0;
  #bytes = 0;
  #dropped = 0;
  #isSending = false;
  #isClosed = false;

  constructor(socket: PubSocket, options: OutboxOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#patience = new Patience(options.patience);
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
          if ((await this.#socket.offer(frames)) === "full") await this.#insist(frames);
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

  /** Waits for a subscriber without room; then leaves it out. */
  async #insist(frames: Uint8Array[]): Promise<void> {
    const start = performance.now();
    const most = this.#patience.left;
    let isSent = false;
    for (let turn = 0; !isSent && !this.#isClosed && performance.now() - start < most; turn++) {
      await (turn < SOON ? setImmediate() : setTimeout(1));
      isSent = (await this.#socket.offer(frames)) === "sent";
    }
    this.#patience.spend(performance.now() - start);
    if (isSent || this.#isClosed) return;
    await this.#socket.force(frames);
    this.#options.onStalled();
  }

  #forget(): void {
    this.#queue = [];
    this.#messages = this.#bytes = 0;
  }

  close(): void {
    this.#isClosed = true;
    this.#forget();
    this.#socket.close();
  }
}
