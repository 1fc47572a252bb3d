// SPDX-License-Identifier: MIT
// DbGetDataForServerCache: all a server needs at its start, in one list of strings.
import type { Store } from "../store/store.ts";
import type { Runs } from "./command.ts";
import { grouped } from "./member-properties.ts";
import { atLeast } from "./words.ts";

/** Says to servers that pipe properties are in the data (1.9 and later). */
export const procedureRelease = "release 1.13";

type MemberTable =
  | "property_attribute_class"
  | "property_attribute_device"
  | "property_pipe_class"
  | "property_pipe_device";

export const serverCache = {
  DbGetDataForServerCache: (store, argument) => {
    const desc = "Incorrect no. of input arguments, needs 2 (ds_name,host_name)";
    atLeast(2, argument, desc, "DataBase::DbGetDataForServerCache()");
    const [server, client] = argument as [string, string];
    // `host%%9`: the major release of Tango the server is built with; older ones send the host alone.
    const [host = "", major = "0"] = client.split("%%");
    const withPipes = Number.parseInt(major, 10) >= 9;
    const admin = `dserver/${server}`;
    const device = imported(store, admin);
    const release = withPipes ? [procedureRelease] : [];
    if (!device) return [...release, admin, "Not Found"];
    return [
      ...release,
      ...device,
      ...importedEvent(store, `notifd/factory/${host}`),
      ...importedEvent(store, admin),
      ...plain(store, "property_class", "DServer"),
      ...plain(store, "property_class", "Default"),
      ...plain(store, "property_device", admin),
      ...classes(store, server, withPipes),
      ...controlSystem(store),
    ];
  },
} satisfies Partial<Runs>;

function imported(store: Store, name: string): string[] | undefined {
  const row = store.sql.get`SELECT ior, version, server, host, exported, pid, class FROM device WHERE name = ${name}`;
  return row && [name, ...Object.values(row).map(String)];
}

function importedEvent(store: Store, name: string): string[] {
  const row = store.sql.get`SELECT ior, version, host, exported, pid FROM event WHERE name = ${name}`;
  return row ? [name, ...Object.values(row).map(String)] : [name, "Not Found"];
}

/** [owner, n, (name, count, value...)...] */
function plain(store: Store, table: "property" | "property_class" | "property_device", owner: string): string[] {
  const properties = grouped(store.properties[table].all([owner]));
  return [owner, ...properties.reduce(list, [String(properties.length)])];
}

/** [owner, n, (member, n, (name, count, value...)...)...] */
function byMember(store: Store, table: MemberTable, owner: string): string[] {
  const members = store.properties[table].members(owner, "%");
  const reply = [owner, String(members.length)];
  for (const member of members) {
    const properties = grouped(store.properties[table].all([owner, member]));
    reply.push(member, String(properties.length));
    properties.reduce(list, reply);
  }
  return reply;
}

function list(reply: string[], { name, values }: { name: string; values: readonly string[] }): string[] {
  reply.push(name, String(values.length));
  for (const value of values) reply.push(value);
  return reply;
}

function classes(store: Store, server: string, withPipes: boolean): string[] {
  const found = new Map<string, { name: string; devices: string[] }>();
  for (const row of store.sql.all`SELECT name, class FROM device
      WHERE server = ${server} AND class <> 'DServer' ORDER BY upper(class), upper(name)`) {
    const key = String(row.class).toLowerCase();
    const known = found.get(key) ?? { name: String(row.class), devices: [] };
    known.devices.push(String(row.name));
    found.set(key, known);
  }
  const names = [...found.values()];
  const reply = [server, String(names.length)];
  const add = (words: readonly string[]) => {
    for (const word of words) reply.push(word);
  };
  for (const { name, devices } of names) {
    add(plain(store, "property_class", name));
    add(byMember(store, "property_attribute_class", name));
    if (withPipes) add(byMember(store, "property_pipe_class", name));
    add([name, String(devices.length), ...devices]);
    for (const device of devices) {
      add(plain(store, "property_device", device));
      add(byMember(store, "property_attribute_device", device));
      if (withPipes) add(byMember(store, "property_pipe_device", device));
    }
  }
  return reply;
}

/** The control system's own properties, and where the access control is when its Services say there is one. */
function controlSystem(store: Store): string[] {
  const services = store.properties.property.values(["CtrlSystem"], "Services");
  const control = services.find((line) => /^accesscontrol\//i.test(line));
  const device = control?.slice(control.indexOf(":") + 1);
  return [...plain(store, "property", "CtrlSystem"), ...((device && imported(store, device.toLowerCase())) || [])];
}
