// SPDX-License-Identifier: MIT
// A motor that follows a position over time: the commands LoadTrajectory and StartTrajectory.
import type { CallOptions } from "../scanning/index.ts";
import type { DeviceProxy } from "../tango/index.ts";
import type { AxisMotion } from "./axis-motion.ts";

/** One row of a trajectory; between two rows the motor follows a cubic. */
export interface AxisKnot {
  /** Seconds from the start, ascending. */
  readonly time: number;
  /** User units. */
  readonly position: number;
  /** User units a second. */
  readonly velocity: number;
}

export interface AxisTrajectory {
  /**
   * Has the device check the knots, and moves to the first of them. An abort stops the motor.
   * @throws DevFailed when they leave the limits, or the controller can follow none.
   */
  prepare(knots: readonly AxisKnot[], call?: CallOptions): Promise<void>;
  /** Follows what was prepared and gives the position at its end. An abort stops the motor. */
  run(call?: CallOptions): Promise<number>;
}

export const axisTrajectory = (device: DeviceProxy, motion: AxisMotion): AxisTrajectory => ({
  async prepare(knots, call = {}) {
    const rows = knots.flatMap(({ time, position, velocity }) => [time, position, velocity]);
    await device.call("LoadTrajectory", Float64Array.from(rows), call);
    const [first] = knots;
    if (first) await motion.move(first.position, call);
  },
  async run({ signal, ...call } = {}) {
    signal?.throwIfAborted();
    await device.call("StartTrajectory", undefined, call);
    return motion.arrive(signal);
  },
});
