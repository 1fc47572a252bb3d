// SPDX-License-Identifier: MIT
// Many devices as one: what is asked of a group is asked of all at once, and what fails is a value beside the others.
import { matches } from "../database/index.ts";
import type { DevFailed } from "../errors.ts";
import { devFailed } from "../errors.ts";
import type { AttributeReading } from "./attribute-reading.ts";
import { connect } from "./connect.ts";
import type { ControlSystem } from "./control-system.ts";
import type { DeviceProxy } from "./device-proxy.ts";
import type { CallOptions } from "./device-route.ts";

/** What one device of a group answered: a value, or why there is none. */
export type GroupResult<Value> =
  | { readonly device: string; readonly value: Value; readonly error: undefined }
  | { readonly device: string; readonly value: undefined; readonly error: unknown };

export interface GroupOptions {
  readonly system: ControlSystem;
  /** Milliseconds for each call. */
  readonly timeout?: number | undefined;
}

export type GroupMember = DeviceProxy | DeviceGroup;

/**
 * Devices by name, by pattern (`id00/motor/*`: all of the database's that fit), connected ones, and whole groups:
 * `group("all", ["id00/motor/*", detectors], { system })`. Nothing is connected before it is first used; a device that cannot be
 * reached fails alone.
 */
export async function group(
  name: string,
  members: readonly (string | GroupMember)[],
  options: GroupOptions,
): Promise<DeviceGroup> {
  const found = await Promise.all(members.map((member) => expand(member, options)));
  return new DeviceGroup(name, found.flat());
}

async function expand(member: string | GroupMember, options: GroupOptions): Promise<readonly GroupMember[]> {
  if (typeof member !== "string") return [member];
  const { system, timeout } = options;
  const names = member.includes("*") ? await system.database().devices(member) : [member];
  return await Promise.all(names.map((each) => connect(each, { system, timeout, lazy: true })));
}

export class DeviceGroup {
  readonly name: string;
  readonly members: readonly GroupMember[];

  constructor(name: string, members: readonly GroupMember[]) {
    this.name = name;
    this.members = members;
  }

  /** Every device of it and of the groups in it, in order. */
  get devices(): readonly DeviceProxy[] {
    return this.members.flatMap((member) => (member instanceof DeviceGroup ? member.devices : [member]));
  }

  /** The group of that name in it, itself included. */
  find(name: string): DeviceGroup | undefined {
    if (this.name.toLowerCase() === name.toLowerCase()) return this;
    for (const member of this.members) {
      const found = member instanceof DeviceGroup ? member.find(name) : undefined;
      if (found) return found;
    }
    return undefined;
  }

  /** The device of that name, wherever it is in it. */
  device(name: string): DeviceProxy | undefined {
    return this.devices.find((device) => device.name.toLowerCase() === name.toLowerCase());
  }

  /** Whether a device, or a group in it, has a name that fits: a whole name, `*` for any part. */
  contains(pattern: string): boolean {
    return this.members.some(
      (member) => matches(pattern, member.name) || (member instanceof DeviceGroup && member.contains(pattern)),
    );
  }

  /**
   * The same without the devices and groups whose names fit, also those of groups in it: for what is broken or left out for
   * a while. This one stays as it is.
   */
  without(pattern: string): DeviceGroup {
    const kept = this.members.filter((member) => !matches(pattern, member.name));
    return new DeviceGroup(
      this.name,
      kept.map((member) => (member instanceof DeviceGroup ? member.without(pattern) : member)),
    );
  }

  /** An attribute of every device. */
  read(attribute: string, options?: CallOptions): Promise<readonly GroupResult<unknown>[]> {
    return this.each((device) => device.read(attribute, options));
  }

  /** The records of several attributes of every device. */
  readAttributes(
    attributes: readonly string[],
    options?: CallOptions,
  ): Promise<readonly GroupResult<readonly AttributeReading[]>[]> {
    return this.each((device) => device.readAttributes(attributes, options));
  }

  /** The same value for every device. */
  write(attribute: string, value: unknown, options?: CallOptions): Promise<readonly GroupResult<void>[]> {
    return this.each((device) => device.write(attribute, value, options));
  }

  /** A value for each device, in the order of `devices`. @throws DevFailed when there are not as many. */
  writeEach(
    attribute: string,
    values: readonly unknown[],
    options?: CallOptions,
  ): Promise<readonly GroupResult<void>[]> {
    this.#checkCount(values, `attribute ${attribute}`);
    return this.each((device, index) => device.write(attribute, values[index], options));
  }

  /** A command of every device, with the same argument. */
  call(command: string, argument?: unknown, options?: CallOptions): Promise<readonly GroupResult<unknown>[]> {
    return this.each((device) => device.call(command, argument, options));
  }

  /** An argument for each device, in the order of `devices`. @throws DevFailed when there are not as many. */
  callEach(
    command: string,
    values: readonly unknown[],
    options?: CallOptions,
  ): Promise<readonly GroupResult<unknown>[]> {
    this.#checkCount(values, `command ${command}`);
    return this.each((device, index) => device.call(command, values[index], options));
  }

  /** Milliseconds until each device's answer. */
  ping(options?: CallOptions): Promise<readonly GroupResult<number>[]> {
    return this.each((device) => device.ping(options));
  }

  /** Does anything with every device at once. */
  async each<T>(job: (device: DeviceProxy, index: number) => Promise<T>): Promise<readonly GroupResult<T>[]> {
    const { devices } = this;
    const outcomes = await Promise.allSettled(devices.map(job));
    return outcomes.map((outcome, index) => {
      const device = devices[index]?.name ?? "";
      return outcome.status === "fulfilled"
        ? { device, value: outcome.value, error: undefined }
        : { device, value: undefined, error: outcome.reason };
    });
  }

  #checkCount(values: readonly unknown[], what: string): void {
    const { length } = this.devices;
    if (values.length !== length) throw wrongCount(this.name, what, values.length, length);
  }
}

const wrongCount = (name: string, what: string, given: number, wanted: number): DevFailed =>
  devFailed("API_MethodArgument", `Group ${name}, ${what}: ${given} values for ${wanted} devices`, "Group");
