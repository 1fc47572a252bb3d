// SPDX-License-Identifier: MIT
// A simulated axis: its place is computed from the time whenever it is asked for, nothing runs in between. "Motor"
// places count the steps sent; the "carriage" is where the mechanics really are, which differs when steps are lost.
import type { AxisDriver, AxisGroup, AxisReading, Direction } from "../motor/driver.ts";
import { jogging, type Kinematic, type Profile, resting, type Speed, stopping, trapezoid } from "../motor/profile.ts";
import { type Knot, through } from "../motor/trajectory.ts";
import { type Fault, FaultBox } from "./faults.ts";
import { gaussian } from "./noise.ts";

/** Places in steps, as the axis counts when it is made. */
export interface SimulatedAxisOptions {
  readonly name?: string;
  readonly speed?: Speed;
  /** Limit switches. Default: none. */
  readonly low?: number;
  readonly high?: number;
  /** Home switch. Default: none. */
  readonly home?: number;
  /** How far from `home` its signal is on. */
  readonly homeWidth?: number;
  readonly encoder?: boolean;
  /** Standard deviation of an encoder reading. */
  readonly noise?: number;
  readonly seed?: number;
  /** The axes that start in the same instant as this one. */
  readonly group?: AxisGroup;
  /** Milliseconds; default `performance.now`. */
  readonly now?: () => number;
}

/** The same motion elsewhere. */
const moved = (profile: Profile, by: number): Profile => ({
  duration: profile.duration,
  end: profile.end + by,
  at: (seconds) => {
    const { position, velocity } = profile.at(seconds);
    return { position: position + by, velocity };
  },
  timeOf: (position) => profile.timeOf(position - by),
});

export class SimulatedAxis implements AxisDriver {
  readonly about: string;
  readonly group: AxisGroup | undefined;
  readonly faults: FaultBox;
  readonly #options: SimulatedAxisOptions;
  readonly #now: () => number;
  readonly #noise: () => number;
  #speed: Speed;
  #profile: Profile = resting(0);
  #started = 0;
  /** Seconds after which a switch ended the motion, and where. */
  #cut: { readonly after: number; readonly at: number } | undefined;
  /** Present count = motor place + this. */
  #shift = 0;
  #encoderShift = 0;
  #power = true;
  #closed = false;
  #gate = false;
  #homing = false;

