// SPDX-License-Identifier: MIT
// The settings of one motor: from its properties, changed by clients, kept in the device property `Settings`.

import type { Speed } from "./profile.ts";
import { badValue } from "./refusal.ts";
import {
  asProperties,
  checkProperties,
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

/** Milliseconds. */
const SOON = 100;

export class SettingsMemory implements AsyncDisposable {
  readonly #device: MotorDevice;
  readonly #speed: Speed | undefined;
  #base: Settings;
  #settings: Settings;
  #writing: Promise<void> | undefined;
  #again = false;
  #later: NodeJS.Timeout | undefined;

  constructor(device: MotorDevice, speed: Speed | undefined, lines: readonly string[]) {
    this.#device = device;
    this.#speed = speed;
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

  /** Takes the position, and stores it soon: of many short moves not each costs the database a write. */
  notePosition(dial: number): void {
    this.#settings = { ...this.#settings, position: dial };
    this.#later ??= setTimeout(() => void this.#storeNoted(), SOON);
  }
  #storeNoted(): Promise<void> {
    this.#later = undefined;
    return this.store();
  }

  /** Stores what is not yet. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#later);
    await (this.#later ? this.#storeNoted() : this.#writing);
  }

  /**
   * Forgets what clients set: back to the properties, `reload`: as they are now. The position of a controller that forgets
   * its own is kept.
   */
  async reset(reload = false): Promise<void> {
    if (reload) this.#base = configured({ ...this.properties, ...(await this.#reread()) }, this.#speed);
    this.#settings = { ...this.#base, position: this.#settings.position };
    return this.store();
  }

  /** The properties that settings start from. @throws DevFailed naming the one that is no number. */
  async #reread(): Promise<Partial<MotorProperties>> {
    const read = async (name: string) => {
      const [text] = (await this.#device.readProperty(name)) ?? [];
      const value = text === undefined ? undefined : Number(text);
      if (Number.isNaN(value)) throw badValue(`property ${name} is "${text}": it must be a number`);
      return [name, value] as const;
    };
    const names = Object.keys(asProperties(this.#settings, this.properties));
    const found = (await Promise.all(names.map(read))).filter(([, value]) => value !== undefined);
    const properties = { ...this.properties, ...Object.fromEntries(found) };
    checkProperties(properties);
    return properties;
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
