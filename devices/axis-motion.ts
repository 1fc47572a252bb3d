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

/** Milliseconds for which it is waited wide awake. */
const AWAKE = 20;
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
    const answer = this.#device.call(command, argument, { timeout: patience, ...(signal && { signal }) });
    // Its last look is not waited for: the answer is there.
    const _looking = this.#stayAwake(answer);
    try {
      return await answer;
    } catch (error) {
      if (signal?.aborted) {
        await halt();
        throw signal.reason;
      }
      if (error instanceof DevFailed && error.is("API_DeviceTimedOut")) return undefined;
      throw error;
    }
  }

  /**
   * Looks at the State meanwhile, for the first moments: of two processes that sleep through a short move each sees its end
   * a tenth of a millisecond later, and much later on a busy machine.
   */
  async #stayAwake(answer: Promise<unknown>): Promise<void> {
    let awaited = true;
    const done = () => void (awaited = false);
    answer.then(done, done);
    const until = performance.now() + AWAKE;
    while (awaited && performance.now() < until) await this.#device.state().catch(done);
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
