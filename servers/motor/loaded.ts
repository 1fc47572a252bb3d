// SPDX-License-Identifier: MIT
// The trajectory a client has loaded, until the next one.
import type { Image } from "../../tango/idl/tango-types.ts";
import type { MotorAxis } from "./axis.ts";
import { badValue, notNow, notSupported } from "./refusal.ts";
import { followTrajectory, stepsTrajectory } from "./searches.ts";
import { type Knot, knotsOf } from "./trajectory.ts";

type Table = Image<Float64Array>;

export class LoadedTrajectory {
  readonly #axis: MotorAxis;
  /** In user units, and in steps as they were when it was loaded. */
  #loaded: { readonly user: readonly Knot[]; readonly steps: readonly Knot[] } | undefined;

  constructor(axis: MotorAxis) {
    this.#axis = axis;
  }

  /** Rows of time, position, velocity. @throws DevFailed saying which row is wrong, or that the axis can follow none. */
  load(flat: ArrayLike<number>): void {
    const { driver } = this.#axis;
    if (!driver.follow) throw notSupported("follow a trajectory", driver.about);
    try {
      const user = knotsOf(flat);
      this.#loaded = { user, steps: stepsTrajectory(this.#axis, user) };
    } catch (error) {
      throw error instanceof RangeError ? badValue(error.message) : error;
    }
  }
  async start(): Promise<void> {
    const { driver } = this.#axis;
    if (!driver.follow) throw notSupported("follow a trajectory", driver.about);
    if (!this.#loaded) throw notNow("no trajectory is loaded: call LoadTrajectory first");
    await followTrajectory(this.#axis, this.#loaded.steps);
  }

  /** Times, positions and velocities, a row each. */
  get table(): Table {
    const knots = this.#loaded?.user;
    if (!knots) return { data: Float64Array.of(0), shape: [1, 1] };
    const rows = (["time", "position", "velocity"] as const).map((name) => knots.map((knot) => knot[name]));
    return { data: Float64Array.from(rows.flat()), shape: [rows.length, knots.length] };
  }
  /** @throws DevFailed as `load` */
  set table({ data, shape: [rows, columns] }: Table) {
    if (rows !== 3) throw badValue(`a trajectory has three rows (times, positions, velocities), not ${rows}`);
    this.load(Float64Array.from(data, (_, i) => data[(i % 3) * columns + Math.floor(i / 3)] ?? Number.NaN));
  }
}
