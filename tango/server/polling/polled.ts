// SPDX-License-Identifier: MIT
// One polled attribute or command: its period and the ring of its last readings.
import type { Any } from "../../cdr/index.ts";
import { type DevError, devFailed } from "../../errors.ts";
import type { Sample } from "../attribute/sample.ts";

export type PolledKind = "attribute" | "command";

/** One reading. `at`: steady milliseconds, for ages; `time`: milliseconds since the epoch, for clients. */
export interface PollRecord {
  readonly at: number;
  readonly time: number;
  readonly sample?: Sample;
  readonly result?: Any;
  readonly errors?: readonly DevError[];
}

export class PolledObject {
  readonly kind: PolledKind;
  /** In the device's spelling. */
  readonly name: string;
  readonly key: string;
  /** Milliseconds; 0: only when triggered. */
  period: number;
  depth: number;
  /** How long the last reading took, with what was read in the same go: milliseconds. */
  duration: number | undefined;
  #records: PollRecord[] = [];

  constructor(kind: PolledKind, name: string, period: number, depth: number) {
    this.kind = kind;
    this.name = name;
    this.key = name.toLowerCase();
    this.period = period;
    this.depth = depth;
  }

  /** State and Status are read like attributes even when polled as commands. */
  get isReading(): boolean {
    return this.kind === "attribute" || this.key === "state" || this.key === "status";
  }

  add(record: PollRecord): void {
    this.#records.push(record);
    if (this.#records.length > this.depth) this.#records.shift();
  }
  get last(): PollRecord | undefined {
    return this.#records.at(-1);
  }
  /** Oldest first. */
  get records(): readonly PollRecord[] {
    return this.#records;
  }

  /**
   * The last reading, for a client that asks for the cache.
   * @throws DevFailed when there is none, or it is older than `oldFactor` periods.
   */
  cached(now: number, oldFactor: number): PollRecord {
    const last = this.last;
    if (!last) {
      throw devFailed(
        "API_NoDataYet",
        `No data available in cache for ${this.kind} ${this.name}`,
        "Device_3Impl::read_attributes_from_cache",
      );
    }
    if (this.period > 0 && now - last.at > this.period * oldFactor) {
      const problem = `Data in cache for ${this.kind} ${this.name} not updated any more`;
      throw devFailed("API_NotUpdatedAnyMore", problem, "Device_3Impl::read_attributes_from_cache");
    }
    return last;
  }
}
