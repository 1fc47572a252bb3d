// SPDX-License-Identifier: MIT
// Reads the contents of a running database, ours or any other, through its commands.
import type { LongStrings } from "../../../tango/idl/tango-types.ts";
import type { StoreCommand } from "../interface.ts";
import type { ClassContents, Contents, DeviceContents, MemberProperties, PropertyValues } from "./contents.ts";

/** Calls one command of the database. */
export type Call = (command: StoreCommand, argument: string | readonly string[]) => Promise<unknown>;

/** Everything, or what belongs to the servers that fit `filter` (`*` is any run of characters). */
export async function readContents(call: Call, filter = "*"): Promise<Contents> {
  const names = async (command: StoreCommand, argument: string | readonly string[]) =>
    (await call(command, argument)) as string[];
  const aliases = await readAliases(call);
  const servers: Record<string, Contents["servers"][string]> = {};
  for (const server of await names("DbGetServerList", filter)) {
    const pairs = await names("DbGetDeviceClassList", server);
    const devices: Record<string, DeviceContents> = {};
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      const [device, deviceClass] = [pairs[at]!, pairs[at + 1]!];
      // The admin device comes into being with the first device; it is kept when it has properties of its own.
      const contents = await readDevice(call, device, deviceClass, aliases.get(device.toLowerCase()));
      if (deviceClass !== "DServer" || Object.keys(contents.properties).length > 0) devices[device] = contents;
    }
    servers[server] = { ...(await readStarter(call, server)), devices };
  }
  if (filter !== "*") return { servers, classes: {}, objects: {} };

  const classes: Record<string, ClassContents> = {};
  for (const name of await ownersOf(call, "class", [
    "property_class",
    "property_attribute_class",
    "property_pipe_class",
  ]))
    classes[name] = await readClass(call, name);
  const objects: Record<string, PropertyValues> = {};
  for (const object of await names("DbGetObjectList", "*"))
    objects[object] = await readProperties(call, "Property", object, await names("DbGetPropertyList", [object, "*"]));
  return { servers, classes, objects };
}

async function readAliases(call: Call): Promise<Map<string, string>> {
  const { svalue } = (await call(
    "DbMySqlSelect",
    "SELECT name, alias FROM device WHERE alias IS NOT NULL",
  )) as LongStrings;
  const aliases = new Map<string, string>();
  for (let at = 0; at + 1 < svalue.length; at += 2)
    if (svalue[at + 1]) aliases.set(svalue[at]!.toLowerCase(), svalue[at + 1]!);
  return aliases;
}

/** Owners of properties in these tables; lists made of devices would miss classes without one. */
async function ownersOf(call: Call, column: string, tables: readonly string[]): Promise<string[]> {
  const found = new Map<string, string>();
  for (const table of tables) {
    const { svalue } = (await call("DbMySqlSelect", `SELECT DISTINCT ${column} FROM ${table}`)) as LongStrings;
    for (const name of svalue) if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), name);
  }
  return [...found.values()].sort();
}

async function readStarter(call: Call, server: string): Promise<Pick<Contents["servers"][string], "starter">> {
  const [, host = " ", mode = " ", level = " "] = (await call("DbGetServerInfo", server)) as string[];
  if (mode === " ") return {};
  return { starter: { host: host.trim(), controlled: mode === "1", level: Number(level) } };
}

async function readDevice(call: Call, device: string, deviceClass: string, alias?: string): Promise<DeviceContents> {
  const list = (await call("DbGetDevicePropertyList", [device, "*"])) as string[];
  return {
    class: deviceClass,
    ...(alias === undefined ? {} : { alias }),
    properties: await readProperties(call, "DeviceProperty", device, list),
    attributes: await readMembers(call, "DbGetDeviceAttributeList", "DbGetDeviceAttributeProperty2", device),
    pipes: await readMembers(call, "DbGetDevicePipeList", "DbGetDevicePipeProperty", device),
  };
}

async function readClass(call: Call, name: string): Promise<ClassContents> {
  const list = (await call("DbGetClassPropertyList", name)) as string[];
  return {
    properties: await readProperties(call, "ClassProperty", name, list),
    attributes: await readMembers(call, "DbGetClassAttributeList", "DbGetClassAttributeProperty2", name),
    pipes: await readMembers(call, "DbGetClassPipeList", "DbGetClassPipeProperty", name),
  };
}

async function readProperties(
  call: Call,
  kind: "Property" | "DeviceProperty" | "ClassProperty",
  owner: string,
  names: readonly string[],
): Promise<PropertyValues> {
  if (names.length === 0) return {};
  const reply = (await call(`DbGet${kind}`, [owner, ...names])) as string[];
  const properties: Record<string, readonly string[]> = {};
  for (let at = 2; at < reply.length; ) {
    const count = Number(reply[at + 1]);
    properties[reply[at]!] = reply.slice(at + 2, at + 2 + count);
    at += 2 + count;
  }
  return properties;
}

async function readMembers(
  call: Call,
  list: StoreCommand,
  get: StoreCommand,
  owner: string,
): Promise<MemberProperties> {
  const members = (await call(list, [owner, "*"])) as string[];
  if (members.length === 0) return {};
  const reply = ((await call(get, [owner, ...members])) as string[])[Symbol.iterator]();
  const next = () => reply.next().value ?? "";
  next();
  const found: Record<string, PropertyValues> = {};
  for (let left = Number(next()); left > 0; left--) {
    const properties: Record<string, readonly string[]> = {};
    const member = next();
    for (let more = Number(next()); more > 0; more--) {
      const name = next();
      properties[name] = Array.from({ length: Number(next()) }, next);
    }
    found[member] = properties;
  }
  return found;
}
