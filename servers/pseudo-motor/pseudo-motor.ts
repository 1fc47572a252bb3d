// SPDX-License-Identifier: MIT
import { pseudoMotor } from "../../devices/pseudo-motor.ts";
import { type ControlSystem, deviceClass } from "../../tango/index.ts";
import { geometryOf } from "./geometry.ts";
import { Mechanism } from "./mechanism.ts";
import { Mover } from "./mover.ts";
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
