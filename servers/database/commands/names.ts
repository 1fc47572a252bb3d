// SPDX-License-Identifier: MIT
// Device names and filters as the database's clients write them.
import { devFailed } from "../../../tango/errors.ts";

export interface DeviceName {
  readonly name: string;
  readonly domain: string;
  readonly family: string;
  readonly member: string;
}

/**
 * `dom/fam/mem`, also as `tango:dom/fam/mem`, `//host:port/dom/fam/mem` or both; undefined when it is none of these.
 * A filter is not a name: `*` is refused.
 */
export function parseDeviceName(text: string): DeviceName | undefined {
  const name = text.replace(/^tango:/i, "").replace(/^\/\/[^/]*\//, "");
  const parts = /^([^/*]*)\/([^/*]*)\/([^*]*)$/.exec(name);
  return parts ? { name, domain: parts[1]!, family: parts[2]!, member: parts[3]! } : undefined;
}

/** @throws DevFailed DB_IncorrectDeviceName */
export function deviceName(text: string, origin: string): DeviceName {
  const name = parseDeviceName(text);
  if (name) return name;
  const form = "should be [tango:][//instance/]domain/family/member";
  throw devFailed("DB_IncorrectDeviceName", `device name (${text}) syntax error (${form})`, origin);
}

/** A filter as an SQL LIKE pattern (ESCAPE '!'): `*` is any run of characters, everything else means itself. */
export const like = (filter: string): string => filter.replace(/[%_!]/g, "!$&").replaceAll("*", "%");

/** Same name, without regard to case. */
export const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
