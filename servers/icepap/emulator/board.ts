// SPDX-License-Identifier: MIT
// One emulated driver board: a simulated axis and what the board remembers of its motions, registers and switches.
import { SimulatedAxis } from "../../simulated-motor/axis.ts";
import type { Vector } from "../blocks.ts";
import { encodeStatus, modes, NOT_ACTIVE, SOFTWARE_OFF } from "../status.ts";
import { configDefaults, initialWords } from "./config-table.ts";
import { curveFor, type ParametricCurve } from "./parametric.ts";
import { Refusal } from "./refusal.ts";
import type { PositionTable } from "./tables.ts";

/** Places in steps. */
export interface BoardOptions {
  /** rack x 10 + slot. */
  readonly address: number;
  readonly name?: string;
  /** Limit switches and home switch. Default: none. */
  readonly low?: number;
  readonly high?: number;
  readonly home?: number;
  /** Steps a second, seconds. Default 1000, 0.25. */
  readonly velocity?: number;
  readonly acctime?: number;
  /** Milliseconds; default `performance.now`. */
  readonly now?: () => number;
}

type Search = { readonly kind: "home" | "limit"; readonly direction: 1 | -1; found?: number | undefined };

export class Board {
  readonly address: number;
  readonly axis: SimulatedAxis;
  readonly words: Map<string, string>;
  velocity: number;
  acctime: number;
  parametricVelocity = 0;
  parametricAcctime = 0.1;
  /** Electronic cam and position list, as loaded. */
  ecam: PositionTable | undefined;
  list: PositionTable | undefined;
  curve: ParametricCurve | undefined;
  readonly config = new Map(configDefaults);
  /** Faults on request: codes of the status word. */
  disable = 0;
  alive = true;
  failing = 0;
  #stopCode = 0;
  #target: number | undefined;
  #search: Search | undefined;
  #shifts = new Map<string, number>();
  readonly #now: () => number;
  /** The parameter of the trajectory, as long as the axis is where that says. */
  #parameter: (() => number) | undefined;

  constructor({ address, name = "", now = () => performance.now(), ...options }: BoardOptions) {
    const { low, high, home, velocity = 1000, acctime = 0.25 } = options;
    this.#now = now;
    this.address = address;
    this.velocity = velocity;
    this.acctime = acctime;
    const places = Object.fromEntries(Object.entries({ low, high, home }).filter(([, place]) => place !== undefined));
    this.axis = new SimulatedAxis({ ...places, encoder: true, now, name: `Axis ${address}` });
    this.words = new Map([...initialWords, ["NAME", name]]);
    this.applySpeed();
  }

  get moving(): boolean {
    return this.axis.read().moving;
  }
  get powered(): boolean {
    return this.axis.read().powered ?? false;
  }
  get steps(): number {
    return this.axis.read().steps;
  }

  // ---- motions

  /** @throws Refusal when the board cannot move now. */
  ready(mode = "OPER"): void {
    if (this.disabledBy !== 0) throw new Refusal("Axis disabled");
    if (this.words.get("MODE") !== mode) throw new Refusal("Command or option not valid in this mode");
  }
  idle(mode?: string): void {
    this.ready(mode);
    if (this.moving) throw new Refusal("Axis is moving");
  }
  move(target: number): void {
    this.#begin(target);
    this.axis.move(target);
  }
  jog(velocity: number): void {
    this.#begin(undefined);
    this.axis.jog(velocity);
  }
  home(direction: 1 | -1): void {
    this.#seek("home", direction, () => this.axis.home(direction));
  }
  searchLimit(direction: 1 | -1): void {
    this.#seek("limit", direction, () => this.axis.searchLimit(direction));
  }
  loadVectors(vectors: readonly Vector[], mode: string): void {
    this.curve = curveFor(vectors, this.address, mode);
  }
  /** @throws Refusal when nothing is loaded. */
  get trajectory(): ParametricCurve {
    if (!this.curve) throw new Refusal("Not initialised parametric data");
    return this.curve;
  }
  /** Where on the trajectory it is. @throws Refusal when it is elsewhere. */
  get parameter(): number {
    const { start } = this.trajectory;
    const begins = this.steps === Math.round(this.trajectory.at(start).position);
    const parameter = this.#parameter?.() ?? (begins ? start : undefined);
    if (parameter === undefined || (!this.moving && this.steps !== Math.round(this.trajectory.at(parameter).position)))
      throw new Refusal("Axis is out of the parametric position");
    return parameter;
  }
  /** Moves to where the trajectory is at `parameter`. */
  join(parameter: number): void {
    this.move(Math.round(this.trajectory.at(parameter).position));
    this.#parameter = () => parameter;
  }
  /** Moves along the trajectory. */
  moveAlong(to: number): void {
    const { trajectory } = this;
    if (this.parametricVelocity <= 0) throw new Refusal("Out of range parameter(s)");
    const from = this.parameter;
    const end = Math.round(trajectory.at(to).position);
    const { axis, parameter } = trajectory.motion(from, to, this.parametricVelocity, this.parametricAcctime);
    this.#begin(end);
    const started = this.#now();
    this.axis.run(axis);
    this.#parameter = () => parameter.at((this.#now() - started) / 1000).position;
  }
  halt(how: "STOP" | "ABORT"): void {
    if (!this.moving) return;
    this.#stopCode = how === "STOP" ? 1 : 2;
    this.#target = undefined;
    this.#parameter = undefined;
    if (how === "STOP") this.axis.stop();
    else this.axis.abort();
  }
  power(on: boolean): void {
    if (!on && this.moving) {
      this.axis.abort();
      this.#stopCode = 6;
    }
    this.axis.power(on);
  }

