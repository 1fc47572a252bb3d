// SPDX-License-Identifier: MIT
// What a server remembers of the attributes and commands it polls.
import { DevFailed, devFailed } from "../errors.ts";
import type { AttributeReading } from "./attribute-reading.ts";
import { milliseconds, readingOf } from "./attribute-reading.ts";
import { invoking } from "./callee.ts";
import type { DeviceLink } from "./device-link.ts";
import type { CallOptions } from "./device-route.ts";
import { dialects } from "./dialect/index.ts";
import { deeds } from "./failures.ts";

/** What a polled command gave at one time. */
export interface CommandReading {
  /** Undefined when it failed. */
  readonly value: unknown;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly error: DevFailed | undefined;
}

/** The newest `count` readings of a polled attribute, oldest first. @throws DevFailed API_AttrNotPolled, API_NoDataYet */
export function attributeHistory(
  link: DeviceLink,
  name: string,
  count: number,
  options?: CallOptions,
): Promise<readonly AttributeReading[]> {
  return link.run(deeds.plain("attribute_history"), options, async (live, limits) => {
    const { readHistory } = dialects[live.version];
    if (!readHistory) throw tooOld();
    const values = await readHistory(invoking(live, limits), name, count);
    const known = live.version >= 5 ? undefined : await link.members.attribute(live, name, limits);
    return values.map((value) => readingOf(value, known));
  });
}

/** The newest `count` results of a polled command, oldest first. @throws DevFailed API_CmdNotPolled, API_NoDataYet */
export function commandHistory(
  link: DeviceLink,
  name: string,
  count: number,
  options?: CallOptions,
): Promise<readonly CommandReading[]> {
  return link.run(deeds.plain("command_history"), options, async (live, limits) => {
    const { commandHistory: read } = dialects[live.version];
    if (!read) throw tooOld();
    return (await read(invoking(live, limits), name, count)).map(({ time, value, errors }) => ({
      value,
      time: milliseconds(time),
      error: errors.length > 0 ? new DevFailed(errors) : undefined,
    }));
  });
}

const tooOld = (): DevFailed =>
  devFailed("API_UnsupportedFeature", "Histories need IDL 2; the device speaks IDL 1", "DeviceProxy");
