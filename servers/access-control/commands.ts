// SPDX-License-Identifier: MIT
// The commands of the access control device, as functions of the store.
import { devFailed } from "../../tango/errors.ts";
import type { Store } from "../database/store/store.ts";
import { access, type DeviceRight, type UserRows } from "./rules.ts";

type List = readonly string[];

function need(count: number, list: List, command: string): void {
  if (list.length >= count) return;
  throw devFailed("AC_IncorrectArguments", `Needs at least ${count} input arguments`, `AccessControl::${command}()`);
}

const exists = (command: string) =>
  devFailed("AC_AlreadyExists", "This record already exists in database", `AccessControl::${command}()`);

const strings = (rows: readonly Record<string, unknown>[], name: string) => rows.map((row) => String(row[name]));

function rowsOf(store: Store, user: string): UserRows {
  return {
    addresses: addressesOf(store, user),
    devices: store.sql.all`SELECT device, rights FROM access_device WHERE user = ${user}` as unknown as DeviceRight[],
  };
}
const addressesOf = (store: Store, user: string) =>
  strings(store.sql.all`SELECT address FROM access_address WHERE user = ${user} ORDER BY upper(address)`, "address");

const decide = (store: Store, user: string, addresses: List, device: string) =>
  access(rowsOf(store, user), rowsOf(store, "*"), addresses, device);

const removeUser = (store: Store, user: string) => {
  store.sql.run`DELETE FROM access_address WHERE user = ${user}`;
  store.sql.run`DELETE FROM access_device WHERE user = ${user}`;
};

function classOf(store: Store, device: string): string {
  const row = store.sql.get`SELECT class FROM device WHERE name = ${device}`;
  if (row) return String(row.class);
  throw devFailed("AC_IncorrectArguments", `Class not found for ${device}`, "AccessControl::get_device_class()");
}

const service = "AccessControl/tango";

/** The lines of CtrlSystem/Services that are not about this access control. */
const otherServices = (store: Store) =>
  store.properties.property
    .values(["CtrlSystem"], "Services")
    .filter((line) => !line.toLowerCase().startsWith(`${service.toLowerCase()}:`));

export const accessCommands = {
  AddAddressForUser: (store: Store, list: List): void => {
    need(2, list, "add_address_for_user");
    const [user, address] = list as [string, string];
    if (store.sql.get`SELECT 1 FROM access_address WHERE user = ${user} AND address = ${address}`)
      throw exists("add_address_for_user");
    store.sql.run`INSERT INTO access_address (user, address) VALUES (${user}, ${address})`;
  },
  AddDeviceForUser: (store: Store, list: List): void => {
    need(3, list, "ac_add_device_for_user");
    const [user, device, rights] = list as [string, string, string];
    if (store.sql.get`SELECT 1 FROM access_device WHERE user = ${user} AND device = ${device} AND rights = ${rights}`)
      throw exists("add_device_for_user");
    store.sql.run`INSERT INTO access_device (user, device, rights) VALUES (${user}, ${device}, ${rights})`;
  },
  RemoveAddressForUser: (store: Store, list: List): void => {
    need(2, list, "remove_address_for_user");
    store.sql.run`DELETE FROM access_address WHERE user = ${list[0]!} AND address = ${list[1]!}`;
  },
  RemoveDeviceForUser: (store: Store, list: List): void => {
    need(3, list, "remove_device_for_user");
    const [user, device, rights] = list as [string, string, string];
    store.sql.run`DELETE FROM access_device WHERE user = ${user} AND device = ${device} AND rights = ${rights}`;
  },
  RemoveUser: removeUser,
  CloneUser: (store: Store, list: List): void => {
    need(2, list, "clone_user");
    const [from, to] = list as [string, string];
    const { addresses, devices } = rowsOf(store, from);
    removeUser(store, to);
    for (const address of addresses)
      store.sql.run`INSERT INTO access_address (user, address) VALUES (${to}, ${address})`;
    for (const { device, rights } of devices)
      store.sql.run`INSERT INTO access_device (user, device, rights) VALUES (${to}, ${device}, ${rights})`;
  },
  /** Users of addresses first, then those who have rights on devices only. */
  GetUsers: (store: Store): string[] => {
    const users = strings(store.sql.all`SELECT DISTINCT user FROM access_address ORDER BY upper(user)`, "user");
    const more = strings(store.sql.all`SELECT DISTINCT user FROM access_device ORDER BY upper(user)`, "user");
    const known = new Set(users.map((user) => user.toLowerCase()));
    return [...users, ...more.filter((user) => !known.has(user.toLowerCase()))];
  },
  GetAddressByUser: addressesOf,
  GetDeviceByUser: (store: Store, user: string): string[] =>
    store.sql.all`SELECT device, rights FROM access_device WHERE user = ${user} ORDER BY upper(device), rights`.flatMap(
      ({ device, rights }) => [String(device), String(rights)],
    ),
  GetAccess: (store: Store, list: List): string => {
    need(3, list, "get_access");
    const [user, address, device] = list as [string, string, string];
    return decide(store, user, [address], device);
  },
  GetAccessForMultiIP: (store: Store, list: List): string => {
    need(3, list, "get_access");
    const [user, device, ...addresses] = list as [string, string, ...string[]];
    return decide(store, user, addresses, device);
  },
  /** Of a device or a class: what its users may send without write access. */
  GetAllowedCommands: (store: Store, name: string): string[] => {
    const deviceClass = name.includes("/") ? classOf(store, name) : name;
    const allowed = store.properties.property_class.values([deviceClass], "AllowedAccessCmd");
    return ["State", "Status", ...allowed.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))];
  },
  GetAllowedCommandClassList: (store: Store): string[] =>
    strings(
      store.sql.all`SELECT DISTINCT class FROM property_class WHERE name = 'AllowedAccessCmd' ORDER BY upper(class)`,
      "class",
    ),
  GetDeviceClass: classOf,
  RegisterService: (store: Store): void => {
    const lines = [...otherServices(store), `${service}:sys/access_control/1`];
    store.properties.property.put(["CtrlSystem"], "Services", lines, { now: store.now(), depth: store.historyDepth });
  },
  UnregisterService: (store: Store): void =>
    store.properties.property.put(["CtrlSystem"], "Services", otherServices(store), {
      now: store.now(),
      depth: store.historyDepth,
    }),
};