  #begin(target: number | undefined): void {
    this.#stopCode = 0;
    this.failing = 0;
    this.#target = target;
    this.#search = undefined;
    this.#parameter = undefined;
  }
  #seek(kind: Search["kind"], direction: 1 | -1, start: () => void): void {
    this.#begin(undefined);
    try {
      start();
    } catch {
      throw new Refusal("Out of range parameter(s)");
    }
    this.#search = { kind, direction };
  }

  // ---- what it says

  /** Code of the status word; 0: it may move. */
  get disabledBy(): number {
    if (this.config.get("ACTIVE") === "NO") return NOT_ACTIVE;
    return this.disable || (this.powered ? 0 : SOFTWARE_OFF);
  }

  status(): number {
    const { moving, powered = true, limitHigh, limitLow, home } = this.axis.read();
    const disable = this.disabledBy;
    return encodeStatus({
      presence: this.alive ? (this.words.get("MODE") === "CONFIG" ? 2 : 3) : 1,
      mode: Math.max(0, (modes as readonly string[]).indexOf(this.words.get("MODE") ?? "")),
      disable,
      ready: !moving && disable === 0,
      moving,
      warning: this.words.get("WARNING") !== "NONE",
      stopCode: this.stopCode(),
      limitHigh: limitHigh ?? false,
      limitLow: limitLow ?? false,
      home: home ?? false,
      aux5V: true,
      powerOn: powered,
    });
  }

  stopCode(): number {
    if (this.failing) return this.failing;
    const { moving, limitHigh, limitLow, steps } = this.axis.read();
    if (moving || this.#stopCode) return this.#stopCode;
    if (this.#target === steps || (this.#search?.kind === "home" && this.#found() !== undefined)) return 0;
    return limitHigh ? 3 : limitLow ? 4 : 0;
  }

  /** "FOUND +1", "MOVING -1", "NOTFOUND 0". */
  searchState(kind: Search["kind"]): string {
    if (this.#search?.kind !== kind) return "NOTFOUND 0";
    const way = this.#search.direction === 1 ? "+1" : "-1";
    if (this.moving) return `MOVING ${way}`;
    return this.#found() === undefined ? "NOTFOUND 0" : `FOUND ${way}`;
  }
  /** Where the signal was met. @throws Refusal when it was not. */
  searchPlace(kind: Search["kind"]): number {
    const found = this.#search?.kind === kind && !this.moving ? this.#found() : undefined;
    if (found === undefined) throw new Refusal("Position not found");
    return found;
  }
  #found(): number | undefined {
    const search = this.#search;
    if (!search) return undefined;
    if (search.kind === "home") return (search.found ??= this.axis.homeFound());
    const { limitHigh, limitLow, steps } = this.axis.read();
    return (search.direction === 1 ? limitHigh : limitLow) ? (search.found ??= steps) : undefined;
  }

  // ---- registers

  register(name: string): number {
    const { steps, encoder = steps } = this.axis.read();
    const base = name === "AXIS" || name === "MOTOR" || name === "INPOS" || name === "SYNC" ? steps : encoder;
    return Math.round(base) + (this.#shifts.get(name) ?? 0);
  }
  setRegister(name: string, value: number): void {
    if (name === "AXIS") {
      this.axis.setSteps(value);
      if (this.#search) this.#search = undefined;
    } else this.#shifts.set(name, (this.#shifts.get(name) ?? 0) + value - this.register(name));
  }

  // ---- speed

  applySpeed(): void {
    this.axis.setSpeed({ velocity: this.velocity, acceleration: this.velocity / this.acctime });
  }
  /** Keeps the slope: the time of acceleration follows. */
  setVelocity(velocity: number): void {
    this.acctime = Math.max(0.001, (this.acctime * velocity) / this.velocity);
    this.velocity = velocity;
    this.applySpeed();
  }
  setAcctime(seconds: number): void {
    this.acctime = seconds;
    this.applySpeed();
  }
}
