// SPDX-License-Identifier: MIT
import { devFailed } from "../../tango/errors.ts";
import type { MotorAxis } from "./axis.ts";

/** The motors of one server process, by device name: made in its main.ts, given to its classes. */
export class AxisRegistry {
  readonly #axes = new Map<string, MotorAxis>();
  readonly #groups = new Map<string, readonly string[]>();

  /** While its device is open. */
  add(axis: MotorAxis): Disposable {
    const key = axis.device.name.toLowerCase();
    this.#axes.set(key, axis);
    return { [Symbol.dispose]: () => void this.#axes.delete(key) };
  }

  get names(): string[] {
    return [...this.#axes.values()].map(({ device }) => device.name);
  }

  /** By device name, or by its member part when only one has it. @throws DevFailed naming what is there. */
  get(name: string): MotorAxis {
    const wanted = name.toLowerCase();
    const exact = this.#axes.get(wanted);
    if (exact) return exact;
    const matches = [...this.#axes].filter(([device]) => device.split("/").at(-1) === wanted);
    if (matches.length === 1 && matches[0]) return matches[0][1];
    throw devFailed(
      "API_DeviceNotFound",
      `no motor "${name}" in this server; there are: ${this.names.join(", ") || "none"}`,
    );
  }

  /** A device that moves `axes` together (none given: all). */
  addGroup(device: string, axes: readonly string[]): Disposable {
    this.#groups.set(
      device,
      axes.map((axis) => axis.toLowerCase()),
    );
    return { [Symbol.dispose]: () => void this.#groups.delete(device) };
  }
  /** The device that moves `axis` together with others, "" when there is none. */
  groupOf(axis: string): string {
    const wanted = axis.toLowerCase();
    for (const [group, axes] of this.#groups) if (axes.length === 0 || axes.includes(wanted)) return group;
    return "";
  }
}
