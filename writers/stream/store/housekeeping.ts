// SPDX-License-Identifier: MIT
// What keeps memory bounded without a memory tracker beside the store: expired keys go, closed scans end after a while,
// and when memory runs low the oldest data of the streams goes first. Readers find trimmed points in the scan's file.
import type { Keyspace } from "./keyspace.ts";
import { maxId, type StreamId } from "./stream-id.ts";
import type { StreamLog } from "./stream-log.ts";

export interface HousekeepingOptions {
  /** Share of the memory limit from which on data is trimmed. */
  readonly threshold: number;
  /** Data younger than this many seconds is kept. */
  readonly protectedSeconds: number;
  /** Seconds a closed scan stays. */
  readonly closedScanSeconds: number;
}
export const defaultHousekeeping: HousekeepingOptions = {
  threshold: 0.8,
  protectedSeconds: 180,
  closedScanSeconds: 7 * 24 * 3600,
};

const streamPrefix = "esrf:stream:";
const scanPrefix = "esrf:scan:";
const closed = "4";

/** When each stream had which length: what was there a while ago may be trimmed. */
interface Mark {
  readonly at: number;
  readonly lastIds: ReadonlyMap<string, StreamId>;
}

export class Housekeeping {
  readonly #keyspace: Keyspace;
  readonly #options: HousekeepingOptions;
  #marks: Mark[] = [];

  constructor(keyspace: Keyspace, options: HousekeepingOptions) {
    this.#keyspace = keyspace;
    this.#options = options;
  }

  /** To be called about every second. `limit` is the memory limit in bytes, 0: none. */
  run(limit: number): void {
    this.#keyspace.removeExpired();
    this.#mark();
    if (limit > 0 && this.#keyspace.used >= limit * this.#options.threshold)
      this.#trim(limit * this.#options.threshold);
  }

  /** Gives each closed scan its time to live. To be called now and then. */
  expireClosedScans(): void {
    for (const key of [...this.#keyspace.keys()]) {
      if (!key.startsWith(scanPrefix) || this.#keyspace.expiry(key) !== undefined) continue;
      const value = this.#keyspace.value(key);
      if (value?.kind !== "json") continue;
      const streams = streamsOf(value.text);
      const state = this.#streamLog(streamPrefix + streams.state)?.last()?.fields;
      if (state?.[1]?.toString("latin1") !== closed) continue;
      const end = this.#keyspace.now + this.#options.closedScanSeconds * 1000;
      for (const name of [key, ...[streams.state, ...streams.data].map((pk) => streamPrefix + pk)])
        if ((this.#keyspace.expiry(name) ?? Number.POSITIVE_INFINITY) > end) this.#keyspace.expireAt(name, end);
    }
  }

  /** Remembers the ends of the streams every tenth of the protected time. */
  #mark(): void {
    const { now } = this.#keyspace;
    const interval = (this.#options.protectedSeconds * 1000) / 10;
    if (now - (this.#marks.at(-1)?.at ?? Number.NEGATIVE_INFINITY) < interval) return;
    const lastIds = new Map<string, StreamId>();
    for (const [key, log] of this.#dataStreams()) lastIds.set(key, log.last()!.id);
    this.#marks.push({ at: now, lastIds });
    while (this.#marks.length > 100) this.#marks.splice(1, 2);
  }

  /** Trims what the oldest marks saw until memory is a tenth below `target`. */
  #trim(target: number): void {
    const youngest = this.#keyspace.now - this.#options.protectedSeconds * 1000;
    while (this.#marks[0] && this.#marks[0].at <= youngest) {
      const { lastIds } = this.#marks.shift()!;
      for (const [key, id] of lastIds) this.#keyspace.trim(key, (log) => log.trimBefore(keepFrom(id)));
      if (this.#keyspace.used < target * 0.9) return;
    }
  }

  *#dataStreams(): Generator<[string, StreamLog]> {
    for (const key of this.#keyspace.keys()) {
      if (!key.startsWith(streamPrefix)) continue;
      const log = this.#streamLog(key);
      const last = log?.last();
      // Entries of data have a payload, the seal a number of points; those of states neither.
      if (log && last && ["payload", "id"].includes(last.fields[0]!.toString("latin1"))) yield [key, log];
    }
  }

  #streamLog(key: string): StreamLog | undefined {
    const value = this.#keyspace.value(key);
    return value?.kind === "stream" ? value.log : undefined;
  }
}

/** The last entry stays: it tells how many points there are. */
const keepFrom = (last: StreamId): StreamId => (last.ms === maxId.ms ? maxId : last);

function streamsOf(text: string): { state: string; data: string[] } {
  const scan = JSON.parse(text) as { state_stream?: { pk?: string }; data_streams?: Record<string, { pk?: string }> };
  return {
    state: scan.state_stream?.pk ?? "",
    data: Object.values(scan.data_streams ?? {}).flatMap(({ pk }) => pk ?? []),
  };
}
