// SPDX-License-Identifier: MIT
// Devices: registration, export, import and what is known of one.
import { devFailed } from "../../../tango/errors.ts";
import type { Store } from "../store/store.ts";
import { column, type Runs } from "./command.ts";
import { like, parseDeviceName } from "./names.ts";
import { addDevice } from "./registration.ts";
import { atLeast, incorrect } from "./words.ts";

interface DeviceRow {
  readonly exported: number;
  readonly ior: string;
  readonly version: string;
  readonly pid: number;
  readonly server: string;
  readonly host: string;
  readonly class: string;
  readonly started: string | null;
  readonly stopped: string | null;
}

/** By name or alias. Clients send names in any case and are answered in lower case. */
function find(store: Store, asked: string, origin: string): { name: string; row: DeviceRow } {
  const name = (parseDeviceName(asked)?.name ?? asked).toLowerCase();
  const row = (store.sql.get`SELECT exported, ior, version, pid, server, host, class, started, stopped
      FROM device WHERE name = ${name}` ??
    store.sql.get`SELECT exported, ior, version, pid, server, host, class, started, stopped
      FROM device WHERE alias = ${name}`) as unknown as DeviceRow | undefined;
  if (!row) throw notDefined(name, origin);
  return { name, row };
}

const notDefined = (name: string, origin: string) =>
  devFailed("DB_DeviceNotDefined", `device ${name} not defined in the database !`, origin);

const ordinal = (day: number): string => {
  const teens = day % 100 >= 11 && day % 100 <= 13;
  return `${day}${teens ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th")}`;
};
const months = "January February March April May June July August September October November December".split(" ");
/** `23rd November 2026 at 03:58:21`, or `?` when it never happened. */
export function spelledDate(timestamp: string | null): string {
  const parts = timestamp && /^(\d+)-(\d+)-(\d+) (.*)$/.exec(timestamp);
  return parts ? `${ordinal(Number(parts[3]))} ${months[Number(parts[2]) - 1]} ${parts[1]} at ${parts[4]}` : "?";
}

export const devices = {
  DbAddDevice: (store, argument) => {
    const origin = "DataBase::AddDevice()";
    atLeast(3, argument, "incorrect no. of input arguments, needs at least 3 (server,device,class)", origin);
    const [server, device, deviceClass] = argument as [string, string, string];
    addDevice(store, server, device, deviceClass, origin);
  },

  DbDeleteDevice: (store, device) => {
    const name = parseDeviceName(device)?.name;
    if (!name) {
      const desc = "failed to delete device, device name incorrect";
      throw devFailed("DB_IncorrectDeviceName", desc, "DataBase::db_delete_device()");
    }
    store.sql.run`DELETE FROM device WHERE name = ${name}`;
    store.sql.run`DELETE FROM attribute_alias WHERE device = ${name}`;
    for (const table of ["property_device", "property_attribute_device", "property_pipe_device"] as const)
      store.properties[table].drop([name]);
  },

  DbExportDevice: (store, argument) => {
    const origin = "DataBase::ExportDevice()";
    atLeast(5, argument, "Insufficient export info for device", "DataBase::DbExportDevice()");
    const [device, ior, host, pidText, version] = argument as [string, string, string, string, string];
    const name = (parseDeviceName(device)?.name ?? device).toLowerCase();
    const before = store.sql.get`SELECT server, host FROM device WHERE name = ${name}`;
    if (!before) throw notDefined(name, origin);
    const pid = pidText === "null" ? -1 : Number.parseInt(pidText, 10);
    if (Number.isNaN(pid))
      throw incorrect(`the process id of ${device} should be a number or "null", not "${pidText}"`, origin);
    store.sql.run`UPDATE device SET exported = 1, ior = ${ior}, host = ${host}, pid = ${pid}, version = ${version},
        started = ${store.now()} WHERE name = ${name}`;
    store.sql.run`UPDATE server SET host = ${host} WHERE name = ${String(before.server)}`;
    // A server came up on a host: its Starter shows it, and the one it came from no longer does.
    if (!name.startsWith("dserver/") || name.startsWith("dserver/starter/")) return;
    store.changedHosts.add(host);
    if (!["nada", "", host].includes(String(before.host))) store.changedHosts.add(String(before.host));
  },

  DbUnExportDevice: (store, device) => {
    const name = parseDeviceName(device)?.name ?? device;
    store.sql.run`UPDATE device SET exported = 0, stopped = ${store.now()} WHERE name = ${name}`;
  },

  DbImportDevice: (store, device) => {
    const { name, row } = find(store, device, "DataBase::ImportDevice()");
    return {
      lvalue: Int32Array.of(row.exported, row.pid),
      svalue: [name, row.ior, row.version, row.server, row.host, row.class],
    };
  },

  DbGetDeviceInfo: (store, device) => {
    const { name, row } = find(store, device, "DataBase::GetDeviceInfo()");
    const dates = [spelledDate(row.started), spelledDate(row.stopped)];
    return {
      lvalue: Int32Array.of(row.exported, row.pid),
      svalue: [name, row.ior, row.version, row.server, row.host, ...dates, row.class],
    };
  },

  DbGetClassForDevice: (store, device) => classOf(store, device),

  DbGetClassInheritanceForDevice: (store, device) => {
    const own = classOf(store, device);
    // The class and its parent: like the original, it asks no further.
    return [own, ...store.properties.property_class.values([own], "InheritedFrom").slice(0, 1)];
  },
} satisfies Partial<Runs>;

