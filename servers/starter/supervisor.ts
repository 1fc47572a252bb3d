// SPDX-License-Identifier: MIT
// Watches the servers of a host and starts and stops them. It knows neither Tango nor processes: `Host` does.
import { devFailed } from "../../tango/errors.ts";
import { type HostState, hostState, type WatchedServer } from "./host-state.ts";
import type { Statistic } from "./log-files.ts";
import { runs, type ServerProcess } from "./process-list.ts";

export interface ListedServer {
  readonly name: string;
  readonly controlled: boolean;
  readonly level: number;
}

/** What the supervisor needs of the host and the database. */
export interface Host {
  /** The servers the database lists for this host. */
  listed(): Promise<readonly ListedServer[]>;
  processes(): Promise<readonly ServerProcess[]>;
  /** Whether the server's admin device answers. */
  answers(server: string): Promise<boolean>;
  /** Asks the server to end by its admin device. */
  kill(server: string): Promise<void>;
  signal(pid: number): void;
  /** @throws DevFailed CANNOT_RUN_FILE when there is no such executable. */
  find(server: string): string;
  launch(server: string, file: string): Promise<void>;
  note(text: string): void;
  statistic(line: Statistic): void;
  now(): number;
  delay(milliseconds: number): Promise<void>;
}

export interface Settings {
  /** Minutes a server must have run to be started again when it fails; 0: never. */
  readonly autoRestart: number;
  /** Seconds. */
  readonly startupTimeout: number;
  readonly levelWait: number;
  readonly movingMax: number;
  readonly levels: number;
}

