// SPDX-License-Identifier: MIT
// One axis of an IcePAP as a motor driver.
import type { AxisDriver, AxisGroup, AxisReading, Direction } from "../motor/driver.ts";
import type { Speed } from "../motor/profile.ts";
import type { Knot } from "../motor/trajectory.ts";
import { encodeBlock, encodeVectors } from "./blocks.ts";
import { IcepapError } from "./connection.ts";
import type { Glance, IcepapController } from "./controller.ts";
import { Remarks, type Said } from "./remarks.ts";
import { decodeStatus, disables, failedBy, type IcepapStatus, presences, SOFTWARE_OFF } from "./status.ts";

export interface IcepapAxisOptions {
  /** rack x 10 + slot. */
  readonly address: number;
  /** Position register of the encoder, e.g. "MEASURE"; "" for none. */
  readonly encoder?: string;
}

/** Milliseconds a board may take to say MOVING after it has accepted a command. */
const grace = { move: 10, search: 120, home: 220, power: 0 } as const;
/** After a command the master's memory of the board is old for so long. */
const STALE = 1000;

export class IcepapAxis implements AxisDriver {
  readonly about: string;
  readonly group: AxisGroup;
  readonly #controller: IcepapController;
  readonly #address: number;
  readonly #encoder: string;
  readonly #release: AsyncDisposable;
  readonly #joined: Disposable;
  readonly #remarks = new Remarks((query) => this.#ask(`${this.#address}:${query}`));
  #commandedAt = Number.NEGATIVE_INFINITY;
  #movingUntil = Number.NEGATIVE_INFINITY;

