// SPDX-License-Identifier: MIT
// The settings of one motor: from its properties, changed by clients, kept in the device property `Settings`.

import type { Speed } from "./profile.ts";
import { badValue } from "./refusal.ts";
import {
  asProperties,
  configured,
  type MotorProperties,
  objection,
  restored,
  type SettingName,
  type Settings,
  stored,
} from "./settings.ts";
import { messageOf } from "./situation.ts";
import type { MotorDevice } from "./view.ts";

export class SettingsMemory {
  readonly #device: MotorDevice;
  #base: Settings;
  #settings: Settings;
  #writing: Promise<void> | undefined;
  #again = false;

  constructor(device: MotorDevice, speed: Speed | undefined, lines: readonly string[]) {
    this.#device = device;
    this.#base = configured(device.properties, speed);
    this.#settings = restored(this.#base, lines, (text) => device.log.warn(text));
  }

  get now(): Settings {
    return this.#settings;
  }
  get properties(): MotorProperties {
    return this.#device.properties;
  }

  /** Takes the values and stores them. @throws DevFailed naming the setting that cannot have its value. */
  set(changes: Partial<Settings>): Promise<void> {
    for (const [name, value] of Object.entries(changes)) {
      const bad = objection(name as SettingName, value);
      if (bad) throw badValue(`${name} ${bad}, not ${value}`);
    }
    const next = { ...this.#settings, ...changes };
    if (next.lowLimit >= next.highLimit)
      throw badValue(`the low limit ${next.lowLimit} is not below the high limit ${next.highLimit} (dial)`);
    this.#settings = next;
    return this.store();
  }

  /** Forgets what clients set: back to the properties. The position of a controller that forgets its own is kept. */
  reset(): Promise<void> {
    this.#settings = { ...this.#base, position: this.#settings.position };
    return this.store();
  }

  /** Makes what clients set the configuration: the properties take it, nothing is left to remember. */
  async toProperties(): Promise<void> {
    for (const [name, value] of Object.entries(asProperties(this.#settings, this.#device.properties)))
      await this.#device.writeProperty(name, value === undefined ? [] : [String(value)]);
    this.#base = { ...this.#settings, position: Number.NaN, closedLoop: Number.NaN };
    await this.store();
  }

  /**
   * Stores what differs from the properties. A database that does not answer costs the memory, never the motion: it is
   * logged. Calls while one runs are answered by one more at its end.
   */
  store(): Promise<void> {
    this.#again = true;
    this.#writing ??= this.#write();
    return this.#writing;
  }

  async #write(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false;
        await this.#device.writeProperty("Settings", stored(this.#settings, this.#base));
      }
    } catch (error) {
      this.#device.log.warn(`settings not stored, they will be lost when the server ends: ${messageOf(error)}`);
    } finally {
      this.#writing = undefined;
    }
  }
}
