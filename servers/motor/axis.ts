// SPDX-License-Identifier: MIT
// A motor: one axis of any controller with user positions, limits, backlash, homing, failures and memory.
// Retarget rule: a new position during a move bends the move there, by the controller's own means or by stopping first.
// During homing, limit search, jog and trajectory a new position is refused: stop first.
import type { Activity } from "../../tango/index.ts";
import type { AxisDriver, AxisReading } from "./driver.ts";
import { direction, type Frame, stepsOfDial } from "./frame.ts";
import type { SettingsMemory } from "./memory.ts";
import { type Halt, Motion } from "./motion.ts";
import { type Plan, planMove } from "./plan.ts";
import type { Speed } from "./profile.ts";
import { follow } from "./pursuit.ts";
import { notArrived, notNow, notSupported } from "./refusal.ts";
import { type Settings, stepSpeed } from "./settings.ts";
import { atRest, type Failure, MotionFailed, messageOf, noContact } from "./situation.ts";
import { AxisView, type MotorDevice } from "./view.ts";

/** Milliseconds of motion after which the position of an axis that would forget it is stored. */
const REMEMBER = 2000;

export interface MoveOptions {
  /** Starts the first leg in the place of the driver, e.g. together with other axes. */
  readonly begin?: ((leg: number) => Promise<void>) | undefined;
  /** How often the axis had been halted when the move was asked for; default: now. */
  readonly halts?: number;
}

export class MotorAxis {
  readonly device: MotorDevice;
  readonly driver: AxisDriver;
  readonly memory: SettingsMemory;
  readonly view: AxisView;
  readonly #activity: Activity;
  #motion: Motion | undefined;
  #failure: Failure | undefined;
  #target: number | undefined;
  #speedSent = "";
  #rememberedAt = 0;
  #halts = 0;

  constructor(device: MotorDevice, driver: AxisDriver, memory: SettingsMemory) {
    this.device = device;
    this.driver = driver;
    this.memory = memory;
    this.view = new AxisView(device, driver, { frame: () => this.frame, target: () => this.target });
    this.#activity = device.activity("MOVING");
  }

  get settings(): Settings {
    return this.memory.now;
  }
  get frame(): Frame {
    const { sign, offset } = this.settings;
    return { sign, offset, stepsPerUnit: this.device.properties.StepsPerUnit };
  }
  get motion(): Motion | undefined {
    return this.#motion;
  }
  get moving(): boolean {
    return this.#motion !== undefined;
  }
  /** Where it was last sent, or where it is, when it was stopped or moved otherwise. */
  get target(): number {
    return this.#target ?? this.view.position;
  }
  /** Why the last motion ended elsewhere than it should. */
  get failure(): Failure | undefined {
    return this.#failure;
  }
  /** How often it was halted: what has not begun yet must not begin after that. */
  get halts(): number {
    return this.#halts;
  }
  /** Resolves when the present motion has ended, however. */
  get ended(): Promise<void> {
    return this.#activity.ended;
  }

  /** Waits for that and gives the position. @throws DevFailed with what kept it from its target. */
  async arrived(): Promise<number> {
    await this.ended;
    if (this.#failure) throw notArrived(this.#failure.status);
    return this.view.position;
  }

  // ---- motions -----------------------------------------------------------------------------------------------------

  /** Checks a move without starting it. @throws DevFailed saying why it may not start. */
  plan(user: number): Plan {
    const motion = this.#motion;
    if (motion && motion.kind !== "move") throw notNow(`${motion.doing}: stop it before sending the axis elsewhere`);
    return planMove(this.frame, this.settings, this.ready().steps, user);
  }

  /** Starts a move, or bends the one that goes on. @throws DevFailed when it may not, or was halted meanwhile. */
  async move(user: number, { begin, halts = this.#halts }: MoveOptions = {}): Promise<void> {
    await this.view.fresh().catch(() => {}); // `plan` says so
    if (halts !== this.#halts) throw notNow(`stopped before the move to ${user} had begun`);
    const { legs, end } = this.plan(user);
    const motion = this.#motion;
    if (!motion && legs.length === 0) return this.#arrivedAlready(user);
    if (motion) {
      this.#setTarget(user);
      // A moving axis that is at its new place now will not be there in a moment.
      return motion.retarget(legs.length > 0 ? legs : [end]);
    }
    const next = new Motion("move", `Moving to ${user} ${this.device.properties.Unit}`, legs);
    this.launch(next, () => follow(this, next, { begin }));
    this.#setTarget(user);
  }

  #arrivedAlready(user: number): void {
    this.#setTarget(user);
    this.#failure = undefined;
    this.settle();
  }

  /** Runs `action` as the axis' one motion; State is MOVING until it rests. The controller is told before the clients are. */
  launch(motion: Motion, action: () => Promise<void>): void {
    if (this.#motion) throw notNow(`${this.#motion.doing}: stop it first`);
    this.#motion = motion;
    this.#rememberedAt = performance.now();
    this.#failure = undefined;
    const ended = action();
    this.#activity.start(async (signal) => {
      const stop = () => void this.halt("stop").catch((error) => this.device.log.error(messageOf(error)));
      signal.addEventListener("abort", stop, { once: true });
      try {
        await ended;
        if (motion.halt) this.#setTarget(undefined);
      } catch (error) {
        throw this.#failed(motion, error);
      } finally {
        signal.removeEventListener("abort", stop);
        this.#motion = undefined;
        this.#remember();
        this.settle();
      }
    });
    this.device.status = `${motion.doing}.`;
  }

  /** Remembers why the motion ended; what the device is told is the same. */
  #failed(motion: Motion, error: unknown): MotionFailed {
    this.#setTarget(undefined);
    const state = error instanceof MotionFailed ? error.state : "FAULT";
    const failure = this.view.known
      ? { state, status: `${motion.doing}: ${messageOf(error)}` }
      : noContact(this.driver.about, error);
    this.#failure = failure;
    motion.end("stop")();
    return new MotionFailed(failure.state, failure.status, { cause: error });
  }

