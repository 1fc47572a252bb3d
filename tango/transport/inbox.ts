// SPDX-License-Identifier: MIT
// Where a socket's bytes are read to: one slab for many small messages, and the place of a big one itself.
import { Buffer } from "node:buffer";
import type { OnReadOpts } from "node:net";
import type { Receiver } from "./transport.ts";

const SLAB = 32_768;
/** A slab with less room than this is left to those who use it, and another begun. */
const LEAST = 10_240;
const ALIGNMENT = 8;

export class Inbox {
  /** What `net.connect` takes. */
  readonly onread: OnReadOpts;
  #slab = Buffer.alloc(0);
  #used = 0;
  /** Where the socket is reading to: the receiver's own place, or undefined for the slab. */
  #room: Uint8Array | undefined;
  #receiver: Receiver | undefined;
  #early: Uint8Array[] = [];

  constructor() {
    this.onread = {
      buffer: () => this.#next(),
      callback: (count: number) => {
        this.#take(count);
        return true;
      },
    };
  }

  start(receiver: Receiver): void {
    this.#receiver = receiver;
    for (const bytes of this.#early.splice(0)) receiver.data(bytes);
  }

  #next(): Uint8Array {
    this.#room = this.#receiver?.room?.();
    if (this.#room) return this.#room;
    if (this.#slab.length - this.#used < LEAST) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB);
      this.#used = 0;
    }
    return this.#slab.subarray(this.#used);
  }

  #take(count: number): void {
    let bytes = this.#room?.subarray(0, count);
    if (!bytes) {
      bytes = this.#slab.subarray(this.#used, this.#used + count);
      this.#used += (count + ALIGNMENT - 1) & -ALIGNMENT;
    }
    if (this.#receiver) this.#receiver.data(bytes);
    else this.#early.push(bytes);
  }
}