  /** `release`: disposed with the axis, what it holds of the controller. */
  constructor(controller: IcepapController, { address, encoder = "" }: IcepapAxisOptions, release: AsyncDisposable) {
    this.#controller = controller;
    this.#address = address;
    this.#encoder = encoder;
    this.#release = release;
    this.group = controller.group;
    this.#joined = controller.join(this, {
      address,
      started: () => this.#commanded("move"),
      halted: () => void (this.#movingUntil = Number.NEGATIVE_INFINITY),
    });
    this.about = `axis ${address} of ${controller.about}`;
  }

  async read(): Promise<AxisReading> {
    const now = performance.now();
    const glance = await this.#controller.glance(this.#address, this.#encoder, now - this.#commandedAt < STALE);
    const status = decodeStatus(glance.status);
    const moving = (status.moving | status.settling) === 1;
    if (moving) this.#movingUntil = Number.NEGATIVE_INFINITY;
    const said = await this.#remarks.of(status);
    return { ...readingOf(status, glance, said), moving: moving || now < this.#movingUntil };
  }

  async move(steps: number): Promise<void> {
    await this.#command(`MOVE ${this.#address} ${steps}`, "move");
  }
  /** A board that follows an external indexer, or has an old firmware, refuses to. */
  async retarget(steps: number): Promise<boolean> {
    try {
      await this.#command(`UMOVE ${this.#address} ${steps}`, "move");
      return true;
    } catch (error) {
      if (error instanceof IcepapError) return false;
      throw error;
    }
  }
  async stop(): Promise<void> {
    this.#movingUntil = Number.NEGATIVE_INFINITY;
    await this.#ask(`STOP ${this.#address}`);
  }
  async abort(): Promise<void> {
    this.#movingUntil = Number.NEGATIVE_INFINITY;
    await this.#ask(`ABORT ${this.#address}`);
  }
  async jog(velocity: number): Promise<void> {
    await this.#command(`JOG ${this.#address} ${velocity}`, "move");
  }
  async home(direction: Direction): Promise<void> {
    await this.#command(`${this.#address}:HOME ${signed(direction)}`, "home");
  }
  async homeFound(): Promise<number | undefined> {
    const [found] = (await this.#ask(`${this.#address}:?HOMESTAT`)).split(/\s+/);
    return found === "FOUND" ? Number(await this.#ask(`${this.#address}:?HOMEPOS AXIS`)) : undefined;
  }
  async searchLimit(direction: Direction): Promise<void> {
    await this.#command(`${this.#address}:SRCH LIM${direction === 1 ? "+" : "-"}`, "search");
  }

  async speed(): Promise<Speed> {
    const velocity = Number(await this.#ask(`?VELOCITY ${this.#address}`));
    const time = Number(await this.#ask(`?ACCTIME ${this.#address}`));
    return { velocity, acceleration: velocity / time };
  }
  /** Velocity first: setting it changes the time of acceleration, to keep the slope. */
  async setSpeed({ velocity, acceleration }: Speed): Promise<void> {
    const time = Math.min(100, Math.max(0.0010000002, velocity / acceleration));
    await this.#ask(`VELOCITY ${this.#address} ${velocity}`);
    await this.#ask(`ACCTIME ${this.#address} ${time}`);
  }
  async setSteps(steps: number): Promise<void> {
    await this.#command(`POS ${this.#address} ${steps}`, "power");
  }
  async setEncoder(steps: number): Promise<void> {
    if (this.#encoder) await this.#command(`POS ${this.#encoder} ${this.#address} ${steps}`, "power");
  }
  async power(on: boolean): Promise<void> {
    await this.#command(`POWER ${on ? "ON" : "OFF"} ${this.#address}`, "power");
  }
  async setClosedLoop(closed: boolean): Promise<void> {
    await this.#ask(`${this.#address}:PCLOOP ${closed ? "ON" : "OFF"}`);
  }
  async closedLoop(): Promise<boolean> {
    return (await this.#ask(`${this.#address}:?PCLOOP`)) === "ON";
  }

  /** The parameter of the trajectory is the time: it is followed at one second a second. */
  async follow(knots: readonly Knot[]): Promise<void> {
    const address = this.#address;
    const column = (pick: (knot: Knot) => number) => Float64Array.from(knots, pick);
    const start = knots[0]?.time ?? 0;
    const vectors = encodeVectors([
      { kind: "parameter", address, values: column(({ time }) => time - start) },
      { kind: "position", address, values: column(({ position }) => position) },
      { kind: "slope", address, values: column(({ velocity }) => velocity) },
    ]);
    await this.#controller.connection.ask(`${address}:*PARDAT SPLINE`, encodeBlock(vectors));
    await this.#ask(`PARVEL 0 ${address}`);
    await this.#ask(`PARVEL 1 ${address}`);
    await this.#ask(`PARACCT 0 ${address}`);
    await this.#ask(`MOVEP 0 ${address}`);
    await this.#command(`PMOVE ${(knots.at(-1)?.time ?? 0) - start} ${address}`, "move");
  }

  raw(command: string): Promise<string> {
    return this.#ask(command);
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.#joined[Symbol.dispose]();
    await this.#release[Symbol.asyncDispose]();
  }

  #ask(command: string): Promise<string> {
    return this.#controller.connection.ask(command);
  }
  async #command(command: string, kind: keyof typeof grace): Promise<void> {
    await this.#ask(command);
    this.#commanded(kind);
  }
  #commanded(kind: keyof typeof grace): void {
    this.#commandedAt = performance.now();
    this.#movingUntil = this.#commandedAt + grace[kind];
  }
}

const signed = (direction: Direction): string => (direction === 1 ? "+1" : "-1");

function readingOf(status: IcepapStatus, { steps, encoder }: Glance, said: Said): Omit<AxisReading, "moving"> {
  const fault = faultOf(status, said);
  const stopped = failedBy(status);
  return {
    steps,
    ...(encoder === undefined ? {} : { encoder }),
    powered: status.powerOn === 1 || (status.disable !== SOFTWARE_OFF && fault !== undefined),
    limitHigh: status.limitHigh === 1,
    limitLow: status.limitLow === 1,
    home: status.home === 1,
    ...(fault === undefined ? {} : { fault }),
    ...(stopped === undefined ? {} : { stopped }),
    ...(said.warning === undefined ? {} : { warning: said.warning }),
  };
}

/** What keeps the board from moving; being switched off is no fault. */
function faultOf({ presence, mode, disable }: IcepapStatus, { alarm }: Said): string | undefined {
  if (presence !== 3) return `the driver board is ${presences[presence]}`;
  if (mode !== 0) return `the driver board is in mode ${["OPER", "PROG", "TEST", "FAIL"][mode]}`;
  if (alarm !== undefined) return `${disables[disable]}: ${alarm}`;
  if (disable !== 0 && disable !== SOFTWARE_OFF) return disables[disable];
  return undefined;
}