  constructor(options: SimulatedAxisOptions = {}) {
    this.#options = options;
    this.group = options.group;
    this.about = options.name ?? "simulated axis";
    this.#now = options.now ?? (() => performance.now());
    this.#noise = gaussian(options.seed ?? 1);
    this.#speed = options.speed ?? { velocity: 1000, acceleration: 4000 };
    this.faults = new FaultBox(this.about, this.#now);
  }

  read(): AxisReading {
    this.faults.checkContact();
    const { encoder, noise = 0, low, high, home, homeWidth = 0.5 } = this.#options;
    // One moment for all of the reading: the motion may end between two looks at the clock.
    const now = this.#now();
    const { position } = this.#motor(now);
    const carriage = this.faults.carriage(position);
    const remaining = this.#remaining(now);
    const fault = this.faults.trip;
    return {
      steps: Math.round(position) + this.#shift,
      moving: remaining > 0,
      remaining,
      powered: this.#power,
      ...(encoder ? { encoder: carriage + this.#encoderShift + (noise && noise * this.#noise()) } : {}),
      limitLow: low !== undefined && carriage <= low,
      limitHigh: high !== undefined && carriage >= high,
      home: home !== undefined && Math.abs(carriage - home) <= homeWidth,
      ...(fault === undefined ? {} : { fault }),
    };
  }

  move(steps: number): void {
    this.#checkDrive();
    const { position, velocity } = this.#motor();
    this.#start(trapezoid(position, steps - this.#shift, this.#speed, velocity));
  }
  retarget(steps: number): boolean {
    this.move(steps);
    return true;
  }
  stop(): void {
    this.faults.checkContact();
    if (this.#remaining() > 0) this.#start(stopping(this.#motor(), this.#speed.acceleration));
  }
  abort(): void {
    this.faults.checkContact();
    this.#start(resting(this.#motor().position));
  }
  jog(velocity: number): void {
    this.#checkDrive();
    this.#start(jogging(this.#motor(), velocity, this.#speed.acceleration));
  }
  follow(knots: readonly Knot[]): void {
    this.run(through(knots));
  }
  /** Any motion that begins where the axis is. */
  run(profile: Profile): void {
    this.#checkDrive();
    this.#start(moved(profile, -this.#shift));
  }
  home(direction: Direction): void {
    const { home } = this.#options;
    const { position } = this.#motor();
    const ahead = home !== undefined && (home - position) * direction >= 0;
    this.#search(ahead ? home : this.#limit(direction), "home switch", direction);
    this.#homing = true;
  }
  homeFound(): number | undefined {
    const { home } = this.#options;
    const found = this.#homing && home !== undefined && Math.abs(this.#motor().position - home) <= 0.5;
    return found ? home + this.#shift : undefined;
  }
  searchLimit(direction: Direction): void {
    this.#search(this.#limit(direction), "limit switch", direction);
  }

  setSpeed(speed: Speed): void {
    this.faults.checkContact();
    this.#speed = speed;
  }
  speed(): Speed {
    return this.#speed;
  }
  setSteps(steps: number): void {
    this.faults.checkContact();
    this.#shift = steps - Math.round(this.#motor().position);
  }
  setEncoder(steps: number): void {
    this.#encoderShift = steps - this.faults.carriage(this.#motor().position);
  }
  recall(steps: number): void {
    this.#profile = resting(steps);
  }
  power(on: boolean): void {
    this.faults.checkContact();
    this.#power = on;
  }
  setClosedLoop(closed: boolean): void {
    this.faults.checkContact();
    this.#closed = closed;
  }
  closedLoop(): boolean {
    return this.#closed;
  }
  gate(open: boolean): void {
    this.faults.checkContact();
    this.#gate = open;
  }
  get gateOpen(): boolean {
    return this.#gate;
  }
  inject(fault: Fault): void {
    if (fault.kind === "trip") this.#start(resting(this.#motor().position));
    this.faults.inject(fault, this.#motor().position);
  }
  repair(): void {
    this.faults.repair(this.#motor().position);
  }
  async [Symbol.asyncDispose](): Promise<void> {}

  // ---- the motion --------------------------------------------------------------------------------------------------

  #start(profile: Profile): void {
    this.#cut = this.#cutOf(profile);
    this.#profile = profile;
    this.#started = this.#now();
    this.#homing = false;
  }

  /** Where the motor is; a switch stops it at once. */
  #motor(now = this.#now()): Kinematic {
    const seconds = (now - this.#started) / 1000;
    if (this.#cut && this.#remaining(now) === 0) return { position: this.#cut.at, velocity: 0 };
    return this.#profile.at(seconds);
  }

  /** Milliseconds to the end of the motion. */
  #remaining(now = this.#now()): number {
    const duration = this.#cut?.after ?? this.#profile.duration;
    return Math.max(0, duration * 1000 - (now - this.#started));
  }

  /** Where a limit switch will end this motion. */
  #cutOf(profile: Profile): { after: number; at: number } | undefined {
    const from = profile.at(0).position;
    const lost = from - this.faults.carriage(from);
    const cuts = (
      [
        ["high", 1],
        ["low", -1],
      ] as const
    ).flatMap(([side, way]) => {
      const place = this.#options[side];
      if (place === undefined || this.faults.stalled) return [];
      const at = place + lost;
      if ((from - at) * way >= 0) return (profile.end - from) * way > 0 ? [{ after: 0, at: from }] : [];
      const after = profile.timeOf(at);
      return after === undefined ? [] : [{ after, at }];
    });
    return cuts.sort((a, b) => a.after - b.after)[0];
  }

  #limit(direction: Direction): number | undefined {
    const place = direction === 1 ? this.#options.high : this.#options.low;
    // Well beyond the switch: it must be the switch that stops it.
    return place === undefined ? undefined : place + direction * (1 + this.#speed.velocity);
  }

  #search(target: number | undefined, what: string, direction: Direction): void {
    this.#checkDrive();
    if (target === undefined)
      throw new Error(`${this.about} has no ${what} on its ${direction === 1 ? "high" : "low"} side`);
    const { position, velocity } = this.#motor();
    this.#start(trapezoid(position, target, this.#speed, velocity));
  }

  #checkDrive(): void {
    this.faults.checkContact();
    if (!this.#power) throw new Error(`${this.about} is switched off`);
    if (this.faults.trip) throw new Error(`${this.about} has tripped: ${this.faults.trip}`);
  }
}
