// SPDX-License-Identifier: MIT
// What has to be done to a database so that it holds what is wanted: a list of its own commands, each with a line for
// people. Showing the list is the dry run; calling it is the change.
import type { StoreCommand } from "../interface.ts";
import {
  type ClassContents,
  type Contents,
  type DeviceContents,
  type MemberProperties,
  named,
  type PropertyValues,
} from "./contents.ts";

export interface Change {
  /** What it does, for people: `+ device ...`, `- ...`, `~ ...`. */
  readonly text: string;
  readonly command: StoreCommand;
  readonly argument: string | readonly string[];
}

export interface PlanOptions {
  /** The devices that are wanted of a server are all of it: others go. */
  readonly complete?: boolean;
  /** Also remove devices, servers, classes, objects and properties that are not wanted. */
  readonly prune?: boolean;
}

/** The changes that turn `have` into `want`, in an order that works. Names compare without regard to case. */
export function plan(have: Contents, want: Contents, { complete = false, prune = false }: PlanOptions = {}): Change[] {
  return [
    ...(prune ? removedServers(have, want) : []),
    ...(prune || complete ? removedDevices(have, want) : []),
    ...Object.entries(want.servers).flatMap(([server, wanted]) => serverChanges(have, server, wanted, prune)),
    ...owners(have.classes, want.classes, prune).flatMap(([name, had, wanted]) =>
      classChanges(name, had, wanted, prune),
    ),
    ...owners(have.objects, want.objects, prune).flatMap(([name, had, wanted]) =>
      propertyChanges("Property", name, had ?? {}, wanted ?? {}, prune),
    ),
  ];
}

const shown = (values: readonly string[]): string => {
  const text = JSON.stringify(values.length === 1 ? values[0] : values);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
};

const equal = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((value, index) => value === b[index]);

/** Pairs of what there is and what is wanted; what is only there comes along when it is to be removed. */
function owners<T>(have: Readonly<Record<string, T>>, want: Readonly<Record<string, T>>, prune: boolean) {
  const pairs: [name: string, had: T | undefined, wanted: T | undefined][] = Object.entries(want).map(
    ([name, wanted]) => [name, named(have, name), wanted],
  );
  if (!prune) return pairs;
  const extra = Object.entries(have).filter(([name]) => named(want, name) === undefined);
  return [...pairs, ...extra.map(([name, had]): (typeof pairs)[number] => [name, had, undefined])];
}

function removedServers(have: Contents, want: Contents): Change[] {
  const gone = Object.keys(have.servers).filter((server) => !named(want.servers, server));
  return gone.map((server) => ({ text: `- server ${server}`, command: "DbDeleteServer", argument: server }));
}

/** Devices that a wanted server has and is not to have. */
function removedDevices(have: Contents, want: Contents): Change[] {
  return Object.entries(have.servers).flatMap(([server, { devices }]) => {
    const wanted = named(want.servers, server)?.devices ?? devices;
    const gone = Object.keys(devices).filter((device) => !named(wanted, device));
    return gone.map((device): Change => {
      return { text: `- device ${device} of ${server}`, command: "DbDeleteDevice", argument: device };
    });
  });
}

function serverChanges(have: Contents, server: string, wanted: Contents["servers"][string], prune: boolean): Change[] {
  const had = named(have.servers, server);
  const changes = Object.entries(wanted.devices).flatMap(([device, contents]) => {
    const there = had && named(had.devices, device);
    // Registering anew keeps the properties the device may have under another server.
    const before = there ?? anywhere(have, device);
    const same = there?.class.toLowerCase() === contents.class.toLowerCase();
    const text = `${before ? "~" : "+"} device ${device}: ${contents.class} of ${server}`;
    const add: Change = { text, command: "DbAddDevice", argument: [server, device, contents.class] };
    // A device that is registered again loses its alias.
    return [
      ...(same ? [] : [add]),
      ...deviceChanges(device, before, contents, prune, same ? before?.alias : undefined),
    ];
  });
  const { starter } = wanted;
  const old = had?.starter;
  if (
    !starter ||
    (old && old.host === starter.host && old.level === starter.level && old.controlled === starter.controlled)
  )
    return changes;
  const argument = [server, starter.host, starter.controlled ? "1" : "0", String(starter.level)];
  const text = `~ server ${server}: level ${starter.level} on ${starter.host || "any host"}`;
  const placed = had || changes.length === 0 ? [] : placedOn(server, starter.host);
  return [...changes, ...placed, { text, command: "DbPutServerInfo", argument }];
}

