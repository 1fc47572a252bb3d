// SPDX-License-Identifier: MIT
// Startup levels: their servers one at a time, each level after the lower ones.
import { devFailed } from "../../tango/errors.ts";
import { type Host, notStarted, type Settings } from "./host.ts";
import type { Starts } from "./starts.ts";
import { byRequest, type Watched } from "./watched.ts";

export class Levels {
  readonly #host: Host;
  readonly #settings: Settings;
  readonly #watched: Watched;
  readonly #starts: Starts;
  readonly #starting = new Map<number, Promise<void>>();
  readonly #cancelled = new Set<number>();

  constructor(host: Host, settings: Settings, { watched, starts }: { watched: Watched; starts: Starts }) {
    this.#host = host;
    this.#settings = settings;
    this.#watched = watched;
    this.#starts = starts;
  }

  get running(): readonly Promise<void>[] {
    return [...this.#starting.values()];
  }

  /** @throws DevFailed LevelAlreadyStarting */
  start(level: number): void {
    if (this.#starting.has(level))
      throw devFailed("LevelAlreadyStarting", `Level ${level} is already starting\n`, "Starter::dev_start_all()");
    this.#cancelled.delete(level);
    const done = this.#run(level).finally(() => this.#starting.delete(level));
    this.#starting.set(level, done);
  }

  /** A start of this level goes no further. */
  cancel(level: number): void {
    this.#cancelled.add(level);
  }

  /** Level after level, as at boot. */
  async startAll(): Promise<void> {
    for (let level = 1; level <= this.#settings.levels; level++)
      if (!this.#starting.has(level) && this.#watched.ofLevel(level).length > 0) this.start(level);
    await Promise.all(this.running);
  }

  async #run(level: number): Promise<void> {
    for (let lower = 1; lower < level; lower++) await this.#starting.get(lower);
    for (const server of this.#watched.ofLevel(level)) {
      if (this.#cancelled.has(level)) return;
      if (server.state !== "FAULT") continue;
      try {
        byRequest(server, { stopped: false });
        await this.#starts.launch(server.name, this.#host.find(server.name));
      } catch (error) {
        this.#host.note(notStarted(server.name, error));
      }
    }
    await this.#host.delay(this.#settings.levelWait * 1000);
  }
}
