// SPDX-License-Identifier: MIT
import { motorGroup } from "../../devices/motor-group.ts";
import { devFailed } from "../../tango/errors.ts";
import type { DevStateName } from "../../tango/idl/tango-types.ts";
import { deviceClass } from "../../tango/index.ts";
import type { MotorAxis } from "./axis.ts";
import { applyConfig } from "./change.ts";
import type { AxisRegistry } from "./registry.ts";
import { parseTargets } from "./targets.ts";
import { haltTogether, moveTogether } from "./together.ts";

/** The device that moves several motors of this server in one request. */
export const motorGroupClass = (registry: AxisRegistry) =>
  deviceClass(motorGroup, (device) => {
    const own = () => (device.properties.Axes.length > 0 ? device.properties.Axes : registry.names);
    const motions = new Map<string, readonly MotorAxis[]>();
    let count = 0;
    const axesOf = (motion: string): readonly MotorAxis[] => {
      if (motion === "") return own().map((name) => registry.get(name));
      const axes = motions.get(motion);
      if (!axes)
        throw devFailed(
          "API_InvalidArgs",
          `no motion "${motion}"; the last ones are ${[...motions.keys()].join(", ")}`,
        );
      return axes;
    };
    const listed = registry.addGroup(device.name, device.properties.Axes);
    return {
      Axes: own,
      GetAxisList: own,
      GroupMove: async (words) => {
        const targets = parseTargets(words, registry);
        checkOwn(targets.keys(), own());
        await moveTogether(targets);
        const motion = `${++count}`;
        motions.set(motion, [...targets.keys()]);
        for (const old of [...motions.keys()].slice(0, -20)) motions.delete(old);
        return motion;
      },
      GroupState: (motion) => axesOf(motion).flatMap(({ device: axis }) => [axis.name, axis.state]),
      GroupAbort: (motion) => haltTogether(axesOf(motion), "abort"),
      ApplyConfig: async (reload) => void (await Promise.all(axesOf("").map((axis) => applyConfig(axis, reload)))),
      Stop: () => haltTogether(axesOf(""), "stop"),
      Abort: () => haltTogether(axesOf(""), "abort"),
      State: () => worst(axesOf("").map(({ device: axis }) => axis.state)),
      Status: () =>
        axesOf("")
          .map(({ device: axis }) => `${axis.name}: ${axis.state}, ${axis.status}`)
          .join("\n"),
      [Symbol.asyncDispose]: () => listed[Symbol.dispose](),
    };
  });

/** MOVING while one moves, else the worst of them. */
const order: readonly DevStateName[] = ["MOVING", "FAULT", "UNKNOWN", "ALARM", "OFF"];
const worst = (states: readonly DevStateName[]): DevStateName => order.find((state) => states.includes(state)) ?? "ON";

/** @throws DevFailed naming the motor that is not one of `own`. */
function checkOwn(axes: Iterable<MotorAxis>, own: readonly string[]): void {
  const known = new Set(own.map((name) => name.toLowerCase()));
  for (const { device } of axes)
    if (!known.has(device.name.toLowerCase()))
      throw devFailed("API_InvalidArgs", `${device.name} is not in this group: ${own.join(", ")}`);
}
