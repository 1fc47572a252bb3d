// SPDX-License-Identifier: MIT
// How much a device says in its log, and where that goes.
import type { LongStrings } from "../idl/tango-types.ts";
import { DevString, DevVarLongStringArray, DevVarStringArray } from "../idl/tango-types.ts";
import type { DeviceLink } from "./device-link.ts";
import type { CallOptions } from "./device-route.ts";

export const logLevels = ["OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG"] as const;
export type LogLevel = (typeof logLevels)[number];

export class DeviceLogging {
  readonly #link: DeviceLink;

  constructor(link: DeviceLink) {
    this.#link = link;
  }

  async level(options?: CallOptions): Promise<LogLevel> {
    const device = await this.#link.deviceName(options);
    const answer = await this.#link.admin("GetLoggingLevel", DevVarStringArray, [device], options);
    return logLevels[(answer as LongStrings).lvalue[0] ?? 0] ?? "DEBUG";
  }

  async setLevel(level: LogLevel, options?: CallOptions): Promise<void> {
    const argument = { lvalue: [logLevels.indexOf(level)], svalue: [await this.#link.deviceName(options)] };
    await this.#link.admin("SetLoggingLevel", DevVarLongStringArray, argument, options);
  }

  /** E.g. `console::cout`, `file::/tmp/log`, `device::tango/logviewer/1`. */
  async targets(options?: CallOptions): Promise<readonly string[]> {
    const device = await this.#link.deviceName(options);
    return (await this.#link.admin("GetLoggingTarget", DevString, device, options)) as readonly string[];
  }

  async addTarget(target: string, options?: CallOptions): Promise<void> {
    const device = await this.#link.deviceName(options);
    await this.#link.admin("AddLoggingTarget", DevVarStringArray, [device, target], options);
  }

  async removeTarget(target: string, options?: CallOptions): Promise<void> {
    const device = await this.#link.deviceName(options);
    await this.#link.admin("RemoveLoggingTarget", DevVarStringArray, [device, target], options);
  }
}
