// SPDX-License-Identifier: MIT
// A data stream being published.
import type { CallOptions, Connection } from "../connection.ts";
import type { StreamDefinition } from "../definition.ts";
import { dataEntry, pointsUpTo, rawEntries, sealId } from "../entries.ts";
import { keys, type StreamDocument } from "../scan-document.ts";
import { newUlid } from "../ulid.ts";
import { type PointQueue, type Points, pointQueue } from "./point-queue.ts";
import type { Outlet, Sender } from "./sender.ts";

export class PublishedStream {
  readonly name: string;
  readonly document: StreamDocument;
  readonly #connection: Connection;
  readonly #sender: Sender;
  readonly #queue: PointQueue;
  readonly #outlet: Outlet;
  #length = 0;
  #sealed: Promise<number> | undefined;

  constructor(name: string, { encoding, info }: StreamDefinition, connection: Connection, sender: Sender) {
    this.name = name;
    this.document = { pk: newUlid(), encoding, info };
    this.#connection = connection;
    this.#sender = sender;
    this.#queue = pointQueue(name, encoding);
    this.#outlet = { name, key: this.key, queue: this.#queue, sent: 0, failure: undefined };
  }

  get key(): string {
    return keys.stream(this.document.pk);
  }
  /** Points given so far. */
  get length(): number {
    return this.#length;
  }
  /** Why nothing more is published. */
  get failure(): Error | undefined {
    return this.#outlet.failure;
  }

  /**
   * Publishes points; returns at once, the store has them a moment later (`PublishedScan.flush`).
   * @throws TypeError when they are not what the stream holds, Error when earlier ones could not be published
   */
  send(points: Points): void {
    if (this.#outlet.failure) throw this.#outlet.failure;
    if (this.#sealed) throw new Error(`${this.name} is sealed, no points can be added`);
    this.#length += this.#queue.add(points);
    this.#sender.notify(this.#outlet);
  }

  /** Ends the stream once everything is sent. Sealing again gives the same. @returns number of points */
  seal(options?: CallOptions): Promise<number> {
    this.#sealed ??= this.#seal(options);
    return this.#sealed;
  }

  async #seal(options?: CallOptions): Promise<number> {
    await this.#sender.flush();
    const { key, sent, failure } = this.#outlet;
    try {
      await this.#connection.call(["XADD", key, sealId, "id", sent], options);
    } catch (error) {
      if (!/equal or smaller/.test((error as Error).message)) throw error;
      // Sealed by somebody else, or by us when the answer got lost.
      const [last] = rawEntries(await this.#connection.call(["XREVRANGE", key, "+", "-", "COUNT", 1], options));
      if (last?.id !== sealId) throw error;
      return pointsUpTo(dataEntry(last));
    }
    if (failure) throw failure;
    return sent;
  }
}
