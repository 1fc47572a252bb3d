// SPDX-License-Identifier: MIT
// From a Beacon tree to a session file, and to the devices that our servers have to serve for it.
import { placeText } from "../problem.ts";
import { takeChain } from "./chain.ts";
import { takeCounters } from "./counters.ts";
import { takeController } from "./motors.ts";
import { aliasesOf, dataOf, isSession, leftOf, sessionsOf, wantedBy } from "./sessions.ts";
import type { Taken, TakenDevice, TakenGroup } from "./taken.ts";
import type { BeaconItem, BeaconTree, Words } from "./tree.ts";
import { textOf } from "./words.ts";

export interface BeaconImport {
  /** A session file. */
  readonly session: Words;
  /** A file for `bandoneon database apply`; undefined when every device is there already. */
  readonly database: Words | undefined;
  /** What could not be taken: place and reason. */
  readonly left: readonly string[];
}

export interface ImportOptions {
  /** The session whose objects are taken; default: all objects of the tree. */
  readonly session?: string;
  /** First part of the names of new devices; default: the session's name. */
  readonly domain?: string;
}

/** A session file. */
interface Imported {
  readonly name: string;
  readonly objects: Readonly<Record<string, Words>>;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly data?: Words;
  readonly chain?: readonly Words[];
}

/** @throws RangeError when the tree has no such session, with those it has */
export function importBeacon(tree: BeaconTree, options: ImportOptions = {}): BeaconImport {
  const sessions = options.session === undefined ? [] : sessionsOf(tree, options.session);
  const name = options.session ?? "imported";
  const domain = options.domain ?? name;
  const all = takeAll(tree, domain);
  const wanted = wantedBy(sessions);
  const objects = Object.fromEntries(Object.entries(all.objects).filter(([object]) => wanted(object)));
  const left = [
    ...tree.unread.map(({ place, message }) => `${placeText(place)}: ${message}`),
    ...all.left,
    ...sessions.flatMap((session) => leftOf(session, tree)),
  ];
  const kept = all.devices.filter(({ device }) => !/\/motor\//.test(device) || neededBy(device, objects, all.devices));
  const groups = known(all.groups, objects, left);
  const chain = all.chain.filter((entry) => usable(entry, objects, left));
  const data = dataOf(sessions);
  const session: Imported = {
    name: identifier(name),
    objects,
    ...(Object.keys(groups).length > 0 && { groups }),
    ...(data && { data }),
    ...(chain.length > 0 && { chain }),
  };
  return {
    session: renamed(session, aliasesOf(sessions)),
    database: kept.length > 0 ? { servers: serversOf(kept, domain) } : undefined,
    left,
  };
}

const identifier = (name: string): string => name.replace(/\W/g, "_").replace(/^(?=\d)/, "_");

interface All {
  readonly objects: Record<string, Words>;
  readonly groups: Record<string, TakenGroup>;
  readonly devices: TakenDevice[];
  readonly chain: Words[];
  readonly left: string[];
}
function takeAll({ items }: BeaconTree, domain: string): All {
  const all: All = { objects: {}, groups: {}, devices: [], chain: [], left: [] };
  for (const item of items.filter((one) => !isSession(one))) {
    const taken = take(item, domain);
    Object.assign(all.objects, taken.objects);
    Object.assign(all.groups, taken.groups);
    all.devices.push(...(taken.devices ?? []));
    all.chain.push(...(taken.chain ?? []));
    all.left.push(...(taken.left ?? []).map((what) => `${placeText(item.place)}: ${what}`));
  }
  return all;
}

function take({ words }: BeaconItem, domain: string): Taken {
  const taken = takeController(words, domain) ?? takeChain(words) ?? takeCounters(words);
  if (taken) return taken;
  const [name, kind] = [textOf(words, "name"), textOf(words, "class")];
  return {
    left: [
      `${name ?? "an item without name"}: ${kind === undefined ? "it has no class" : `class ${kind} is not known here`}`,
    ],
  };
}

/** Whether an object is made of it, or a calculated axis. */
const neededBy = (device: string, objects: Readonly<Record<string, Words>>, devices: readonly TakenDevice[]): boolean =>
  Object.values(objects).some((words) => words.device === device) ||
  devices.some(({ properties: { Reals } }) => Array.isArray(Reals) && Reals.includes(device));

/** With the counters of the groups they include. Members whose object was not taken are left out, and said. */
function known(
  groups: Readonly<Record<string, TakenGroup>>,
  objects: Readonly<Record<string, Words>>,
  left: string[],
): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.keys(groups).map((name) => {
      const members = [...membersOf(name, groups, left)];
      const there = members.filter((member) => Object.hasOwn(objects, member.split(":", 1)[0]!));
      const gone = members.filter((member) => !there.includes(member));
      if (gone.length > 0) left.push(`measurement group ${name}: ${gone.join(", ")} not among the objects`);
      return [name, there];
    }),
  );
}

/** Its own counters, and those of the groups it includes, each once. */
function membersOf(name: string, groups: Readonly<Record<string, TakenGroup>>, left: string[]): Set<string> {
  const found = new Set([name]);
  const members = new Set<string>();
  for (const one of found) {
    const group = Object.hasOwn(groups, one) ? groups[one] : undefined;
    if (!group) left.push(`measurement group ${name}: it includes ${one}, which is none`);
    for (const counter of group?.counters ?? []) members.add(counter);
    for (const included of group?.included ?? []) found.add(included);
  }
  return members;
}

/** A chain is of what was taken. */
function usable({ device, master }: Words, objects: Readonly<Record<string, Words>>, left: string[]): boolean {
  const gone = [device, master].filter((name) => name !== undefined && !Object.hasOwn(objects, String(name)));
  if (gone.length > 0) left.push(`chain of ${device}: ${gone.join(", ")} not among the objects`);
  return gone.length === 0;
}

/** Objects by the names people know them by, wherever they are named. */
function renamed(session: Imported, aliases: ReadonlyMap<string, string>): Words {
  const name = (one: unknown) => {
    const [object = "", ...rest] = String(one).split(":");
    return [aliases.get(object) ?? object, ...rest].join(":");
  };
  const values = <Value, Other>(all: Readonly<Record<string, Value>>, change: (value: Value) => Other) =>
    Object.fromEntries(Object.entries(all).map(([key, value]) => [key, change(value)]));
  const object = ({ inputs, ...words }: Words) => ({ ...words, ...(inputs !== undefined && { inputs: values(inputs as Words, name) }) }); // biome-ignore format: one glance
  const { objects, groups, chain, ...rest } = session;
  return {
    ...rest,
    objects: Object.fromEntries(Object.entries(objects).map(([key, words]) => [name(key), object(words)])),
    ...(groups && { groups: values(groups, (members) => members.map(name)) }),
    ...(chain && { chain: chain.map(({ device, master, ...how }) => ({ device: name(device), ...(master !== undefined && { master: name(master) }), ...how })) }),
  }; // biome-ignore format: one glance
}

function serversOf(devices: readonly TakenDevice[], instance: string): Words {
  const servers: Record<string, { devices: Record<string, Words> }> = {};
  for (const { server, className, device, properties } of devices) {
    const one = (servers[`${server}/${instance}`] ??= { devices: {} });
    one.devices[device] = { class: className, ...(Object.keys(properties).length > 0 && { properties }) };
  }
  return servers;
}
