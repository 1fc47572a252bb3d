// SPDX-License-Identifier: MIT
import { DevFailed, devFailed } from "../../errors.ts";
import type { DevStateName } from "../../idl/tango-types.ts";
import type { Activity } from "../types.ts";

/** What an activity needs of its device. */
export interface ActivityHost {
  readonly name: string;
  state: DevStateName;
  status: string;
  readonly signal: AbortSignal;
  readonly log: { error(message: string): void };
}

interface Running {
  readonly aborter: AbortController;
  readonly ended: Promise<void>;
}

/** An error may say which state it leaves the device in: `Object.assign(new Error("..."), { state: "ALARM" })`. */
const stateAfter = (error: unknown): DevStateName =>
  typeof error === "object" && error !== null && typeof (error as { state?: unknown }).state === "string"
    ? (error as { state: DevStateName }).state
    : "FAULT";

const message = (error: unknown): string =>
  error instanceof DevFailed
    ? error.errors.map(({ desc }) => desc).join("\n")
    : error instanceof Error
      ? error.message
      : String(error);

export class DeviceActivity implements Activity {
  readonly #host: ActivityHost;
  readonly #state: DevStateName;
  readonly #idle: DevStateName;
  #running: Running | undefined;

  constructor(host: ActivityHost, state: DevStateName, idle: DevStateName = "ON") {
    this.#host = host;
    this.#state = state;
    this.#idle = idle;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }
  get ended(): Promise<void> {
    return this.#running?.ended ?? Promise.resolve();
  }

  start(action: (signal: AbortSignal) => Promise<void>): void {
    if (this.#running) {
      const problem = `Device ${this.#host.name} is busy (${this.#state}): stop it first`;
      throw devFailed("API_CommandNotAllowed", problem, "Activity.start");
    }
    const aborter = new AbortController();
    const ended = this.#run(action, aborter);
    this.#running = { aborter, ended };
  }

  async #run(action: (signal: AbortSignal) => Promise<void>, aborter: AbortController): Promise<void> {
    const host = this.#host;
    const closing = () => aborter.abort(host.signal.reason);
    host.signal.addEventListener("abort", closing, { once: true });
    host.state = this.#state;
    host.status = "";
    try {
      // Not before the caller has its answer: an action that throws at once is no different from one that throws later.
      await undefined;
      await action(aborter.signal);
      this.#restore();
    } catch (error) {
      // What was asked to stop may end by throwing: that is no failure.
      if (aborter.signal.aborted) this.#restore();
      else this.#fail(error);
    } finally {
      host.signal.removeEventListener("abort", closing);
      this.#running = undefined;
    }
  }

  #restore(): void {
    // The action may have left another state on purpose.
    if (this.#host.state === this.#state) this.#host.state = this.#idle;
  }

  #fail(error: unknown): void {
    this.#host.state = stateAfter(error);
    this.#host.status = message(error);
    this.#host.log.error(message(error));
  }

  async stop(reason: unknown = new Error("stopped")): Promise<void> {
    const running = this.#running;
    if (!running) return;
    running.aborter.abort(reason);
    await running.ended;
  }
}
