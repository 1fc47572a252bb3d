// SPDX-License-Identifier: MIT
// Servers that are just being started: from the request until they answer. A second request in between starts nothing.
import { type Host, notStarted, type Settings } from "./host.ts";
import { runs } from "./process-list.ts";

/** How long a launcher script may take to become the server, ms. */
const BECOMING = 4_000;
/** Milliseconds between two looks at a server that is being started. */
const PAUSE = 500;

export class Starts {
  readonly #host: Host;
  readonly #settings: Settings;
  readonly #starting = new Map<string, Promise<void>>();

  constructor(host: Host, settings: Settings) {
    this.#host = host;
    this.#settings = settings;
  }

  get running(): readonly Promise<void>[] {
    return [...this.#starting.values()];
  }
  has(name: string): boolean {
    return this.#starting.has(name.toLowerCase());
  }

  /** Resolves when the server answers, or when it was noted why it does not. */
  launch(name: string, file: string): Promise<void> {
    const key = name.toLowerCase();
    const known = this.#starting.get(key);
    if (known) return known;
    const done = this.#up(name, file)
      .catch((error: unknown) => this.#host.note(notStarted(name, error)))
      .finally(() => this.#starting.delete(key));
    this.#starting.set(key, done);
    return done;
  }

  async #up(name: string, file: string): Promise<void> {
    const there = async () => (await this.#host.processes()).some((process) => runs(process, name));
    if (await there()) return;
    await this.#host.launch(name, file);
    const begun = this.#host.now();
    const patience = this.#settings.startupTimeout;
    do {
      await this.#host.delay(PAUSE);
      const process = await there();
      if (process && (await this.#host.answers(name))) return this.#host.note(`${name} started`);
      if (!process && this.#host.now() > begun + BECOMING) throw new Error("it ended at once, see its log");
    } while (this.#host.now() < begun + patience * 1000);
    throw new Error(`it does not answer after ${patience} s`);
  }
}
