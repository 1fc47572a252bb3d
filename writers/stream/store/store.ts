// SPDX-License-Identifier: MIT
// The parts of an embedded store put together: data, indexes, journal, housekeeping, and who waits for what.
import { totalmem } from "node:os";
import type { Connection, Settings, StoreState } from "./commands/command.ts";
import { redisVersion } from "./commands/connection.ts";
import { defaultHousekeeping, Housekeeping } from "./housekeeping.ts";
import { Journal } from "./journal.ts";
import { Keyspace, type Observer } from "./keyspace.ts";
import { CommandError, type Reply } from "./reply.ts";
import type { Request } from "./request-parser.ts";
import { SearchIndexes } from "./search-index.ts";
import type { StoreOptions } from "./server.ts";
import { Session, type Waiters } from "./session.ts";
import { takeSnapshot } from "./snapshot.ts";

const closedScansEvery = 60;

export class Store implements StoreState, Disposable {
  readonly keyspace = new Keyspace();
  readonly indexes = new SearchIndexes(this.keyspace);
  readonly libraries = new Map<string, string>();
  readonly settings: Settings;
  readonly waiters: KeyWaiters;
  readonly monitors = new Set<Connection>();
  readonly ended: Promise<void>;
  clients = 0;

  readonly warn: (message: string) => void;
  readonly #end: () => void;
  readonly #housekeeping: Housekeeping;
  readonly #started = Date.now();
  #journal: Journal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #seconds = 0;
  #commands = 0;
  #flushes = new Set<() => void>();

  private constructor({ maxMemory = Math.floor(totalmem() / 4), housekeeping, warn = console.warn }: StoreOptions) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#end = resolve;
    this.warn = warn;
    this.settings = {
      maxMemory,
      other: new Map([
        ["appendonly", "no"],
        ["save", ""],
        ["databases", "1"],
        ["maxmemory-policy", "noeviction"],
      ]),
    };
    this.waiters = new KeyWaiters();
    this.keyspace.observe(this.waiters);
    this.#housekeeping = new Housekeeping(this.keyspace, { ...defaultHousekeeping, ...housekeeping });
  }

  static open(options: StoreOptions): Store {
    const store = new Store(options);
    const { folder, durability = "second" } = options;
    if (folder !== undefined) {
      const replay = store.#replayer();
      store.#journal = Journal.open({ folder, durability, warn: store.warn }, replay);
      store.keyspace.observe(store.#journal);
      store.settings.other.set("appendonly", "yes");
    }
    store.#timer = setInterval(() => store.#everySecond(), 1000);
    store.#timer.unref();
    return store;
  }

  /** Calls `flush` once what was changed is in the journal. */
  beforeReplies(flush: () => void): void {
    this.#commands++;
    this.#flushes.add(flush);
  }

  /** Ends a batch of commands: wakes who waits, writes the journal, sends the replies. */
  settle(): void {
    this.waiters.wake();
    try {
      this.#journal?.write();
    } catch {
      // The journal told the person and writes again with the next batch; the data is in memory.
    }
    const flushes = this.#flushes;
    this.#flushes = new Set();
    for (const flush of flushes) flush();
  }

  rewriteJournal(): void {
    if (!this.#journal) throw new CommandError("ERR there is no append-only file: start the store with a folder");
    this.#journal.rewrite(takeSnapshot(this)).catch((error: unknown) => {
      this.warn(`The append-only file could not be written anew: ${error instanceof Error ? error.message : error}`);
    });
  }

  shutdown(): void {
    this.#end();
  }

  report(): ReturnType<StoreState["report"]> {
    const { keyspace, settings } = this;
    const uptime = Math.floor((Date.now() - this.#started) / 1000);
    return {
      Server: {
        redis_version: redisVersion, server_name: "bandoneon", redis_mode: "standalone", process_id: process.pid,
        uptime_in_seconds: uptime,
      },
      Clients: { connected_clients: this.clients, blocked_clients: this.waiters.size },
      Memory: {
        used_memory: keyspace.used,
        used_memory_dataset: keyspace.used, used_memory_rss: process.memoryUsage.rss(), maxmemory: settings.maxMemory,
        maxmemory_policy: "noeviction",
      },
      Persistence: {
        loading: 0, aof_enabled: this.#journal ? 1 : 0, aof_current_size: this.#journal?.bytes ?? 0,
        aof_last_write_status: this.#journal?.failed ? "err" : "ok",
      },
      Stats: { total_commands_processed: this.#commands },
      Replication: { role: "master", connected_slaves: 0 },
      Keyspace: keyspace.size ? { db0: `keys=${keyspace.size},expires=0,avg_ttl=0` } : {},
    }; // biome-ignore format: sections as INFO prints them
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#journal?.[Symbol.dispose]();
    this.#end();
  }

  #everySecond(): void {
    this.#housekeeping.run(this.settings.maxMemory);
    if (this.#seconds++ % closedScansEvery === 0) this.#housekeeping.expireClosedScans();
    this.settle();
    if (this.#journal?.shouldRewrite) this.rewriteJournal();
  }

  /** Executes commands of the journal; one that fails tells the file is damaged. */
  #replayer(): (request: Request) => void {
    const reply = (answer: Reply) => {
      if (answer instanceof CommandError)
        throw new Error(`The append-only file holds a bad command: ${answer.message}`);
    };
    const unlimited: StoreState = Object.create(this, { settings: { value: { ...this.settings, maxMemory: 0 } } });
    const session = new Session({
      id: 0, address: "journal", password: undefined, store: unlimited, waiters: this.waiters, reply, close: () => {},
    }); // biome-ignore format: one object
    return (request) => session.receive(request);
  }
}

/** Who waits for which stream. */
class KeyWaiters implements Waiters, Observer {
  readonly #waiting = new Map<string, Set<() => void>>();
  #ready = new Set<() => void>();
  /** Clients that wait. */
  size = 0;

  wait(keys: readonly string[], onChange: () => void): Disposable {
    for (const key of keys) {
      const waiting = this.#waiting.get(key) ?? new Set();
      this.#waiting.set(key, waiting.add(onChange));
    }
    this.size++;
    return {
      [Symbol.dispose]: () => {
        this.size--;
        this.#ready.delete(onChange);
        for (const key of keys) {
          const waiting = this.#waiting.get(key);
          waiting?.delete(onChange);
          if (waiting?.size === 0) this.#waiting.delete(key);
        }
      },
    };
  }

  touched(key: string): void {
    for (const waiter of this.#waiting.get(key) ?? []) this.#ready.add(waiter);
  }

  /** Calls those whose streams changed, also by what that does. */
  wake(): void {
    while (this.#ready.size > 0) {
      const ready = this.#ready;
      this.#ready = new Set();
      for (const waiter of ready) waiter();
    }
  }
}
