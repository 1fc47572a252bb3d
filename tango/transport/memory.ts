// SPDX-License-Identifier: MIT
// A transport inside the process: what unit tests use in place of a network. Delivery is asynchronous, like a network's.
import type { Address, Channel, Receiver, Transport } from "./transport.ts";
import { describeAddress } from "./transport.ts";

export function memory(): Transport {
  const listeners = new Map<string, (channel: Channel) => void>();
  let nextPort = 1;
  return {
    connect: async (address, { signal } = {}) => {
      signal?.throwIfAborted();
      const name = describeAddress(address);
      const accept = listeners.get(name);
      if (!accept) throw new Error(`nothing listens on ${name}`);
      const client = new End(name);
      const server = new End(`memory:${nextPort++}`);
      client.join(server);
      server.join(client);
      accept(server);
      return client;
    },
    listen: async (address, onChannel) => {
      const bound: Address = "port" in address && address.port === 0 ? { ...address, port: nextPort++ } : address;
      const name = describeAddress(bound);
      if (listeners.has(name)) throw new Error(`something listens on ${name} already`);
      listeners.set(name, onChannel);
      return { address: bound, [Symbol.asyncDispose]: async () => void listeners.delete(name) };
    },
  };
}

/** One end of a pair: what is written to it waits in the other until that end reads. */
class End implements Channel {
  readonly peer: string;
  #other: End | undefined;
  #receiver: Receiver | undefined;
  #incoming: Uint8Array[] = [];
  #waiting = 0;
  #flowing = true;
  #ending = false;
  #closed = false;

  constructor(peer: string) {
    this.peer = peer;
  }

  join(other: End): void {
    this.#other = other;
  }

  start(receiver: Receiver): void {
    this.#receiver = receiver;
    queueMicrotask(() => this.#deliver());
  }

  write(chunks: readonly Uint8Array[]): number {
    const other = this.#other;
    if (this.#closed || !other) return 0;
    for (const chunk of chunks) {
      other.#incoming.push(new Uint8Array(chunk)); // a copy: the slice of a Buffer is none
      other.#waiting += chunk.length;
    }
    queueMicrotask(() => other.#deliver());
    return other.#flowing ? 0 : other.#waiting;
  }

  flow(on: boolean): void {
    this.#flowing = on;
    if (on) queueMicrotask(() => this.#deliver());
  }

  close(now = false): void {
    if (this.#closed || !this.#other) return;
    if (now) this.#other.#incoming = [];
    this.#other.#ending = true;
    const other = this.#other;
    queueMicrotask(() => other.#deliver());
    this.#finish();
  }

  #deliver(): void {
    while (this.#receiver && this.#flowing && !this.#closed) {
      const bytes = this.#incoming.shift();
      if (!bytes) break;
      this.#waiting -= bytes.length;
      this.#receiver.data(bytes);
      if (this.#incoming.length === 0 && this.#other) this.#other.#receiver?.drained();
    }
    if (this.#receiver && this.#ending && this.#incoming.length === 0) this.#finish();
  }

  #finish(): void {
    if (this.#closed) return;
    this.#closed = true;
    const receiver = this.#receiver;
    queueMicrotask(() => receiver?.closed());
  }
}
