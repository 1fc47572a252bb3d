// SPDX-License-Identifier: MIT
// What is known of an axis: the last look at its controller, in user terms, and the events that tell of changes.
import type { motor } from "../../devices/motor.ts";
import { type Device, reading as tangoReading } from "../../tango/index.ts";
import type { AxisDriver, AxisReading } from "./driver.ts";
import { dialOfSteps, direction, type Frame, userOfDial, userOfSteps } from "./frame.ts";
import type { MotorProperties } from "./settings.ts";
import { switches } from "./situation.ts";

export type MotorDevice = Device<typeof motor>;

/** What an axis tells its view. */
export interface AxisPlace {
  readonly frame: () => Frame;
  /** User position. */
  readonly target: () => number;
}

export class AxisView {
  readonly #device: MotorDevice;
  readonly #driver: AxisDriver;
  readonly #properties: MotorProperties;
  readonly #frame: () => Frame;
  readonly #target: () => number;
  #reading: AxisReading | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #pushedAt = Number.NEGATIVE_INFINITY;
  #pushed: Readonly<Record<string, unknown>> = {};
  #failure: unknown = new Error("the controller has not answered yet");

  constructor(device: MotorDevice, driver: AxisDriver, { frame, target }: AxisPlace) {
    this.#device = device;
    this.#driver = driver;
    this.#properties = device.properties;
    this.#frame = frame;
    this.#target = target;
  }

  /** Asks the controller now. Rejects when it does not answer. */
  async look(): Promise<AxisReading> {
    try {
      const reading = await this.#driver.read();
      this.#reading = reading;
      this.#readAt = performance.now();
      return reading;
    } catch (error) {
      this.#reading = undefined;
      this.#failure = error;
      throw error;
    }
  }

  /** A reading not older than the polling time. */
  async fresh(): Promise<AxisReading> {
    const age = performance.now() - this.#readAt;
    return this.#reading && age < this.#properties.PollingTime * 1000 ? this.#reading : this.look();
  }

  /** The last reading. @throws what the controller's silence was, when it did not answer last time. */
  get reading(): AxisReading {
    if (!this.#reading) throw this.#failure;
    return this.#reading;
  }
  get known(): AxisReading | undefined {
    return this.#reading;
  }

  get dial(): number {
    return dialOfSteps(this.#frame(), this.reading.steps);
  }
  get position(): number {
    return userOfSteps(this.#frame(), this.reading.steps);
  }
  /** By the encoder; the motor's position where there is none. */
  get measured(): number {
    const { encoder } = this.reading;
    if (encoder === undefined) return this.position;
    return userOfDial(this.#frame(), encoder / (this.#properties.EncoderStepsPerUnit ?? this.#frame().stepsPerUnit));
  }
  get switches(): { readonly low: boolean; readonly high: boolean } {
    return switches(this.reading, direction(this.#frame()));
  }
  get positionText(): string {
    return `${Number(this.position.toPrecision(10))} ${this.#properties.Unit}`.trimEnd();
  }

  /** Sends the events of what changed; while moving not more often than the event period. */
  publish(moving: boolean): void {
    const now = performance.now();
    if (moving && now - this.#pushedAt < this.#properties.EventPeriod * 1000 - 1) return;
    this.#pushedAt = now;
    const quality = moving ? "CHANGING" : "VALID";
    const { low, high } = this.switches;
    this.#push("Position", this.position, quality);
    this.#push("DialPosition", this.dial, quality);
    this.#push("Measured_Position", this.measured, quality);
    this.#push("HardLimitLow", low);
    this.#push("HardLimitHigh", high);
    this.#push("HomeSwitch", this.reading.home ?? false);
  }

  #push(
    name: "Position" | "DialPosition" | "Measured_Position" | "HardLimitLow" | "HardLimitHigh" | "HomeSwitch",
    value: number | boolean,
    quality: "VALID" | "CHANGING" = "VALID",
  ): void {
    const key = `${value} ${quality}`;
    if (this.#pushed[name] === key) return;
    this.#pushed = { ...this.#pushed, [name]: key };
    const set = name === "Position" ? { set: this.#target() } : {};
    this.#device.push(name, tangoReading(value, { quality, ...set }) as never);
  }
}