  /** Ends the present motion and tells the controller to stop in any case. Returns when it accepted, before rest. */
  async halt(how: Halt): Promise<void> {
    this.endMotion(how)();
    await this.haltDriver(how);
  }
  /** The first half of a halt; gives what tells the axes that started together with this one. */
  endMotion(how: Halt): () => void {
    this.#halts += 1;
    return this.#motion?.end(how) ?? (() => {});
  }
  /** The second half. */
  async haltDriver(how: Halt): Promise<void> {
    await (how === "abort" && this.driver.abort ? this.driver.abort() : this.driver.stop());
  }

  /** Sends velocity and acceleration to the controller when they changed; `undefined`: it has them. */
  sendSpeed(velocity = this.settings.velocity): Promise<void> | undefined {
    const speed = stepSpeed({ ...this.settings, velocity }, this.frame.stepsPerUnit);
    const key = `${speed.velocity} ${speed.acceleration} ${speed.firstVelocity}`;
    return key === this.#speedSent ? undefined : this.#sendNew(speed, key);
  }
  async #sendNew(speed: Speed, key: string): Promise<void> {
    await this.driver.setSpeed(speed);
    this.#speedSent = key;
  }

  // ---- situation ---------------------------------------------------------------------------------------------------

  /** The last reading, when the axis may start to move. @throws DevFailed saying why not. */
  ready(): AxisReading {
    const reading = this.view.known;
    if (!reading) throw notNow(this.device.status);
    if (reading.fault) throw notNow(`the controller reports a fault: ${reading.fault}`);
    if (reading.powered === false) throw notNow("the motor power is off: call On first");
    return reading;
  }

  /** @throws DevFailed when a motion goes on. */
  resting(what: string): void {
    if (this.#motion) throw notNow(`${this.#motion.doing}: stop it before you ${what}`);
  }

  /** Sets State and Status from what is known; at rest only. */
  settle(): void {
    if (this.#motion) return;
    const reading = this.view.known;
    const situation = reading
      ? atRest(reading, direction(this.frame), this.#failure, this.view.positionText)
      : (this.#failure ?? noContact(this.driver.about, "it has not answered yet"));
    // Who waits for the State has been told by then where the axis rests.
    if (reading) this.view.publish(false);
    this.device.status = situation.status;
    if (this.device.state !== situation.state) this.device.state = situation.state;
  }

  /** One look at rest: contact lost and found, switches, motions nobody here asked for. */
  async check(): Promise<void> {
    if (this.#motion) return;
    try {
      const reading = await this.view.look();
      if (this.#motion) return;
      if (this.#failure?.contact) await this.#foundAgain();
      if (reading.moving) this.watch(reading);
    } catch (error) {
      this.#speedSent = "";
      this.#failure = noContact(this.driver.about, error);
    }
    this.settle();
  }

  async #foundAgain(): Promise<void> {
    this.#failure = undefined;
    this.device.log.info(`${this.driver.about} answers again`);
  }

  /** Follows a motion that was not started here: after a restart, or from the controller's own panel. */
  watch(reading: AxisReading): void {
    const motion = new Motion("found", `Moving, found at ${this.view.positionText}`);
    this.launch(motion, () => follow(this, motion, { started: reading }));
  }

  /** Forgets the failure of the last motion. */
  forgive(): void {
    this.#failure = undefined;
  }

  // ---- position ----------------------------------------------------------------------------------------------------

  async setSteps(steps: number): Promise<void> {
    if (!this.driver.setSteps) throw notSupported("change its position", this.driver.about);
    await this.driver.setSteps(steps);
    await this.driver.setEncoder?.(steps);
    await this.view.look();
    this.#setTarget(undefined);
    this.#remember();
  }
  setDialPosition(dial: number): Promise<void> {
    return this.setSteps(stepsOfDial(this.frame, dial));
  }

  #setTarget(user: number | undefined): void {
    this.#target = user;
    if (user !== undefined || this.view.known) this.device.push("Target", this.target);
  }

  /** Where a controller that forgets is now: stored at the end of each motion, and during it now and then. */
  #remember(): void {
    if (!this.driver.recall || !this.view.known) return;
    this.#rememberedAt = performance.now();
    this.memory.notePosition(this.view.dial);
  }
  /** For a server that is killed in mid-move. */
  rememberOnTheWay(): void {
    if (performance.now() - this.#rememberedAt > REMEMBER) this.#remember();
  }
}
