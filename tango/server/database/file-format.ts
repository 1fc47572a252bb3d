// SPDX-License-Identifier: MIT
// The text of a server's property file (`-file=`): one entry a name, values by comma, `\` at the end of a line going on.
import { devFailed } from "../../errors.ts";
import { owner, type ServerStore, type StoredClass } from "./memory.ts";

/** The entries of the text: a name and its values. */
function entries(text: string): { readonly name: string; readonly values: readonly string[]; readonly line: number }[] {
  const found: { name: string; values: readonly string[]; line: number }[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    let entry = lines[index] ?? "";
    if (/^\s*(#|$)/.test(entry)) continue;
    while (/\\\s*$/.test(entry) && index + 1 < lines.length)
      entry = `${entry.replace(/\\\s*$/, "")}${lines[++index]?.trim()}`;
    const [, name, values] = /^\s*("?[^":]+"?)\s*:\s*(.*)$/.exec(entry) ?? [];
    if (!name) throw wrong(line, `"${entry}" is not name: value`);
    found.push({ name: name.replaceAll('"', "").trim(), values: split(values ?? "", line), line });
  }
  return found;
}

const wrong = (line: number, problem: string) =>
  devFailed("API_DatabaseAccess", `Property file, line ${line}: ${problem}`, "FileDatabase.read");

/** Values by comma; quoted ones may hold commas, and `\"`. */
function split(text: string, line: number): string[] {
  const values: string[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const [whole, quoted, plain] = /^(?:"((?:[^"\\]|\\.)*)"|([^,"]*))\s*(?:,\s*|$)/.exec(rest) ?? [];
    if (whole === undefined) throw wrong(line, `a quote is not closed in ${rest}`);
    values.push(quoted === undefined ? (plain ?? "").trim() : quoted.replace(/\\(.)/g, "$1"));
    rest = rest.slice(whole.length);
    if (whole === "") break;
  }
  return values.length === 0 ? [""] : values;
}

/** `server`: exec/inst, whose devices the text lists as `exec/inst/DEVICE/Class`. */
export function parseStore(text: string, server: string): ServerStore {
  const store: ServerStore = { classes: [], others: new Map() };
  const properties: ReturnType<typeof entries> = [];
  for (const entry of entries(text)) {
    const [, name, className] = /^(.+)\/DEVICE\/(.+)$/i.exec(entry.name) ?? [];
    if (name === undefined || className === undefined) properties.push(entry);
    else if (name.toLowerCase() === server.toLowerCase()) declare(store, className, entry.values);
  }
  for (const { name, values, line } of properties) {
    const [place, property] = name.split("->");
    if (!place || !property) throw wrong(line, `"${name}" is not place->property`);
    assign(store, place.trim(), property.trim(), values);
  }
  return store;
}

function declare(store: ServerStore, className: string, devices: readonly string[]): void {
  const known = store.classes.find(({ name }) => name.toLowerCase() === className.toLowerCase());
  const found: StoredClass = known ?? { ...owner(className), devices: [] };
  if (!known) store.classes.push(found);
  for (const device of devices) found.devices.push(owner(device));
}

/** `CLASS/Name`, `CLASS/Name/attribute`, `dom/fam/mem`, `dom/fam/mem/attribute`, or a free object. */
function assign(store: ServerStore, place: string, property: string, values: readonly string[]): void {
  const [, className, classMember] = /^CLASS\/([^/]+)(?:\/(.+))?$/i.exec(place) ?? [];
  const [, device, member] = /^([^/]+\/[^/]+\/[^/]+)(?:\/(.+))?$/.exec(place) ?? [];
  const found = className
    ? store.classes.find(({ name }) => name.toLowerCase() === className.toLowerCase())
    : store.classes
        .flatMap(({ devices }) => devices)
        .find(({ name }) => name.toLowerCase() === (device ?? place).toLowerCase());
  const target = found ?? other(store, device ?? place);
  const attribute = className ? classMember : member;
  if (!attribute) target.properties[property] = values;
  else (target.attributes[attribute] ??= {})[property] = values;
}

function other(store: ServerStore, name: string) {
  const key = name.toLowerCase();
  let found = store.others.get(key);
  if (!found) store.others.set(key, (found = owner(name)));
  return found;
}

const RULE = "#############################################";
/** C++ servers read words and numbers bare, and everything else in quotes only: a bare `/` ends their reading. */
const quoted = (value: string) => (/^-?[\w.]+$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`);

/** `indent`: blanks before every value but the first, each of which has a line. */
const entry = (name: string, values: readonly string[], indent: number): string =>
  `${name}: ${values.map(quoted).join(`,\\\n${" ".repeat(indent)}`)}\n`;

type Rows = Readonly<Record<string, readonly string[]>>;
const rows = (place: string, properties: Rows): string =>
  Object.entries(properties)
    .map(([name, values]) => [`${place}->${name}`, values] as const)
    .map(([name, values]) => entry(name, values, name.length + 1))
    .join("");
const members = (place: string, all: Readonly<Record<string, Rows>>): string =>
  Object.entries(all)
    .map(([name, properties]) => rows(`${place}/${name}`, properties))
    .join("");

/** The text again, laid out as C++ servers do it: comments are not kept. */
export function printStore({ classes, others }: ServerStore, server: string): string {
  const declared = classes
    .filter(({ devices }) => devices.length > 0)
    .map(({ name, devices }) => [`${server}/DEVICE/${name}`, devices.map((device) => device.name)] as const)
    .map(([name, devices]) => entry(name, devices, name.length + 2));
  const free = [...others.values()].map(
    ({ name, properties, attributes }) => rows(name, properties) + members(name, attributes),
  );
  return `${declared.join("")}\n${classes.map(printClass).join("")}${RULE}\n# FREE OBJECT attributes\n\n${free.join("")}`;
}

function printClass({ name, properties, attributes, devices }: StoredClass): string {
  const place = `CLASS/${name}`;
  const own = `${RULE}\n# CLASS ${name}\n\n${rows(place, properties)}\n`;
  const ofAttributes = `# CLASS ${name} attribute properties\n\n${members(place, attributes)}\n\n`;
  return own + ofAttributes + devices.map(printDevice).join("");
}

const printDevice = ({ name, properties, attributes }: StoredClass["devices"][number]): string =>
  `# DEVICE ${name} properties \n\n${rows(name, properties)}\n` +
  `# DEVICE ${name} attribute properties\n\n${members(name, attributes)}`;
