// SPDX-License-Identifier: MIT
// Tango resource files (.res), as Jive writes and `-file=` servers read them: one `key: value, value` a line.
//   Server/inst/DEVICE/Class: "dom/fam/mem", ...      dom/fam/mem->property: v      dom/fam/mem/att->property: v
//   CLASS/Class->property: v      CLASS/Class/att->property: v      FREE/object->property: v
import { type Contents, FormatError, type MemberProperties, type PropertyValues } from "./contents.ts";

type Values = Record<string, readonly string[]>;
interface Owner {
  properties: Values;
  attributes: Record<string, Values>;
}

interface Line {
  readonly number: number;
  readonly key: string;
  readonly values: readonly string[];
}

/** @throws FormatError naming the line that cannot be understood. */
export function parseResources(text: string, name: string): Contents {
  const places = new Map<string, { server: string; device: string; class: string }>();
  const devices = new Map<string, Owner>();
  const classes: Record<string, Owner> = {};
  const objects: Record<string, Values> = {};
  const ownerIn = (map: Map<string, Owner>, key: string): Owner => {
    const known = map.get(key.toLowerCase()) ?? { properties: {}, attributes: {} };
    map.set(key.toLowerCase(), known);
    return known;
  };
  const assign = (owner: Owner, attribute: string | undefined, property: string, values: readonly string[]) => {
    if (attribute === undefined) owner.properties[property] = values;
    else (owner.attributes[attribute] ??= {})[property] = values;
  };
  for (const { number, key, values } of lines(text, name)) {
    const declared = /^([^/]+\/[^/]+)\/DEVICE\/([^/]+)$/i.exec(key);
    const [path = "", property] = key.split("->").map((part) => part.trim());
    const parts = path.split("/");
    if (declared) {
      for (const device of values)
        places.set(device.toLowerCase(), { server: declared[1]!, device, class: declared[2]! });
    } else if (property === undefined) {
      throw new FormatError(`${name}:${number}: "${key}" is neither Server/instance/DEVICE/Class nor owner->property`);
    } else if (/^class$/i.test(parts[0]!) && (parts.length === 2 || parts.length === 3)) {
      assign((classes[parts[1]!] ??= { properties: {}, attributes: {} }), parts[2], property, values);
    } else if (/^free$/i.test(parts[0]!) && parts.length === 2) {
      (objects[parts[1]!] ??= {})[property] = values;
    } else if (parts.length === 3 || parts.length === 4) {
      assign(ownerIn(devices, parts.slice(0, 3).join("/")), parts[3], property, values);
    } else {
      throw new FormatError(`${name}:${number}: "${path}" is neither a device, an attribute, CLASS/... nor FREE/...`);
    }
  }
  for (const device of devices.keys())
    if (!places.has(device))
      throw new FormatError(`${name}: ${device} has properties, but no Server/instance/DEVICE line declares it`);
  const servers: Record<string, { devices: Record<string, Contents["servers"][string]["devices"][string]> }> = {};
  for (const [key, { server, device, class: deviceClass }] of places)
    (servers[server] ??= { devices: {} }).devices[device] = { class: deviceClass, ...ownerIn(devices, key), pipes: {} };
  return {
    servers,
    classes: Object.fromEntries(Object.entries(classes).map(([key, owner]) => [key, { ...owner, pipes: {} }])),
    objects,
  };
}

/** Logical lines: a backslash at the end, a comma at the end, or an open quote goes on in the next one. */
function* lines(text: string, name: string): Generator<Line> {
  const physical = text.split(/\r?\n/);
  for (let at = 0; at < physical.length; at++) {
    const number = at + 1;
    let line = physical[at]!;
    if (/^\s*(#|$)/.test(line)) continue;
    while (continues(line) && at + 1 < physical.length)
      line = openQuote(line) ? `${line}\n${physical[++at]}` : `${line.replace(/\\\s*$/, "")} ${physical[++at]}`;
    if (openQuote(line)) throw new FormatError(`${name}:${number}: a quote is opened and never closed`);
    const colon = line.indexOf(":");
    if (colon < 0) throw new FormatError(`${name}:${number}: expected "key: value", not "${line.trim()}"`);
    yield { number, key: line.slice(0, colon).trim(), values: values(line.slice(colon + 1), `${name}:${number}`) };
  }
}

const openQuote = (line: string) => (line.replace(/\\["\\]/g, "").match(/"/g)?.length ?? 0) % 2 === 1;
const continues = (line: string) => openQuote(line) || /[\\,]\s*$/.test(line);

function values(text: string, where: string): string[] {
  const found: string[] = [];
  const token = /\s*(?:"((?:\\["\\]|[^"])*)"|([^",]*?))\s*(,|$)/y;
  for (let done = text.trim() === ""; !done; ) {
    const match = token.exec(text);
    if (!match) throw new FormatError(`${where}: expected values with commas between, not "${text.trim()}"`);
    found.push(match[1] === undefined ? match[2]! : match[1].replace(/\\(["\\])/g, "$1"));
    done = match[3] === "";
  }
  return found;
}

const quoted = (value: string) => (/^[\w./+-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`);
const line = (key: string, list: readonly string[]) => `${key}: ${list.map(quoted).join(",\\\n    ")}\n`;

/** What the form has no place for (aliases, pipes, Starter levels) is left out. */
export function formatResources({ servers, classes, objects }: Contents): string {
  const owned = (path: string, properties: PropertyValues, attributes: MemberProperties): string =>
    Object.entries(properties)
      .map(([name, list]) => line(`${path}->${name}`, list))
      .join("") +
    Object.entries(attributes)
      .map(([attribute, own]) => owned(`${path}/${attribute}`, own, {}))
      .join("");
  const parts: string[] = [];
  for (const [server, { devices }] of Object.entries(servers)) {
    const byClass = Map.groupBy(Object.entries(devices), ([, device]) => device.class);
    for (const [deviceClass, entries] of byClass) {
      parts.push(`# ${server}, devices of class ${deviceClass}\n`);
      parts.push(
        line(
          `${server}/DEVICE/${deviceClass}`,
          entries.map(([device]) => device),
        ),
      );
      for (const [device, { properties, attributes }] of entries) parts.push(owned(device, properties, attributes));
    }
  }
  for (const [name, { properties, attributes }] of Object.entries(classes))
    parts.push(owned(`CLASS/${name}`, properties, attributes));
  for (const [name, properties] of Object.entries(objects)) parts.push(owned(`FREE/${name}`, properties, {}));
  return parts.join("");
}