function classOf(store: Store, device: string): string {
  const row = store.sql.get`SELECT class FROM device WHERE name = ${parseDeviceName(device)?.name ?? device}`;
  if (row) return String(row.class);
  throw incorrect(`Class not found for ${device}`, "DataBase::db_get_class_for_device()");
}

export const deviceLists = {
  DbGetDeviceList: (store, argument) => {
    atLeast(2, argument, "incorrect no. of input arguments, needs 2 (server,class)", "DataBase::GetDeviceList()");
    const [server, deviceClass] = argument as [string, string];
    return column(
      store.sql.all`SELECT name FROM device WHERE server LIKE ${like(server)} ESCAPE '!'
        AND class LIKE ${like(deviceClass)} ESCAPE '!' ORDER BY upper(name)`,
      "name",
    );
  },
  DbGetDeviceWideList: (store, filter) => wideList(store, filter),
  DbGetDeviceExportedList: (store, filter) =>
    column(
      store.sql.all`SELECT name FROM device WHERE exported = 1 AND name LIKE ${like(filter)} ESCAPE '!'
        ORDER BY upper(name)`,
      "name",
    ),
  DbGetExportdDeviceListForClass: (store, filter) =>
    column(
      store.sql.all`SELECT name FROM device WHERE exported = 1 AND class LIKE ${like(filter)} ESCAPE '!'
        ORDER BY upper(name)`,
      "name",
    ),
  DbGetDeviceDomainList: (store, filter) =>
    column(
      store.sql.all`SELECT DISTINCT domain FROM device WHERE name LIKE ${like(filter)} ESCAPE '!'
        OR domain LIKE ${like(filter)} ESCAPE '!' ORDER BY upper(domain)`,
      "domain",
    ),
  DbGetDeviceFamilyList: (store, filter) =>
    column(
      store.sql.all`SELECT DISTINCT family FROM device WHERE name LIKE ${like(filter)} ESCAPE '!'
        ORDER BY upper(family)`,
      "family",
    ),
  DbGetDeviceMemberList: (store, filter) =>
    column(
      store.sql.all`SELECT DISTINCT member FROM device WHERE name LIKE ${like(filter)} ESCAPE '!'
        ORDER BY upper(member)`,
      "member",
    ),
  DbGetClassList: (store, filter) =>
    column(
      store.sql.all`SELECT DISTINCT class FROM device WHERE class LIKE ${like(filter)} ESCAPE '!'
        ORDER BY upper(class)`,
      "class",
    ),
} satisfies Partial<Runs>;

/** One row instead of a row a device: a third of the time for 100,000 devices. */
function wideList(store: Store, filter: string): string[] {
  const pattern = like(filter);
  const begin = memberBegin(filter);
  const row = begin
    ? store.sql.get`SELECT group_concat(name, char(10)) AS names FROM (SELECT name FROM (
        SELECT name FROM device INDEXED BY device_member WHERE member >= ${begin} AND member < ${`${begin}\u{10ffff}`}
          AND name LIKE ${pattern} ESCAPE '!'
        UNION SELECT name FROM device INDEXED BY device_long WHERE instr(member, '/') > 0 AND name LIKE ${pattern} ESCAPE '!'
      ) ORDER BY upper(name))`
    : store.sql.get`SELECT group_concat(name, char(10)) AS names FROM
        (SELECT name FROM device WHERE name LIKE ${pattern} ESCAPE '!' ORDER BY upper(name))`;
  return row?.names == null ? [] : String(row.names).split("\n");
}

/**
 * What the members begin with that a filter can find, when its domain or family is open: they are looked up by it. "" when
 * the filter's own beginning serves better, or there is none. A member with a slash in it may begin with anything.
 */
function memberBegin(filter: string): string {
  const [domain = "", family = "", member = "", ...more] = filter.split("/");
  const open = `${domain}${family}`.includes("*");
  return open && more.length === 0 ? (member.split("*")[0] ?? "") : "";
}
