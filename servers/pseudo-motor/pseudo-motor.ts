// SPDX-License-Identifier: MIT
import { pseudoMotor } from "../../devices/pseudo-motor.ts";
import { DevDouble } from "../../tango/idl/tango-types.ts";
import { type ControlSystem, type Device, devFailed, deviceClass, reading } from "../../tango/index.ts";
import { writable } from "../../tango/interface.ts";
import { geometryOf } from "./geometry.ts";
import { Mechanism, OutOfReach } from "./mechanism.ts";
import { RealAxes } from "./reals.ts";

/** `system` is where the real axes are found. */
export const pseudoMotorClass = (system: () => ControlSystem) =>
  deviceClass(pseudoMotor, async (device) => {
    const { Geometry, Parameters, Formulas, Reals } = device.properties;
    const geometry = geometryOf(Geometry, Parameters, Formulas);
    if (Reals.length !== geometry.reals.length)
      throw new RangeError(
        `property Reals has ${Reals.length} devices; geometry ${Geometry} has ${geometry.reals.length} real axes: ${geometry.reals.join(", ")}`,
      );
    await using stack = new AsyncDisposableStack();
    const mechanism = new Mechanism(geometry, await RealAxes.open(Reals, system()));
    const mover = new Mover(device, mechanism);
    for (const axis of geometry.axes.keys()) stack.use(mover.attach(axis));
    stack.use(mover.keepLooking());
    const owned = stack.move();
    return {
      Axes: () => [...geometry.axes],
      Reals: () => [...Reals],
      Stop: () => mover.stop("stop"),
      Abort: () => mover.stop("abort"),
      MoveTogether: (words) => mover.move(mover.parse(words)),
      Calculate: async (words) => {
        const reals = geometry.toReal(await mechanism.targets(mover.parse(words)));
        return reals.flatMap((position, i) => [Reals[i] ?? "", String(position)]);
      },
      [Symbol.asyncDispose]: async () => {
        await mover.rest();
        await owned.disposeAsync();
      },
    };
  });

/** Moves the mechanism as the device's one activity and tells clients of it. */
class Mover {
  readonly #device: Device<typeof pseudoMotor>;
  readonly #mechanism: Mechanism;
  readonly #activity;
  /** Axis -> position: what has been checked and waits for its start. */
  #changes: ReadonlyMap<number, number> = new Map();
  #deciding = 0;
  #aborter: AbortController | undefined;
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
        return reading(position, { quality: this.#mechanism.state === "MOVING" ? "CHANGING" : "VALID" });
      },
      write: (position) => this.move(new Map([[index, position]])),
    });
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

  /** Axes written in one call of a client move together: they start when the last of them has been checked. */
  async move(changes: ReadonlyMap<number, number>): Promise<void> {
    this.#deciding += 1;
    try {
      this.#changes = await this.#checked(changes);
      this.#device.state = "MOVING";
    } finally {
      this.#deciding -= 1;
      setImmediate(() => {
        if (this.#deciding === 0 && this.#changes.size > 0) this.#launch();
      });
    }
  }

  /** The changes with those that wait for their start. @throws DevFailed saying what keeps them from being made. */
  async #checked(changes: ReadonlyMap<number, number>): Promise<ReadonlyMap<number, number>> {
    const mechanism = this.#mechanism;
    for (const [index, position] of changes)
      if (!Number.isFinite(position))
        throw devFailed("API_WAttrOutsideLimit", `${mechanism.geometry.axes[index]} cannot be ${position}`);
    if (this.#activity.running) throw devFailed("API_CommandNotAllowed", `${this.#device.status} Stop it first.`);
    const together = new Map([...this.#changes, ...changes]);
    const targets = await mechanism.targets(together);
    if (mechanism.state === "MOVING")
      throw devFailed("API_CommandNotAllowed", "a real axis moves already: stop it first");
    await mechanism.check(targets).catch((error: unknown) => {
      throw error instanceof OutOfReach ? devFailed("API_WAttrOutsideLimit", error.message) : error;
    });
    return together;
  }

  #launch(): void {
    const changes = this.#changes;
    this.#changes = new Map();
    const { axes } = this.#mechanism.geometry;
    const aborter = new AbortController();
    this.#aborter = aborter;
    const wait = this.#device.properties.PollingTime * 1000;
    const pause = () => new Promise<void>((resolve) => void setTimeout(resolve, wait));
    this.#activity.start(async (signal) => {
      const either = AbortSignal.any([signal, aborter.signal]);
      try {
        const targets = await this.#mechanism.targets(changes);
        await this.#mechanism.move(targets, either, pause, () => this.#publish(true));
      } finally {
        this.#aborter = undefined;
        this.#publish(false);
      }
      await this.#showRanges();
      this.#device.status = "Ready.";
    });
    this.#device.status = `Moving ${[...changes].map(([i, position]) => `${axes[i]} to ${position}`).join(", ")}.`;
  }

  /** Returns when the real axes have been told, before they rest. */
  async stop(how: "stop" | "abort"): Promise<void> {
    if (this.#aborter) this.#aborter.abort(how);
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
    for (const [i, position] of this.#mechanism.positions.entries()) {
      const name = this.#mechanism.geometry.axes[i] ?? "";
      if (this.#pushed[i] === `${position} ${quality}`) continue;
      this.#pushed[i] = `${position} ${quality}`;
      this.#device.push(name as never, reading(position, { quality }) as never);
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
    return this.#activity.running || this.#deciding > 0 || this.#changes.size > 0;
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
