// SPDX-License-Identifier: MIT
// Watches the servers of a host and starts and stops them. It knows neither Tango nor processes: `Host` does.
import { devFailed } from "../../tango/errors.ts";
import { type Host, notStarted, type Settings } from "./host.ts";
import { type HostState, hostState, type WatchedServer } from "./host-state.ts";
import { Levels } from "./levels.ts";
import type { Statistic } from "./log-files.ts";
import { runs } from "./process-list.ts";
import { Starts } from "./starts.ts";
import { byRequest, inCrashLoop, statisticOf, Watched } from "./watched.ts";

export class Supervisor {
  readonly #host: Host;
  readonly #settings: Settings;
  readonly #watched: Watched;
  readonly #starts: Starts;
  readonly #levels: Levels;

  constructor(host: Host, settings: Settings) {
    this.#host = host;
    this.#settings = settings;
    this.#watched = new Watched(host, settings);
    this.#starts = new Starts(host, settings);
    this.#levels = new Levels(host, settings, { watched: this.#watched, starts: this.#starts });
  }

  get servers(): readonly WatchedServer[] {
    return this.#watched.all;
  }
  /** One line a controlled server, as it is now. */
  get statistics(): readonly Statistic[] {
    const controlled = this.#watched.all.filter((server) => server.controlled);
    return controlled.map((server) => ({
      ...statisticOf(server, server.state === "FAULT" ? "FAULT" : "ON"),
      automatic: false,
    }));
  }

  /** Reads the list of servers again. */
  refresh(): Promise<void> {
    return this.#watched.refresh();
  }

  /** Looks at every server once; starts again what failed and is to be started. */
  async check(): Promise<void> {
    for (const { name } of await this.#watched.look())
      try {
        this.#start(name, true);
      } catch (error) {
        this.#host.note(notStarted(name, error));
      }
  }

  /** @throws DevFailed ALREADY_RUNNING, CANNOT_RUN_FILE */
  start(name: string): void {
    this.#start(name, false);
  }
  #start(name: string, automatic: boolean): void {
    const server = this.#watched.find(name);
    // Between the request and the first sight of the process, `starts` keeps a second request out.
    if (this.#starts.has(name) || (server && server.state !== "FAULT"))
      throw devFailed("ALREADY_RUNNING", `${name} is already running !`, "Starter::dev_start()");
    const file = this.#host.find(name);
    if (server && automatic) Object.assign(server, { stopped: false, automatic });
    else if (server) byRequest(server, { stopped: false });
    void this.#starts.launch(name, file);
  }

  /** @throws DevFailed when it is not known, not running, or does not answer */
  async stop(name: string): Promise<void> {
    const fail = (reason: string, desc: string) => devFailed(reason, desc, "Starter::dev_stop()");
    const server = this.#watched.find(name);
    if (!server) {
      const known = this.#watched.all.length > 0;
      const text = known ? `${name}: Unknown Server !` : `${name}: Server  not controlled !`;
      throw fail(text, text);
    }
    if (server.state === "MOVING") throw fail("SERVER_NOT_RESPONDING", `${name} is running but not responding !`);
    if (server.state === "FAULT") throw fail("SERVER_NOT_RUNNING", `${name} is NOT running !`);
    byRequest(server, { stopped: true });
    await this.#host.kill(server.name);
    this.#host.note(`${server.name} stopped`);
  }

  /** @throws DevFailed LevelAlreadyStarting */
  startLevel(level: number): void {
    this.#levels.start(level);
  }
  async stopLevel(level: number): Promise<void> {
    this.#levels.cancel(level);
    for (const { name, state } of this.#watched.ofLevel(level)) if (state === "ON") await this.stop(name);
  }
  /** Starts level after level, as at boot. */
  startAll(): Promise<void> {
    return this.#levels.startAll();
  }

  /** @throws DevFailed SERVER_NOT_RUNNING */
  async hardKill(name: string): Promise<void> {
    const process = (await this.#host.processes()).find((candidate) => runs(candidate, name));
    if (!process)
      throw devFailed("SERVER_NOT_RUNNING", `Server ${name} is not running !`, "Starter::hard_kill_server()");
    this.#host.signal(process.pid);
  }

  /** Of the host; the status tells of crash loops. */
  get state(): HostState {
    const servers = this.#watched.all;
    const busy = this.#starts.running.length + this.#levels.running.length > 0;
    const { state, status } = hostState(servers, busy, this.#host.now(), this.#settings.movingMax * 1000);
    if (status === undefined) return { state };
    const loops = servers.filter(inCrashLoop).map(({ name, relapses }) => {
      return `\n${name} keeps failing (${relapses} times in a row), it will be started again later`;
    });
    return { state, status: status + loops.join("") };
  }

  /** Resolves when nothing is being started. */
  get idle(): Promise<unknown> {
    return Promise.all([...this.#starts.running, ...this.#levels.running]);
  }
}
