// SPDX-License-Identifier: MIT
// From a Beacon tree to a session file, and to the devices that our servers have to serve for it.
import { placeText } from "../problem.ts";
import { takeCounters } from "./counters.ts";
import { takeController } from "./motors.ts";
import type { Taken, TakenDevice } from "./taken.ts";
import type { BeaconItem, BeaconTree, Words } from "./tree.ts";
import { named, textOf, textsOf } from "./words.ts";

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

/** @throws RangeError when the tree has no such session, with those it has */
export function importBeacon({ items, unread }: BeaconTree, options: ImportOptions = {}): BeaconImport {
  const sessions = new Map(items.filter(isSession).map((item) => [textOf(item.words, "name") ?? "", item]));
  const session = options.session === undefined ? undefined : sessions.get(options.session);
  if (options.session !== undefined && !session)
    throw new RangeError(`no session ${options.session}; there are ${[...sessions.keys()].join(", ") || "none"}`);
  const name = options.session ?? "imported";
  const domain = options.domain ?? name;
  const left = unread.map(({ place, message }) => `${placeText(place)}: ${message}`);
  const objects: Record<string, Words> = {};
  const groups: Record<string, readonly string[]> = {};
  const devices: TakenDevice[] = [];
  const wanted = session ? wantedBy(session.words) : () => true;
  for (const item of items) {
    if (isSession(item)) continue;
    const taken = take(item, domain);
    for (const [object, words] of Object.entries(taken.objects ?? {})) if (wanted(object)) objects[object] = words;
    Object.assign(groups, taken.groups);
    devices.push(...(taken.devices ?? []));
    left.push(...(taken.left ?? []).map((what) => `${placeText(item.place)}: ${what}`));
  }
  if (session) left.push(...leftOf(session));
  const kept = devices.filter(({ device }) => !/\/motor\//.test(device) || neededBy(device, objects, devices));
  return {
    session: {
      name: identifier(name),
      objects,
      ...(Object.keys(groups).length > 0 && { groups: known(groups, objects, left) }),
    },
    database: kept.length > 0 ? { servers: serversOf(kept, domain) } : undefined,
    left,
  };
}

const isSession = ({ words }: BeaconItem): boolean => textOf(words, "class")?.toLowerCase() === "session";
const identifier = (name: string): string => name.replace(/\W/g, "_").replace(/^(?=\d)/, "_");

function take({ words }: BeaconItem, domain: string): Taken {
  const taken = takeController(words, domain) ?? takeCounters(words);
  if (taken) return taken;
  const [name, kind] = [textOf(words, "name"), textOf(words, "class")];
  return {
    left: [
      `${name ?? "an item without name"}: ${kind === undefined ? "it has no class" : `class ${kind} is not known here`}`,
    ],
  };
}

function wantedBy(session: Words): (name: string) => boolean {
  const all = session["config-objects"];
  const [included, excluded] = [
    new Set(textsOf(session, "config-objects").map(named)),
    new Set(textsOf(session, "exclude-objects").map(named)),
  ];
  return (name) => (all === undefined || included.has(name)) && !excluded.has(name);
}

function leftOf({ words, place }: BeaconItem): string[] {
  const at = placeText(place);
  const setup = textOf(words, "setup-file");
  const more = textsOf(words, "include-sessions");
  return [
    ...(setup !== undefined ? [`${at}: setup-file ${setup} is Python; write it anew as a setup script`] : []),
    ...(more.length > 0
      ? [`${at}: include-sessions ${more.join(", ")}; import each, and name its file under include`]
      : []),
    ...(words.aliases !== undefined ? [`${at}: aliases; rename the objects`] : []),
  ];
}

/** Whether an object is made of it, or a calculated axis. */
const neededBy = (device: string, objects: Readonly<Record<string, Words>>, devices: readonly TakenDevice[]): boolean =>
  Object.values(objects).some((words) => words.device === device) ||
  devices.some(({ properties: { Reals } }) => Array.isArray(Reals) && Reals.includes(device));

/** Members whose object was not taken are left out, and said. */
function known(
  groups: Readonly<Record<string, readonly string[]>>,
  objects: Readonly<Record<string, Words>>,
  left: string[],
) {
  return Object.fromEntries(
    Object.entries(groups).map(([name, members]) => {
      const there = members.filter((member) => Object.hasOwn(objects, member.split(":", 1)[0]!));
      const gone = members.filter((member) => !there.includes(member));
      if (gone.length > 0) left.push(`measurement group ${name}: ${gone.join(", ")} not among the objects`);
      return [name, there];
    }),
  );
}

function serversOf(devices: readonly TakenDevice[], instance: string): Words {
  const servers: Record<string, { devices: Record<string, Words> }> = {};
  for (const { server, className, device, properties } of devices) {
    const one = (servers[`${server}/${instance}`] ??= { devices: {} });
    one.devices[device] = { class: className, ...(Object.keys(properties).length > 0 && { properties }) };
  }
  return servers;
}
