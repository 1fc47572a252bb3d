// SPDX-License-Identifier: MIT
// Sessions of Beacon: which objects they want, and what of them a session file can say.
import { dirname, join, normalize } from "node:path";
import { placeText } from "../problem.ts";
import type { BeaconItem, BeaconTree, Words } from "./tree.ts";
import { listOf, named, textOf, textsOf } from "./words.ts";

export const isSession = ({ words }: BeaconItem): boolean => textOf(words, "class")?.toLowerCase() === "session";

/** The session of that name, then those it includes, each once. @throws RangeError when there is none, with those there are */
export function sessionsOf({ items }: BeaconTree, name: string): BeaconItem[] {
  const known = new Map(items.filter(isSession).map((item) => [textOf(item.words, "name") ?? "", item]));
  const first = known.get(name);
  if (!first) throw new RangeError(`no session ${name}; there are ${[...known.keys()].join(", ") || "none"}`);
  const found = new Set([first]);
  for (const session of found)
    for (const included of textsOf(session.words, "include-sessions")) {
      const one = known.get(included);
      if (one) found.add(one);
    }
  return [...found];
}

/** Whether one of the sessions wants an object. */
export const wantedBy = (sessions: readonly BeaconItem[]): ((name: string) => boolean) => {
  const each = sessions.map(({ words }) => {
    const all = words["config-objects"] === undefined;
    const included = new Set(textsOf(words, "config-objects").map(named));
    const excluded = new Set(textsOf(words, "exclude-objects").map(named));
    return (name: string) => (all || included.has(name)) && !excluded.has(name);
  });
  return (name) => each.length === 0 || each.some((wants) => wants(name));
};

/** Object -> the name people know it by. */
export const aliasesOf = (sessions: readonly BeaconItem[]): ReadonlyMap<string, string> =>
  new Map(
    sessions.flatMap(({ words }) =>
      listOf(words, "aliases").flatMap((alias): [string, string][] => {
        const [original, name] = [textOf(alias, "original_name"), textOf(alias, "alias_name")];
        return original === undefined || name === undefined ? [] : [[named(original), name]];
      }),
    ),
  );

/** Where data go: the session's own word, or the beamline's; undefined: nothing is said. */
export function dataOf(sessions: readonly BeaconItem[]): Words | undefined {
  const [saving] = sessions.flatMap(({ words }) => (isWords(words.scan_saving) ? [words.scan_saving] : []));
  if (!saving) return undefined;
  const text = (key: string) => textOf(saving, key);
  if (/^esrf/i.test(text("class") ?? "")) {
    const beamline = text("beamline");
    const [visitor, inhouse, tmp] = [text("visitor_data_root"), text("inhouse_data_root"), text("tmp_data_root")];
    const all = visitor !== undefined && inhouse !== undefined && tmp !== undefined;
    return {
      policy: "esrf",
      ...(beamline !== undefined && { beamline }),
      ...(all && { roots: { visitor: filled(visitor), inhouse: filled(inhouse), tmp: filled(tmp) } }),
    };
    function filled(root: string): string {
      return root.replaceAll("{beamline}", beamline ?? "{beamline}");
    }
  }
  const words = { folder: text("base_path"), template: text("template"), filename: text("data_filename") };
  const said = Object.entries(words).filter(([, value]) => value !== undefined);
  return said.length > 0 ? { policy: "basic", ...Object.fromEntries(said) } : undefined;
}
const isWords = (value: unknown): value is Words => typeof value === "object" && value !== null;

/** What of a session could not be taken, in words. */
export function leftOf({ words, place }: BeaconItem, { scripts, items }: BeaconTree): string[] {
  const at = placeText(place);
  const setup = textOf(words, "setup-file");
  const sessions = new Set(items.filter(isSession).map((item) => textOf(item.words, "name")));
  const missing = textsOf(words, "include-sessions").filter((name) => !sessions.has(name));
  return [
    ...(setup !== undefined ? [`${at}: setup-file ${setup} is Python${definitions(setup)}; write it anew as a setup script`] : []), // biome-ignore format: one glance
    ...(missing.length > 0 ? [`${at}: include-sessions ${missing.join(", ")}: there are none of that name`] : []),
  ];
  function definitions(script: string): string {
    const found = scripts.get(normalize(join(dirname(place.file), script)));
    return found && found.length > 0 ? `, it makes ${found.join(", ")}` : "";
  }
}
