// SPDX-License-Identifier: MIT
// A connection that waits for new entries of streams. ioredis makes it (address, TLS, password, database) and then leaves
// its socket to the parser of entries.
import type { Redis } from "ioredis";
import { EntryParser, type FoundEntries, Refusal } from "./entry-parser.ts";

/** The connection is gone, or was ended. */
export class LineLost extends Error {
  override readonly name = "LineLost";
}

/** One question at a time. */
export class EntryLine implements Disposable {
  readonly #client: Redis;
  readonly #parser = new EntryParser();
  #asked: PromiseWithResolvers<FoundEntries> | undefined;
  #ended: Error | undefined;

  /** `client` is connected, idle, and does not connect again by itself; from here on it is this line's. */
  constructor(client: Redis) {
    this.#client = client;
    const { stream } = client;
    stream.removeAllListeners("data");
    stream.on("data", (chunk: Buffer) => this.#take(chunk));
    stream.on("error", (error: Error) => this.#end(new LineLost(error.message, { cause: error })));
    stream.on("close", () => this.#end(new LineLost("the connection was closed")));
  }

  get open(): boolean {
    return this.#ended === undefined;
  }

  /** @throws Refusal when the store refuses the command, LineLost, AnswerError; the last two end the line */
  ask(command: readonly (string | number)[]): Promise<FoundEntries> {
    if (this.#ended) return Promise.reject(this.#ended);
    this.#asked = Promise.withResolvers();
    const words = command.map(String).map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    this.#client.stream.write(`*${words.length}\r\n${words.join("")}`);
    return this.#asked.promise;
  }

  [Symbol.dispose](): void {
    this.#end(new LineLost("the connection was ended"));
  }

  #take(chunk: Buffer): void {
    try {
      const found = this.#parser.feed(chunk);
      if (found) this.#asked?.resolve(found);
    } catch (error) {
      if (error instanceof Refusal) this.#asked?.reject(error);
      else this.#end(error as Error);
    }
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#asked?.reject(this.#ended);
    this.#client.disconnect();
  }
}
