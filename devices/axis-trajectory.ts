// SPDX-License-Identifier: MIT
// A motor that follows a position over time: the commands LoadTrajectory and StartTrajectory.
import type { AxisTrajectory } from "../scanning/index.ts";
import type { DeviceProxy } from "../tango/index.ts";
import type { AxisMotion } from "./axis-motion.ts";

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
