// SPDX-License-Identifier: MIT
// Axes that one request moves together: those of one PseudoMotor, and the motors of one server.
import type { Axis } from "../scanning/index.ts";
import type { ConnectOptions } from "../tango/index.ts";
import type { Member } from "./axis-members.ts";
import { DeviceAxes } from "./device-axes.ts";
import { MotorAxes } from "./motor-axes.ts";
import { deviceOf, sibling } from "./sibling.ts";

type Group = DeviceAxes | MotorAxes;

/** Axes that are opened with the same one know of each other, by device or server: one for a session. */
export class AxisGroups {
  readonly #groups = new Map<string, Group>();
  readonly #axes = new Map<string, Axis>();

  get size(): number {
    return this.#groups.size;
  }
  /** The group of an axis; `undefined` when its device, which has `commands`, can only be moved alone. */
  async of(member: Member, commands: ReadonlySet<string>, options: ConnectOptions): Promise<Group | undefined> {
    const { device, attribute } = member;
    const find = (name: string) => this.#axes.get(name.toLowerCase());
    if (commands.has("MoveTogether"))
      return this.#known(device.name, () => new DeviceAxes(device, { find, ...options }));
    if (attribute !== "Position" || !commands.has("GroupMoveTo")) return undefined;
    return this.#known(sibling(device.name, await device.adminName(options)), () => new MotorAxes());
  }
  add(axis: Axis, member: Member, group: Group | undefined): void {
    this.#axes.set(`${deviceOf(member.device.name)}/${member.attribute}`.toLowerCase(), axis);
    group?.members.add(axis, member);
  }

  #known(key: string, make: () => Group): Group {
    const group = this.#groups.get(key) ?? make();
    this.#groups.set(key, group);
    return group;
  }
}
