// SPDX-License-Identifier: MIT
// Messages on their way to a socket, in order. The binding takes one at a time: it sends most of them at once, but now and
// then answers later, and refuses the next until then. What comes meanwhile waits here.
import type { Publisher } from "zeromq";

export class Outbox {
  readonly #socket: Publisher;
  readonly #limit: number;
  #waiting: Uint8Array[][] = [];
  #isSending = false;

  /** `limit`: messages that may wait; further ones are dropped, as the socket itself would. */
  constructor(socket: Publisher, limit: number) {
    this.#socket = socket;
    this.#limit = limit;
  }

  send(frames: Uint8Array[]): void {
    if (this.#waiting.length >= this.#limit) return;
    this.#waiting.push(frames);
    if (!this.#isSending) void this.#drain();
  }

  /** Never rejects: a socket closed meanwhile has nobody left to tell. */
  async #drain(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const frames of batch) {
        try {
          await this.#socket.send(frames as Parameters<Publisher["send"]>[0]);
        } catch {
          this.#waiting = [];
          break;
        }
      }
    }
    this.#isSending = false;
  }

  close(): void {
    this.#waiting = [];
    this.#socket.close();
  }
}
