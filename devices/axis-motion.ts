// SPDX-License-Identifier: MIT
// The motions of one Tango motor, started and awaited. A device that answers when it rests (`MoveTo`) is asked to; of any
// other the State is looked at until it is no longer MOVING.
import type { CallOptions } from "../scanning/index.ts";
import { DevFailed, type DeviceProxy } from "../tango/index.ts";

export interface MotionOptions {
  /** As scans know the axis. */
  readonly name: string;
  readonly attribute: string;
  /** Command that stops it. */
  readonly stop: string | undefined;
  /** The device has `MoveTo`. */
  readonly moveTo: boolean;
  /** Milliseconds one call of it may last; of a longer move the State is looked at. Default 2000. */
  readonly patience?: number;
}

/** Milliseconds before the end of a move from which on it is waited wide awake. */
const EARLY = 1.5;
/** States in which nothing has gone wrong and nothing moves. */
const restful = new Set(["ON", "OFF", "STANDBY", "OPEN", "CLOSE"]);

export class AxisMotion {
  readonly #device: DeviceProxy;
  readonly #options: MotionOptions;

  constructor(device: DeviceProxy, options: MotionOptions) {
    this.#device = device;
    this.#options = options;
  }

  /** Moves there and gives the position once it rests. An abort stops the motor, and waits for it. */
  async move(target: number, { signal }: CallOptions = {}): Promise<number> {
    const { name, attribute, moveTo } = this.#options;
    if (!Number.isFinite(target)) throw new RangeError(`axis ${name} cannot be moved to position: ${target}`);
    signal?.throwIfAborted();
    if (moveTo) {
      const position = await this.ask("MoveTo", target, { halt: () => this.halt(), ...(signal && { signal }) });
      if (position !== undefined) return Number(position);
    } else await this.#device.write(attribute, target);
    return this.arrive(signal);
  }

  /** Waits until it rests and gives the position. */
  async arrive(signal?: AbortSignal): Promise<number> {
    const state = await this.#rest(signal);
    if (!restful.has(state)) await this.#refuse(state);
    return Number(await this.#device.read(this.#options.attribute));
  }

  async stop(call: CallOptions = {}): Promise<void> {
    if ((await this.#device.state(call)) === "MOVING") await this.halt();
  }

  /**
   * Calls a command that answers when the motion has ended, and gives its answer; `undefined`: it moves still. An abort calls
   * `halt` and waits for it.
   */
  async ask(
    command: string,
    argument: unknown,
    { signal, halt }: { readonly signal?: AbortSignal; readonly halt: () => Promise<void> },
  ): Promise<unknown> {
    const { patience = 2000 } = this.#options;
    const sleep = this.#beAwake();
    try {
      return await this.#device.call(command, argument, { timeout: patience, ...(signal && { signal }) });
    } catch (error) {
      if (signal?.aborted) {
        await halt();
        throw signal.reason;
      }
      if (error instanceof DevFailed && error.is("API_DeviceTimedOut")) return undefined;
      throw error;
    } finally {
      sleep();
    }
  }

  /**
   * Wakes a moment before the move ends and waits for its end without sleeping: a process that has slept through a move sees
   * its end a tenth of a millisecond later. Gives what ends that.
   */
  #beAwake(): () => void {
    let awaited = true;
    let timer: NodeJS.Timeout | undefined;
    const stay = async () => {
      const until = performance.now() + 2 * EARLY;
      while (awaited && performance.now() < until) await pause(0);
    };
    const look = async () => {
      const seconds = Number(await this.#device.read("RemainingTime").catch(() => Number.NaN));
      if (awaited && seconds >= 0) timer = setTimeout(() => void stay(), Math.max(0, seconds * 1000 - EARLY));
    };
    timer = setTimeout(() => void look(), 1); // the start of the move comes first
    return () => {
      awaited = false;
      clearTimeout(timer);
    };
  }

  /** Stops it, also when its move is about to begin, and waits until it rests. */
  async halt(): Promise<void> {
    const { name, stop } = this.#options;
    if (!stop) throw new Error(`axis ${name}: device ${this.#device.name} has no command that stops it`);
    await this.#device.call(stop);
    await this.#rest();
  }

  /** Looks at the state, soon after the start often, later less: the end is seen within a twentieth of the move's time. */
  async #rest(signal?: AbortSignal): Promise<string> {
    const begun = performance.now();
    for (;;) {
      const state = await this.#device.state();
      if (state !== "MOVING") return state;
      if (signal?.aborted) {
        await this.halt();
        throw signal.reason;
      }
      await pause(Math.min(20, (performance.now() - begun) / 20), signal);
    }
  }

  async #refuse(state: string): Promise<never> {
    const status = await this.#device.status().catch((error: Error) => error.message);
    throw new Error(`axis ${this.#options.name} (${this.#device.name}) ended its move in state ${state}: ${status}`);
  }
}

/** Resolves early when aborted. */
function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (milliseconds < 1) return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done, { once: true });
  });
}
