// SPDX-License-Identifier: MIT
// The motions of calculated axes, as the one activity of their device, and what clients are told of them.
import type { pseudoMotor } from "../../devices/pseudo-motor.ts";
import { DevDouble } from "../../tango/idl/tango-types.ts";
import { type Device, devFailed, reading } from "../../tango/index.ts";
import { writable } from "../../tango/interface.ts";
import { type Mechanism, OutOfReach } from "./mechanism.ts";

/** A motion that has been checked: axis -> position as asked for, and positions of all axes. */
interface Plan {
  readonly changes: ReadonlyMap<number, number>;
  readonly targets: readonly number[];
}

/** A motion that goes on. */
interface Going {
  readonly targets: readonly number[];
  readonly aborter: AbortController;
  /** Where it goes on to from here. */
  next: readonly number[] | undefined;
  /** Somebody stopped it. */
  halted: boolean;
}
const goingTo = (targets: readonly number[]): Going => ({
  targets,
  aborter: new AbortController(),
  next: undefined,
  halted: false,
});

/** Moves the mechanism as the device's one activity and tells clients of it. */
export class Mover {
  readonly #device: Device<typeof pseudoMotor>;
  readonly #mechanism: Mechanism;
  readonly #activity;
  /** What has been checked and waits for its start. */
  #planned: Plan | undefined;
  #deciding = 0;
  /** The motion that goes on: where to, what ends it, and where it goes on to after that. */
  #going: Going | undefined;
  #pushedAt = 0;
  #pushed: string[] = [];

  constructor(device: Device<typeof pseudoMotor>, mechanism: Mechanism) {
    this.#device = device;
    this.#mechanism = mechanism;
    this.#activity = device.activity("MOVING");
  }

  /** Makes one calculated axis an attribute. */
  attach(index: number): Disposable {
    const { axes, units } = this.#mechanism.geometry;
    const name = axes[index] ?? "";
    const unit = units?.[name];
    const definition = writable(DevDouble, { events: { change: "pushed" }, format: "%10.4f", ...(unit && { unit }) });
    return this.#device.attach(name, definition, {
      read: async () => {
        const position = (await this.#mechanism.look(5))[index] ?? Number.NaN;
        const quality = this.#mechanism.state === "MOVING" ? "CHANGING" : "VALID";
        return reading(position, { quality, set: this.#goals[index] ?? position });
      },
      write: (position) => this.move(new Map([[index, position]])),
    });
  }

  get #goals(): readonly number[] {
    return this.#going?.next ?? this.#going?.targets ?? this.#mechanism.goals;
  }

  /** Reads "axis, position, ...". @throws DevFailed naming what is wrong. */
  parse(words: readonly string[]): Map<number, number> {
    const { axes } = this.#mechanism.geometry;
    const wrong = (text: string) => devFailed("API_InvalidArgs", text);
    if (words.length === 0 || words.length % 2)
      throw wrong(`pairs of axis and position wanted, not ${words.length} words`);
    const changes = new Map<number, number>();
    for (let i = 0; i < words.length; i += 2) {
      const index = axes.findIndex((name) => name.toLowerCase() === words[i]?.toLowerCase());
      if (index < 0) throw wrong(`no axis "${words[i]}"; there are ${axes.join(", ")}`);
      changes.set(index, words[i + 1]?.trim() ? Number(words[i + 1]) : Number.NaN);
    }
    return changes;
  }