interface Server extends WatchedServer {
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

export interface Supervisor {
  readonly servers: readonly WatchedServer[];
  readonly statistics: readonly Statistic[];
  /** Reads the list of servers again. */
  refresh(): Promise<void>;
  /** Looks at every server once; starts again what failed and is to be started. */
  check(): Promise<void>;
  start(server: string): void;
  stop(server: string): Promise<void>;
  startLevel(level: number): void;
  stopLevel(level: number): Promise<void>;
  /** Starts level after level, as at boot. */
  startAll(): Promise<void>;
  hardKill(server: string): Promise<void>;
  state(): HostState;
  /** Resolves when nothing is being started. */
  readonly idle: Promise<unknown>;
}

const quiet = new Set(["starter", "databaseds", "tangoaccesscontrol", "logconsumer"]);
/** Milliseconds before the n-th automatic start in a row: 0, 2 s, 4 s ... 5 min. */
export const backOff = (relapses: number): number =>
  relapses === 0 ? 0 : Math.min(2_000 * 2 ** (relapses - 1), 300_000);

export function supervisor(host: Host, settings: Settings): Supervisor {
  const servers = new Map<string, Server>();
  const starting = new Map<string, Promise<void>>();
  const levels = new Map<number, Promise<void>>();
  const cancelled = new Set<number>();
  const find = (name: string) => servers.get(name.toLowerCase());
  const seconds = () => Math.floor(host.now() / 1000);

  async function refresh() {
    const known = new Set<string>();
    for (const { name, controlled, level } of await host.listed()) {
      if (quiet.has(name.split("/")[0]!.toLowerCase())) continue;
      const key = name.toLowerCase();
      known.add(key);
      const server = servers.get(key);
      if (server) Object.assign(server, { controlled, level });
      else servers.set(key, unseen(name, controlled, level));
    }
    for (const key of servers.keys()) if (!known.has(key)) servers.delete(key);
  }

  async function check() {
    const processes = await host.processes();
    await Promise.all([...servers.values()].map((server) => look(server, processes)));
    for (const server of servers.values()) restartWhenDue(server);
  }

  async function look(server: Server, processes: readonly ServerProcess[]) {
    server.instances = processes.filter((process) => runs(process, server.name)).length;
    const state = server.instances === 0 ? "FAULT" : (await host.answers(server.name)) ? "ON" : "MOVING";
    if (state === server.state) return;
    if (state === "MOVING") server.movingSince = host.now();
    if (state === "ON" && !server.up) onStarted(server);
    if (state === "FAULT" && server.state !== "FAULT") onFailed(server);
    server.state = state;
  }

  function onStarted(server: Server) {
    server.up = true;
    server.stopped = false;
    server.started = seconds();
    host.statistic(statisticOf(server, "ON"));
  }

  function onFailed(server: Server) {
    server.up = false;
    server.failed = seconds();
    host.statistic(statisticOf(server, "FAULT"));
    const ran = server.failed - server.started;
    const long = settings.autoRestart * 60;
    if (settings.autoRestart <= 0 || server.stopped || !server.controlled || server.level === 0) return;
    // A server that was started by itself and fails before its time is in a crash loop: ever later, not never.
    if (ran > long) server.relapses = 0;
    else if (server.automatic) server.relapses++;
    else return;
    const wait = backOff(server.relapses);
    server.restartAt = host.now() + wait;
    if (wait > 0)
      host.note(`${server.name} failed again, ${server.relapses} times in a row: next start in ${wait / 1000} s`);
  }

  function restartWhenDue(server: Server) {
    if (server.restartAt === undefined || server.restartAt > host.now() || server.state !== "FAULT") return;
    server.restartAt = undefined;
    server.automatic = true;
    try {
      start(server.name, true);
    } catch (error) {
      host.note(`${server.name} not started: ${error instanceof Error ? error.message : error}`);
    }
  }

  function start(name: string, automatic = false) {
    const key = name.toLowerCase();
    const server = find(name);
    // Between the request and the first sight of the process, `starting` keeps a second request out.
    if (starting.has(key) || (server && server.state !== "FAULT"))
      throw devFailed("ALREADY_RUNNING", `${name} is already running !`, "Starter::dev_start()");
    const file = host.find(name);
    if (server)
      Object.assign(server, { stopped: false, automatic, ...(automatic ? {} : { relapses: 0, restartAt: undefined }) });
    launch(name, file);
  }

  function launch(name: string, file: string): Promise<void> {
    const key = name.toLowerCase();
    const known = starting.get(key);
    if (known) return known;
    const done = up(name, file)
      .catch((error) => host.note(`${name} not started: ${error instanceof Error ? error.message : error}`))
      .finally(() => starting.delete(key));
    starting.set(key, done);
    return done;
  }

  async function up(name: string, file: string): Promise<void> {
    if ((await host.processes()).some((process) => runs(process, name))) return;
    await host.launch(name, file);
    const deadline = host.now() + settings.startupTimeout * 1000;
    do {
      await host.delay(500);
      const process = (await host.processes()).some((candidate) => runs(candidate, name));
      if (process && (await host.answers(name))) {
        host.note(`${name} started`);
        return;
      }
      // A launcher script becomes the server within moments.
      if (!process && host.now() > deadline - settings.startupTimeout * 1000 + 4_000)
        throw new Error("it ended at once, see its log");
    } while (host.now() < deadline);
    throw new Error(`it does not answer after ${settings.startupTimeout} s`);
  }

  async function stop(name: string) {
    const fail = (reason: string, desc: string) => devFailed(reason, desc, "Starter::dev_stop()");
    const server = find(name);
    if (!server) {
      const text = servers.size === 0 ? `${name}: Server  not controlled !` : `${name}: Unknown Server !`;
      throw fail(text, text);
    }
    if (server.state === "MOVING") throw fail("SERVER_NOT_RESPONDING", `${name} is running but not responding !`);
    if (server.state === "FAULT") throw fail("SERVER_NOT_RUNNING", `${name} is NOT running !`);
    Object.assign(server, { stopped: true, automatic: false, relapses: 0, restartAt: undefined });
    await host.kill(server.name);
    host.note(`${server.name} stopped`);
  }

  const ofLevel = (level: number) =>
    [...servers.values()].filter((server) => server.controlled && server.level === level);

  function startLevel(level: number) {
    if (levels.has(level))
      throw devFailed("LevelAlreadyStarting", `Level ${level} is already starting\n`, "Starter::dev_start_all()");
    cancelled.delete(level);
    const done = runLevel(level).finally(() => levels.delete(level));
    levels.set(level, done);
  }

  async function runLevel(level: number) {
    for (let lower = 1; lower < level; lower++) await levels.get(lower);
    for (const server of ofLevel(level)) {
      if (cancelled.has(level)) return;
      if (server.state !== "FAULT") continue;
      try {
        Object.assign(server, { stopped: false, automatic: false, relapses: 0, restartAt: undefined });
        await launch(server.name, host.find(server.name));
      } catch (error) {
        host.note(`${server.name} not started: ${error instanceof Error ? error.message : error}`);
      }
    }
    await host.delay(settings.levelWait * 1000);
  }

  async function stopLevel(level: number) {
    cancelled.add(level);
    for (const server of ofLevel(level)) if (server.state === "ON") await stop(server.name);
  }

  async function startAll() {
    for (let level = 1; level <= settings.levels; level++)
      if (!levels.has(level) && ofLevel(level).length > 0) startLevel(level);
    await Promise.all(levels.values());
  }

  async function hardKill(name: string) {
    const process = (await host.processes()).find((candidate) => runs(candidate, name));
    if (!process)
      throw devFailed("SERVER_NOT_RUNNING", `Server ${name} is not running !`, "Starter::hard_kill_server()");
    host.signal(process.pid);
  }

  return {
    get servers() {
      return [...servers.values()];
    },
    get statistics() {
      return [...servers.values()]
        .filter(({ controlled }) => controlled)
        .map((server) => ({ ...statisticOf(server, server.state === "FAULT" ? "FAULT" : "ON"), automatic: false }));
    },
    refresh,
    check,
    start: (name) => start(name),
    stop,
    startLevel,
    stopLevel,
    startAll,
    hardKill,
    state: () => {
      const { state, status } = hostState(
        [...servers.values()],
        starting.size + levels.size > 0,
        host.now(),
        settings.movingMax * 1000,
      );
      const looping = [...servers.values()].filter(
        ({ restartAt, relapses }) => restartAt !== undefined && relapses > 0,
      );
      const text = looping.map(
        ({ name, relapses }) => `\n${name} keeps failing (${relapses} times in a row), it will be started again later`,
      );
      return { state, ...(status === undefined ? {} : { status: status + text.join("") }) };
    },
    get idle() {
      return Promise.all([...starting.values(), ...levels.values()]);
    },
  };
}

const unseen = (name: string, controlled: boolean, level: number): Server => ({
  name,
  controlled,
  level,
  state: "FAULT",
  instances: 0,
  movingSince: 0,
  started: -1,
  failed: -1,
  up: false,
  stopped: false,
  automatic: false,
  relapses: 0,
  restartAt: undefined,
});

const statisticOf = (server: Server, state: Statistic["state"]): Statistic => ({
  server: server.name,
  state,
  started: server.started,
  failed: server.failed,
  automatic: server.automatic,
});
