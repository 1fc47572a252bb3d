// SPDX-License-Identifier: MIT
// What the database's replies of several fields mean.
import { devFailed } from "../errors.ts";
import type { LongStrings } from "../idl/tango-types.ts";

/** Where a device can be called. */
export interface DeviceImport {
  readonly device: string;
  readonly exported: boolean;
  /** Stringified object reference; "nada" when the device was never exported. */
  readonly ior: string;
  /** IDL version of the device, as text. */
  readonly version: string;
  /** Server/instance. */
  readonly server: string;
  readonly host: string;
  readonly class: string;
  readonly pid: number;
}

export interface DeviceInfo extends DeviceImport {
  /** When the server was started and stopped, as the database words it ("23rd November 2026 at 03:58:21"), or "?". */
  readonly started: string;
  readonly stopped: string;
}

/** How Starter and Astor treat a server: mode 1 is controlled; level is the start-up level, 0 for none. */
export interface ServerInfo {
  readonly server: string;
  readonly host: string;
  readonly mode: number;
  readonly level: number;
}

export interface EventImport {
  readonly channel: string;
  readonly ior: string;
  readonly version: string;
  readonly host: string;
  readonly pid: number;
  readonly exported: boolean;
}

/** Rows of a SELECT; a null column is null. */
export interface SqlResult {
  readonly rows: readonly (readonly (string | null)[])[];
}

const short = (command: string) =>
  devFailed("API_IncoherentDbData", `The reply of ${command} is too short`, "Database");

export function readImport({ lvalue, svalue }: LongStrings): DeviceImport {
  const [device, ior, version, server, host, name = ""] = svalue;
  const [exported, pid] = lvalue;
  if (device === undefined || ior === undefined || version === undefined || server === undefined || host === undefined)
    throw short("DbImportDevice");
  return { device, ior, version, server, host, class: name, exported: exported === 1, pid: pid ?? 0 };
}

export function readInfo({ lvalue, svalue }: LongStrings): DeviceInfo {
  const [device, ior, version, server, host, started = "?", stopped = "?", name = ""] = svalue;
  const [exported, pid] = lvalue;
  if (device === undefined || ior === undefined || version === undefined || server === undefined || host === undefined)
    throw short("DbGetDeviceInfo");
  return { device, ior, version, server, host, started, stopped, class: name, exported: exported === 1, pid: pid ?? 0 };
}

export function readEventImport({ lvalue, svalue }: LongStrings): EventImport {
  const [channel, ior, version, host] = svalue;
  if (channel === undefined || ior === undefined || version === undefined || host === undefined)
    throw short("DbImportEvent");
  return { channel, ior, version, host, exported: lvalue[0] === 1, pid: lvalue[1] ?? 0 };
}

/** The database gives blanks for what it does not know. */
export function readServerInfo([server = "", host = "", mode = "", level = ""]: readonly string[]): ServerInfo {
  return { server, host: host.trim(), mode: Number(mode), level: Number(level) };
}

/** Values row by row, each with a flag that says it is not null; then the number of rows and of columns. */
export function readSql({ lvalue, svalue }: LongStrings): SqlResult {
  const columns = lvalue.at(-1) ?? 0;
  const count = lvalue.at(-2) ?? 0;
  if (count * columns > svalue.length) throw short("DbMySqlSelect");
  const rows = Array.from({ length: count }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const index = row * columns + column;
      return lvalue[index] === 1 ? (svalue[index] ?? "") : null;
    }),
  );
  return { rows };
}

/** [a, b, c, d] as [[a, b], [c, d]]. */
export function pairs(words: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let index = 0; index + 1 < words.length; index += 2) found.push([words[index]!, words[index + 1]!]);
  return found;
}