  /**
   * Axes written in one call of a client move together: they start when the last of them has been checked. During a motion
   * the real axes are stopped and sent on from there; axes that are not named keep where they were sent.
   */
  async move(changes: ReadonlyMap<number, number>): Promise<void> {
    if (this.#going) return this.#retarget(this.#going, changes);
    this.#deciding += 1;
    try {
      this.#planned = await this.#plan(changes);
      this.#device.state = "MOVING";
    } finally {
      this.#deciding -= 1;
      setImmediate(() => {
        if (this.#deciding === 0 && this.#planned) this.#launch(this.#planned);
      });
    }
  }

  /** The changes with those that wait for their start. @throws DevFailed saying what keeps them from being made. */
  async #plan(given: ReadonlyMap<number, number>): Promise<Plan> {
    const mechanism = this.#mechanism;
    await this.#activity.ended;
    const changes = new Map([...(this.#planned?.changes ?? []), ...given]);
    const targets = await mechanism.targets(changes);
    if (mechanism.state === "MOVING" || this.#activity.running)
      throw devFailed("API_CommandNotAllowed", "a real axis moves already: stop it first");
    await this.#reachable(changes, targets);
    return { changes, targets };
  }

  async #reachable(changes: ReadonlyMap<number, number>, targets: readonly number[]): Promise<void> {
    const { geometry } = this.#mechanism;
    for (const [index, position] of changes)
      if (!Number.isFinite(position))
        throw devFailed("API_WAttrOutsideLimit", `${geometry.axes[index]} cannot be ${position}`);
    await this.#mechanism.check(targets).catch((error: unknown) => {
      throw error instanceof OutOfReach ? devFailed("API_WAttrOutsideLimit", error.message) : error;
    });
  }

  async #retarget(going: Going, changes: ReadonlyMap<number, number>): Promise<void> {
    let base: readonly number[];
    let targets: readonly number[];
    do {
      base = going.next ?? going.targets;
      targets = base.map((position, i) => changes.get(i) ?? position);
      await this.#reachable(changes, targets);
    } while (base !== (going.next ?? going.targets));
    if (going.halted) throw devFailed("API_CommandNotAllowed", "the motion was stopped just now");
    if (this.#going !== going) return this.move(changes);
    going.next = targets;
    going.aborter.abort("stop");
    this.#device.status = this.#doing(changes);
  }

  #doing(changes: ReadonlyMap<number, number>): string {
    const { axes } = this.#mechanism.geometry;
    return `Moving ${[...changes].map(([i, position]) => `${axes[i]} to ${position}`).join(", ")}.`;
  }

  #launch({ changes, targets }: Plan): void {
    this.#planned = undefined;
    this.#going = goingTo(targets);
    this.#activity.start(async (signal) => {
      try {
        for (let going = this.#going; going && !signal.aborted; ) {
          await this.#go(going, signal);
          this.#going = going = going.next && goingTo(going.next);
        }
      } finally {
        this.#going = undefined;
        this.#publish(false);
      }
      await this.#showRanges();
      this.#device.status = "Ready.";
    });
    this.#device.status = this.#doing(changes);
  }

  async #go({ targets, aborter }: Going, signal: AbortSignal): Promise<void> {
    const wait = this.#device.properties.PollingTime * 1000;
    const pause = () => new Promise<void>((resolve) => void setTimeout(resolve, wait));
    await this.#mechanism.move(targets, AbortSignal.any([signal, aborter.signal]), pause, () => this.#publish(true));
  }

  /** Returns when the real axes have been told, before they rest. */
  async stop(how: "stop" | "abort"): Promise<void> {
    if (this.#planned) this.#show("ON", "Ready.");
    this.#planned = undefined;
    if (this.#going) {
      this.#going.halted = true;
      this.#going.next = undefined;
      this.#going.aborter.abort(how);
    }
    await this.#mechanism.reals.stop(how === "abort" ? "Abort" : "Stop");
  }
  /** Stops and waits. */
  rest(): Promise<void> {
    return this.#activity.stop();
  }

  #publish(moving: boolean): void {
    const now = performance.now();
    if (moving && now - this.#pushedAt < this.#device.properties.EventPeriod * 1000 - 1) return;
    this.#pushedAt = now;
    const quality = moving ? "CHANGING" : "VALID";
    const goals = this.#goals;
    for (const [i, position] of this.#mechanism.positions.entries()) {
      const name = this.#mechanism.geometry.axes[i] ?? "";
      if (this.#pushed[i] === `${position} ${quality}`) continue;
      this.#pushed[i] = `${position} ${quality}`;
      this.#device.push(name as never, reading(position, { quality, set: goals[i] ?? position }) as never);
    }
  }

  /** Minimum and maximum of each axis follow the limits of the real ones. */
  async #showRanges(): Promise<void> {
    for (const [i, [minValue, maxValue]] of (await this.#mechanism.ranges()).entries())
      this.#device.configure(this.#mechanism.geometry.axes[i] ?? "", { minValue, maxValue });
  }

  /** Looks now and then: real axes are moved, limited and broken by others too. */
  keepLooking(): AsyncDisposable {
    let timer: NodeJS.Timeout | undefined;
    let closed = false;
    let looking: Promise<void> = Promise.resolve();
    const again = () => {
      looking = this.#lookAround().then(() => {
        if (!closed) timer = setTimeout(again, this.#device.properties.IdlePollingTime * 1000);
      });
    };
    again();
    return {
      [Symbol.asyncDispose]: async () => {
        closed = true;
        clearTimeout(timer);
        await looking;
      },
    };
  }

  get #busy(): boolean {
    return this.#activity.running || this.#deciding > 0 || this.#planned !== undefined;
  }
  async #lookAround(): Promise<void> {
    if (this.#busy) return;
    try {
      await this.#mechanism.look();
      await this.#showRanges();
      if (this.#busy) return;
      this.#publish(false);
      this.#show(this.#mechanism.state, this.#mechanism.state === "ON" ? "Ready." : "A real axis is not at rest.");
    } catch (error) {
      if (!this.#busy) this.#show("FAULT", `A real axis does not answer: ${(error as Error).message}`);
    }
  }

  #show(state: "ON" | "MOVING" | "FAULT" | "ALARM", status: string): void {
    // What ended the last motion stays until the next, while the real axes still say so.
    if (this.#device.state === state && state !== "ON") return;
    this.#device.status = status;
    if (this.#device.state !== state) this.#device.state = state;
  }
}
