// SPDX-License-Identifier: MIT
// Calls in turn: what Tango calls serialisation. One monitor a device, a class or a process, or none at all.
import { devFailed } from "../../errors.ts";
import { isPromise } from "../awaitable.ts";
import type { Awaitable } from "../types.ts";

/** Milliseconds a call waits for its turn: clients give up after 3000. */
const PATIENCE = 3200;

/** BY_DEVICE unless a server chooses: which calls wait for each other. */
export type SerialModel = "BY_DEVICE" | "BY_CLASS" | "BY_PROCESS" | "NO_SYNC";

export interface Turns {
  /** Runs `task` when it is its turn; at once, without a promise, when nobody else is in. */
  run<T>(task: () => Awaitable<T>): Awaitable<T>;
}

export const noTurns: Turns = { run: (task) => task() };

interface Waiting {
  readonly enter: () => void;
  readonly timer: NodeJS.Timeout;
}

export class Monitor implements Turns {
  readonly #name: string;
  readonly #patience: number;
  #busy = false;
  #waiting: Waiting[] = [];

  constructor(name: string, patience = PATIENCE) {
    this.#name = name;
    this.#patience = patience;
  }

  run<T>(task: () => Awaitable<T>): Awaitable<T> {
    return this.#busy ? this.#wait().then(() => this.#enter(task)) : this.#enter(task);
  }

  #enter<T>(task: () => Awaitable<T>): Awaitable<T> {
    this.#busy = true;
    let result: Awaitable<T>;
    try {
      result = task();
    } catch (error) {
      this.#leave();
      throw error;
    }
    if (isPromise(result)) return result.finally(() => this.#leave());
    this.#leave();
    return result;
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (!next) {
      this.#busy = false;
      return;
    }
    clearTimeout(next.timer);
    // Stays busy: the turn is handed over.
    next.enter();
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        const problem = `Not able to acquire serialization monitor "${this.#name}" within ${this.#patience} ms: an earlier call is still running`;
        reject(devFailed("API_CommandTimedOut", problem, "AutoTangoMonitor"));
      }, this.#patience);
      const waiting: Waiting = { enter: resolve, timer };
      this.#waiting.push(waiting);
    });
  }
}