/** A Starter lists the servers that ran on its host once: a new one is said to have, as Astor does. */
function placedOn(server: string, host: string): Change[] {
  if (host === "") return [];
  const admin = `dserver/${server}`;
  return [
    {
      text: `~ server ${server}: on ${host}`,
      command: "DbExportDevice",
      argument: [admin, "null", host, "null", "null"],
    },
    { text: `~ server ${server}: not running`, command: "DbUnExportDevice", argument: admin },
  ];
}

const anywhere = (have: Contents, device: string) =>
  Object.values(have.servers)
    .map(({ devices }) => named(devices, device))
    .find((found) => found !== undefined);

function deviceChanges(
  device: string,
  had: DeviceContents | undefined,
  wanted: DeviceContents,
  prune: boolean,
  alias: string | undefined,
): Change[] {
  const aliased = wanted.alias !== undefined && wanted.alias.toLowerCase() !== alias?.toLowerCase();
  const aliasChange: Change[] = aliased
    ? [{ text: `~ alias ${wanted.alias} -> ${device}`, command: "DbPutDeviceAlias", argument: [device, wanted.alias!] }]
    : [];
  return [
    ...aliasChange,
    ...propertyChanges("DeviceProperty", device, had?.properties ?? {}, wanted.properties, prune),
    ...memberChanges("DeviceAttribute", device, had?.attributes ?? {}, wanted.attributes, prune),
    ...memberChanges("DevicePipe", device, had?.pipes ?? {}, wanted.pipes, prune),
  ];
}

function classChanges(
  name: string,
  had: ClassContents | undefined,
  wanted: ClassContents | undefined,
  prune: boolean,
): Change[] {
  return [
    ...propertyChanges("ClassProperty", name, had?.properties ?? {}, wanted?.properties ?? {}, prune),
    ...memberChanges("ClassAttribute", name, had?.attributes ?? {}, wanted?.attributes ?? {}, prune),
    ...memberChanges("ClassPipe", name, had?.pipes ?? {}, wanted?.pipes ?? {}, prune),
  ];
}

function propertyChanges(
  kind: "Property" | "DeviceProperty" | "ClassProperty",
  owner: string,
  had: PropertyValues,
  wanted: PropertyValues,
  prune: boolean,
): Change[] {
  return owners(had, wanted, prune).flatMap(([name, old, values]): Change[] => {
    if (!values) return [{ text: `- ${owner}->${name}`, command: `DbDelete${kind}`, argument: [owner, name] }];
    if (old && equal(old, values)) return [];
    const argument = [owner, "1", name, String(values.length), ...values];
    const text = `${old ? "~" : "+"} ${owner}->${name}: ${old ? `${shown(old)} -> ` : ""}${shown(values)}`;
    return [{ text, command: `DbPut${kind}`, argument }];
  });
}

const putMember = {
  DeviceAttribute: "DbPutDeviceAttributeProperty2",
  ClassAttribute: "DbPutClassAttributeProperty2",
  DevicePipe: "DbPutDevicePipeProperty",
  ClassPipe: "DbPutClassPipeProperty",
} as const;

function memberChanges(
  kind: keyof typeof putMember,
  owner: string,
  had: MemberProperties,
  wanted: MemberProperties,
  prune: boolean,
): Change[] {
  return owners(had, wanted, prune).flatMap(([member, before, after]) =>
    owners(before ?? {}, after ?? {}, prune).flatMap(([name, old, values]): Change[] => {
      const where = `${owner}/${member}->${name}`;
      if (!values) return [{ text: `- ${where}`, command: `DbDelete${kind}Property`, argument: [owner, member, name] }];
      if (old && equal(old, values)) return [];
      const argument = [owner, "1", member, "1", name, String(values.length), ...values];
      const text = `${old ? "~" : "+"} ${where}: ${old ? `${shown(old)} -> ` : ""}${shown(values)}`;
      return [{ text, command: putMember[kind], argument }];
    }),
  );
}
