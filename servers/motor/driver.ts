// SPDX-License-Identifier: MIT
// What a motor controller must do for one axis. Everything else a motor has (user positions, limits, backlash, homing
// offsets, settings, events) is made from this by axis.ts, the same for every controller.
import type { Speed } from "./profile.ts";
import type { Knot } from "./trajectory.ts";

type Awaitable<T> = T | Promise<T>;
export type Direction = 1 | -1;

/** One look at an axis. Positions are in steps of the controller; "high" is the side of more steps. */
export interface AxisReading {
  readonly steps: number;
  readonly moving: boolean;
  /** Position by the encoder, in steps of the motor. */
  readonly encoder?: number;
  /** Default true. */
  readonly powered?: boolean;
  readonly limitLow?: boolean;
  readonly limitHigh?: boolean;
  readonly home?: boolean;
  /** What is wrong with the axis, for a person; it cannot move until that is repaired. */
  readonly fault?: string;
  /** What ended the last motion, when that was neither its target, a stop nor a limit switch; the axis may move again. */
  readonly stopped?: string;
  /** What is worth knowing but stops nothing. */
  readonly warning?: string;
  /** Milliseconds until the motion will have ended, when the controller knows: it is looked at just then. */
  readonly remaining?: number;
}

/** One axis of a controller. A call that fails rejects with an Error that names the axis and the controller. */
export interface AxisDriver extends AsyncDisposable {
  /** For people: "simulated axis", "IcePAP axis 12 on iceid001:5000". */
  readonly about: string;
  read(): Awaitable<AxisReading>;
  /** Starts a motion to `steps` and returns. Called at rest. */
  move(steps: number): Awaitable<void>;
  /** Bends the motion that goes on to `steps`; false: it cannot, then the axis is stopped before it moves there. */
  retarget?(steps: number): Awaitable<boolean>;
  /** Decelerates. */
  stop(): Awaitable<void>;
  /** Stops as fast as the hardware can. Default: `stop`. */
  abort?(): Awaitable<void>;
  /** For the motions that follow; steps a second, steps a second squared. */
  setSpeed(speed: Speed): Awaitable<void>;
  /** The controller's own speed, taken at start unless a setting or property says otherwise. */
  speed?(): Awaitable<Speed>;
  /** Makes the present position read `steps`, without motion. Absent: only offsets can change the position. */
  setSteps?(steps: number): Awaitable<void>;
  setEncoder?(steps: number): Awaitable<void>;
  /**
   * For a controller whose position is lost when it (or this process) ends: the last one is kept with the settings, and
   * given back here at the start.
   */
  recall?(steps: number): Awaitable<void>;
  /** Starts a motion at `velocity` (signed steps a second), or changes the speed of the one that runs. */
  jog?(velocity: number): Awaitable<void>;
  /** Starts a search for the home switch. */
  home?(direction: Direction): Awaitable<void>;
  /** After the search: where the switch was met, in present steps; `undefined` when it was not. */
  homeFound?(): Awaitable<number | undefined>;
  /** Starts a motion that ends on the limit switch. */
  searchLimit?(direction: Direction): Awaitable<void>;
  power?(on: boolean): Awaitable<void>;
  /** Closes or opens the controller's own position loop, or says whether it is closed. */
  setClosedLoop?(closed: boolean): Awaitable<void>;
  closedLoop?(): Awaitable<boolean>;
  /** Starts the motion through `knots` (steps, steps a second); the axis is at the first already. */
  follow?(knots: readonly Knot[]): Awaitable<void>;
  /** Opens or closes the axis' gate, an output of the controller. */
  gate?(open: boolean): Awaitable<void>;
  /** Sends a command of the controller's own language; the answer, "" when there is none. */
  raw?(command: string): Awaitable<string>;
  readonly group?: AxisGroup | undefined;
}

/** Axes of one controller that start in one request and stop together. */
export interface AxisGroup {
  /** For people. */
  readonly about: string;
  move(targets: ReadonlyMap<AxisDriver, number>): Awaitable<void>;
  /** Decelerates, or stops as fast as the hardware can. */
  halt(axes: readonly AxisDriver[], how: "stop" | "abort"): Awaitable<void>;
}
