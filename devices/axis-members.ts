// SPDX-License-Identifier: MIT
// What a group knows of its axes.
import type { Axis } from "../scanning/index.ts";
import type { DeviceProxy } from "../tango/index.ts";
import type { AxisMotion } from "./axis-motion.ts";

export interface Member {
  readonly device: DeviceProxy;
  readonly attribute: string;
  readonly motion: AxisMotion;
}

export class Members {
  readonly #members = new Map<Axis, Member>();

  add(axis: Axis, member: Member): void {
    this.#members.set(axis, member);
  }
  /** @throws TypeError when the axis was not opened with the others */
  of(axis: Axis): Member {
    const member = this.#members.get(axis);
    if (!member) throw new TypeError(`axis ${axis.name} was not opened with this group`);
    return member;
  }
}
