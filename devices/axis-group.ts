// SPDX-License-Identifier: MIT
// Axes that one request moves together: those of one PseudoMotor, and the motors of one server.
import type { ConnectOptions } from "../tango/index.ts";
import type { Member } from "./axis-members.ts";
import { DeviceAxes } from "./device-axes.ts";
import { MotorAxes } from "./motor-axes.ts";
import { sibling } from "./sibling.ts";

type Group = DeviceAxes | MotorAxes;

/** Axes that are opened with the same map find their groups here, by device or server: one map for a session. */
export type AxisGroups = Map<string, Group>;

/** The group of an axis; `undefined` when its device, which has `commands`, can only be moved alone. */
export async function groupOf(
  { device, attribute }: Member,
  groups: AxisGroups,
  commands: ReadonlySet<string>,
  options: ConnectOptions,
): Promise<Group | undefined> {
  if (commands.has("MoveTogether")) return known(groups, device.name, () => new DeviceAxes(options));
  if (attribute !== "Position" || !commands.has("GroupMoveTo")) return undefined;
  const server = sibling(device.name, await device.adminName(options));
  return known(groups, server, () => new MotorAxes());
}

function known(groups: AxisGroups, key: string, make: () => Group): Group {
  const group = groups.get(key) ?? make();
  groups.set(key, group);
  return group;
}
