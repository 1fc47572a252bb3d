// SPDX-License-Identifier: MIT
// The servers of a host as they were seen last, and which of them are to be started again by themselves.
import type { Host, ListedServer, Settings } from "./host.ts";
import type { WatchedServer } from "./host-state.ts";
import type { Statistic } from "./log-files.ts";
import { runs, type ServerProcess } from "./process-list.ts";

export interface Server extends WatchedServer {
  state: WatchedServer["state"];
  controlled: boolean;
  level: number;
  instances: number;
  movingSince: number;
  /** Seconds since the epoch; -1: not since we watch. */
  started: number;
  failed: number;
  /** It has answered since its last failure: a hang that ends is no start. */
  up: boolean;
  /** Stopped on request: it is not started by itself. */
  stopped: boolean;
  automatic: boolean;
  /** Automatic starts in a row, each of which ended in failure again. */
  relapses: number;
  restartAt: number | undefined;
}

const quiet = new Set(["starter", "databaseds", "tangoaccesscontrol", "logconsumer"]);

/** Milliseconds before the n-th automatic start in a row: 0, 2 s, 4 s ... 5 min. */
export const backOff = (relapses: number): number =>
  relapses === 0 ? 0 : Math.min(2_000 * 2 ** (relapses - 1), 300_000);

export class Watched {
  readonly #host: Host;
  readonly #settings: Settings;
  readonly #servers = new Map<string, Server>();

  constructor(host: Host, settings: Settings) {
    this.#host = host;
    this.#settings = settings;
  }

  get all(): readonly Server[] {
    return [...this.#servers.values()];
  }
  /** In any case. */
  find(name: string): Server | undefined {
    return this.#servers.get(name.toLowerCase());
  }
  ofLevel(level: number): readonly Server[] {
    return this.all.filter((server) => server.controlled && server.level === level);
  }

  /** Reads the list of servers again. */
  async refresh(): Promise<void> {
    const known = new Set<string>();
    for (const listed of await this.#host.listed()) {
      const key = listed.name.toLowerCase();
      if (quiet.has(key.split("/")[0] ?? "")) continue;
      known.add(key);
      const { controlled, level } = listed;
      const server = this.#servers.get(key);
      if (server) Object.assign(server, { controlled, level });
      else this.#servers.set(key, unseen(listed));
    }
    for (const key of this.#servers.keys()) if (!known.has(key)) this.#servers.delete(key);
  }

  /** Looks at every server once; gives those whose time to be started again has come. */
  async look(): Promise<readonly Server[]> {
    const processes = await this.#host.processes();
    await Promise.all(this.all.map((server) => this.#lookAt(server, processes)));
    const due = this.all.filter(
      ({ restartAt, state }) => restartAt !== undefined && restartAt <= this.#host.now() && state === "FAULT",
    );
    for (const server of due) server.restartAt = undefined;
    return due;
  }

  async #lookAt(server: Server, processes: readonly ServerProcess[]): Promise<void> {
    server.instances = processes.filter((process) => runs(process, server.name)).length;
    const running = server.instances > 0;
    const state = !running ? "FAULT" : (await this.#host.answers(server.name)) ? "ON" : "MOVING";
    if (state === server.state) return;
    if (state === "MOVING") server.movingSince = this.#host.now();
    if (state === "ON" && !server.up) this.#started(server);
    if (state === "FAULT") this.#failed(server);
    server.state = state;
  }

  #started(server: Server): void {
    Object.assign(server, { up: true, stopped: false, started: this.#seconds() });
    this.#host.statistic(statisticOf(server, "ON"));
  }

  #failed(server: Server): void {
    Object.assign(server, { up: false, failed: this.#seconds() });
    this.#host.statistic(statisticOf(server, "FAULT"));
    const { autoRestart } = this.#settings;
    if (autoRestart <= 0 || server.stopped || !server.controlled || server.level === 0) return;
    // A server that was started by itself and fails before its time is in a crash loop: ever later, not never.
    if (server.failed - server.started > autoRestart * 60) server.relapses = 0;
    else if (server.automatic) server.relapses++;
    else return;
    const wait = backOff(server.relapses);
    server.restartAt = this.#host.now() + wait;
    const { name, relapses } = server;
    if (wait > 0) this.#host.note(`${name} failed again, ${relapses} times in a row: next start in ${wait / 1000} s`);
  }

  #seconds(): number {
    return Math.floor(this.#host.now() / 1000);
  }
}

/** Somebody asked for a start or a stop: what happened before does not count any more. */
export function byRequest(server: Server, change: { readonly stopped: boolean }): void {
  Object.assign(server, { ...change, automatic: false, relapses: 0, restartAt: undefined });
}

/** It fails again and again, and is waiting to be started. */
export const inCrashLoop = ({ restartAt, relapses }: Server): boolean => restartAt !== undefined && relapses > 0;

export const statisticOf = (server: Server, state: Statistic["state"]): Statistic => ({
  server: server.name,
  state,
  started: server.started,
  failed: server.failed,
  automatic: server.automatic,
});

const unseen = ({ name, controlled, level }: ListedServer): Server => ({
  ...{ name, controlled, level, state: "FAULT", instances: 0, movingSince: 0, started: -1, failed: -1 },
  ...{ up: false, stopped: false, automatic: false, relapses: 0, restartAt: undefined },
});
