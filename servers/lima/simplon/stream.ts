// SPDX-License-Identifier: MIT
// The data stream of a detector: messages in order, frames decompressed in threads, some ahead of whoever takes them.
import { extname } from "node:path";
import { Pull } from "zeromq";
import { Thread } from "../threads/thread.ts";
import { readMessage, type StreamFormat, type StreamMessage } from "./messages.ts";
import type { DecodingQuestion } from "./worker.ts";

/** Messages that are decompressed, or were, before they are taken. */
const ahead = 4;
const decoders = 2;
/** Milliseconds a call waits for a message. */
const moment = 50;
/** Bytes from which a message is worth the way to a thread. */
const worthwhile = 1 << 16;

export interface Received {
  /** Undefined: it says nothing about frames. */
  readonly message: StreamMessage | undefined;
  /** As it came. */
  readonly bytes: number;
}

export class SimplonStream implements AsyncDisposable {
  readonly #format: StreamFormat;
  /**
   * One socket for all series: the detector deals its messages out to whoever is connected, and one that has just been
   * closed may still be given the next.
   */
  readonly #socket = new Pull({ linger: 0, receiveHighWaterMark: 10_000 });
  readonly #threads: readonly Thread<DecodingQuestion>[];
  #coming: Promise<Received>[] = [];
  #next = 0;

  constructor(url: string, format: StreamFormat) {
    this.#format = format;
    const file = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
    this.#threads = Array.from({ length: decoders }, () => new Thread<DecodingQuestion>(file));
    this.#socket.connect(url);
  }

  /** Throws away what a series before this one left. */
  async clear(): Promise<void> {
    while (await this.#receive(0));
    await Promise.allSettled(this.#coming);
    this.#coming = [];
  }

  /** The next message; undefined when none came for a moment. @throws Error when it is broken. */
  async take(): Promise<Received | undefined> {
    while (this.#coming.length < ahead) {
      const parts = await this.#receive(this.#coming.length > 0 ? 0 : moment);
      if (!parts) break;
      const received = this.#read(parts);
      received.catch(() => {}); // told when its turn comes
      this.#coming.push(received);
    }
    return this.#coming.shift();
  }

  async #receive(timeout: number): Promise<readonly Uint8Array[] | undefined> {
    this.#socket.receiveTimeout = timeout;
    try {
      return await this.#socket.receive();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return undefined;
      throw error;
    }
  }

  async #read(parts: readonly Uint8Array[]): Promise<Received> {
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    if (bytes < worthwhile) return { message: readMessage(this.#format, parts), bytes };
    const thread = this.#threads[this.#next++ % decoders] as Thread<DecodingQuestion>;
    return { message: await thread.ask<StreamMessage | undefined>({ format: this.#format, parts }), bytes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await Promise.all(this.#threads.map((thread) => thread[Symbol.asyncDispose]()));
  }
}
