// SPDX-License-Identifier: MIT
// The entries of one data stream in the store.
import type { Answer, CallOptions, Connection } from "../connection.ts";
import type { DataEntry } from "../encoding.ts";
import { beforeSeal, dataEntry, isSeal, pointsUpTo, rawEntries, type Seal, sealId } from "../entries.ts";
import { IndexError, type ReadOptions } from "./view.ts";

export class Events {
  readonly key: string;
  readonly name: string;
  readonly connection: Connection;
  #seal: Seal | undefined;

  constructor(connection: Connection, name: string, key: string) {
    this.connection = connection;
    this.name = name;
    this.key = key;
  }

  /** Number of points so far. */
  async length(options?: CallOptions): Promise<number> {
    if (this.#seal) return this.#seal.points;
    const last = await this.last(options);
    return last ? pointsUpTo(last) : 0;
  }

  /** The number of points once no more can come. */
  async sealed(options?: CallOptions): Promise<number | undefined> {
    if (!this.#seal) await this.#one(["XRANGE", this.key, sealId, "+", "COUNT", 1], options);
    return this.#seal?.points;
  }

  /** Waits for the end. @returns number of points, or undefined when the time is over */
  async waitSeal({ signal, timeout }: ReadOptions = {}): Promise<number | undefined> {
    if (this.#seal) return this.#seal.points;
    const found = await this.connection.wait(new Map([[this.key, beforeSeal]]), { signal, timeout });
    const [entry] = found.get(this.key) ?? [];
    return entry ? pointsUpTo(this.#remember(dataEntry(entry))) : undefined;
  }

  /** The newest entry. */
  last(options?: CallOptions): Promise<DataEntry | Seal | undefined> {
    return this.#one(["XREVRANGE", this.key, "+", "-", "COUNT", 1], options);
  }

  /** The newest entry with points, and the end if it is there. */
  async lastData(options?: CallOptions): Promise<{ entry: DataEntry | undefined; ended: boolean }> {
    const answer = await this.connection.call(["XREVRANGE", this.key, "+", "-", "COUNT", 2], options);
    const entries = this.#entries(answer);
    const data = entries.find((entry): entry is DataEntry => !isSeal(entry));
    return { entry: data, ended: this.#seal !== undefined };
  }

  /** Entries with points of `from` up to and without `to`, those at the ends whole. */
  async range(from: number, to: number, options?: CallOptions): Promise<DataEntry[]> {
    if (to <= from) return [];
    const [first, rest] = await this.connection.pipeline(
      [
        ["XREVRANGE", this.key, `${from}-1`, "-", "COUNT", 1],
        ["XRANGE", this.key, `(${from}-1`, String(to - 1)],
      ],
      options,
    );
    const entries = [...this.#entries(first ?? null), ...this.#entries(rest ?? null)];
    return entries.filter((entry): entry is DataEntry => !isSeal(entry) && pointsUpTo(entry) > from);
  }

  /** The entry with a point. @throws IndexError telling why there is none */
  async at(index: number, options?: CallOptions): Promise<DataEntry> {
    const [entry] = await this.range(index, index + 1, options);
    if (entry && entry.index <= index) return entry;
    throw await this.missing(index, options);
  }

  /** Why a point is not there. */
  async missing(index: number, options?: CallOptions): Promise<IndexError> {
    const length = await this.length(options);
    if (index < length) return new IndexError("noMoreThere", `${this.name}: point ${index} is no more in the store`);
    if (this.#seal)
      return new IndexError("wontBeThere", `${this.name}: there is no point ${index}, the stream ended with ${length}`);
    return new IndexError("notYetThere", `${this.name}: point ${index} is not yet there, there are ${length}`);
  }

  /** Entries of an answer; the end is remembered. */
  #entries(answer: Answer): (DataEntry | Seal)[] {
    return rawEntries(answer).map((entry) => this.#remember(dataEntry(entry)));
  }
  #remember(entry: DataEntry | Seal): DataEntry | Seal {
    if (isSeal(entry)) this.#seal = entry;
    return entry;
  }
  async #one(command: Parameters<Connection["call"]>[0], options?: CallOptions): Promise<DataEntry | Seal | undefined> {
    return this.#entries(await this.connection.call(command, options))[0];
  }
}
