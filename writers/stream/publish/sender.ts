// SPDX-License-Identifier: MIT
// Sends the points of all streams of a publisher. While one batch is on its way the next collects, so that a fast scan
// makes few large entries and a slow one is seen at once.
import { setTimeout as delay } from "node:timers/promises";
import type { CommandLine, Connection } from "../connection.ts";
import { dataEntry, pointsUpTo, rawEntries } from "../entries.ts";
import type { PendingEntry, PointQueue } from "./point-queue.ts";

export interface SenderOptions {
  /** Bytes waiting from which on a publisher should hold back. Default 64 MiB. */
  readonly highWater?: number;
  /** Milliseconds a store without memory is asked again before sending fails. Default 10 s. */
  readonly patience?: number;
}

/** A stream as the sender sees it. */
export interface Outlet {
  readonly name: string;
  readonly key: string;
  readonly queue: PointQueue;
  /** Points already in the stream. */
  sent: number;
  failure: Error | undefined;
}

/** An entry on its way. */
interface Sending {
  readonly outlet: Outlet;
  readonly entry: PendingEntry;
}

/** No memory now, or a connection lost within a transaction: worth another attempt. */
const passing = /OOM|without MULTI|LOADING/;
const retryDelay = 100;
/** About so many bytes go in one batch, so that one stream does not hold up the others for long. */
const batchBytes = 8 << 20;

export class Sender {
  readonly #connection: Connection;
  readonly #options: Required<SenderOptions>;
  readonly #ready = new Set<Outlet>();
  #running: Promise<void> | undefined;
  /** The batch that is on its way. */
  #batch: Promise<void> = Promise.resolve();
  /** Bytes taken from queues and not acknowledged. */
  #inFlight = 0;

  constructor(connection: Connection, { highWater = 64 << 20, patience = 10_000 }: SenderOptions = {}) {
    this.#connection = connection;
    this.#options = { highWater, patience };
  }

  /** The outlet has points to send. */
  notify(outlet: Outlet): void {
    this.#ready.add(outlet);
    this.#running ??= this.#run();
  }

  /** Whether publishers should hold back. */
  get full(): boolean {
    return this.pending > this.#options.highWater;
  }
  /** Bytes that are not in the store yet. */
  get pending(): number {
    let bytes = this.#inFlight;
    for (const outlet of this.#ready) bytes += outlet.queue.bytes;
    return bytes;
  }

  /** Resolves when everything that was given so far is in the store, or failed. */
  async flush(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** Resolves when there is room again. */
  async room(): Promise<void> {
    while (this.full && this.#running) await this.#batch;
  }

  async #run(): Promise<void> {
    // What is sent in the same turn of the event loop goes together.
    this.#batch = new Promise((resolve) => setImmediate(resolve));
    await this.#batch;
    while (this.#ready.size > 0) {
      this.#batch = this.#sendBatch();
      await this.#batch;
    }
    this.#running = undefined;
  }

  async #sendBatch(): Promise<void> {
    const batch: Sending[] = [];
    for (const outlet of [...this.#ready]) {
      if (this.#inFlight > batchBytes) break;
      this.#ready.delete(outlet);
      for (const entry of outlet.queue.take()) {
        if (outlet.failure) continue;
        batch.push({ outlet, entry });
        this.#inFlight += entry.payload.length;
      }
    }
    try {
      if (batch.length > 0) await this.#deliver(batch);
    } finally {
      this.#inFlight = 0;
    }
  }

  /** All entries of a batch get in, or none: a stream never has a gap. */
  async #deliver(batch: readonly Sending[]): Promise<void> {
    const deadline = performance.now() + this.#options.patience;
    const commands = commandsFor(batch);
    for (;;) {
      try {
        const answers = await this.#connection.attempt(commands);
        for (const [index, sending] of batch.entries()) await this.#settle(sending, answers[index]);
        return;
      } catch (error) {
        if (passing.test((error as Error).message) && performance.now() < deadline) {
          await delay(retryDelay);
          continue;
        }
        for (const { outlet } of batch) outlet.failure ??= failureOf(outlet, error as Error);
        return;
      }
    }
  }

  /** An entry that is refused may be there already, when the answer to the first attempt was lost. */
  async #settle(sending: Sending, answer: unknown): Promise<void> {
    const { outlet, entry } = sending;
    if (outlet.failure) return;
    if (answer instanceof Error && !(isConflict(answer) && (await this.#isThere(sending))))
      outlet.failure = failureOf(outlet, answer);
    else outlet.sent += entry.points;
  }

  /** Whether the stream ends with just this entry. */
  async #isThere({ outlet, entry: { points, payload } }: Sending): Promise<boolean> {
    const from = `${outlet.sent}-1`;
    const [found] = rawEntries(await this.#connection.call(["XRANGE", outlet.key, from, from]));
    if (!found) return false;
    return (
      pointsUpTo(dataEntry(found)) === outlet.sent + points && Buffer.from(payload).equals(found.fields.get("payload")!)
    );
  }
}

/** Entries with the identifiers that follow what their streams hold. */
function commandsFor(batch: readonly Sending[]): CommandLine[] {
  const next = new Map<Outlet, number>();
  return batch.map(({ outlet, entry: { payload, points } }) => {
    const index = next.get(outlet) ?? outlet.sent;
    next.set(outlet, index + points);
    const length: readonly (string | number)[] = points === 1 ? [] : ["len", points];
    return ["XADD", outlet.key, `${index}-1`, "payload", payload, ...length];
  });
}

const isConflict = ({ message }: Error): boolean => /equal or smaller/.test(message);

function failureOf({ name, sent }: Outlet, error: Error): Error {
  const why = isConflict(error)
    ? "somebody else writes to the same stream"
    : /OOM/.test(error.message)
      ? "the store has no memory left: raise its limit, or let a memory tracker trim it"
      : error.message;
  return new Error(`${name}: points from ${sent} on could not be published: ${why}`, { cause: error });
}
