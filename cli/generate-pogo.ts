// SPDX-License-Identifier: MIT
// Device classes as Pogo's .xmi files describe them.
import { SaxesParser } from "saxes";
import type { Described, DescribedAttribute, DescribedProperty } from "./generate-interface.ts";
import {
  archiveOptions, changeOptions, numericOptions, pogoFormats, pogoTypes, textOptions,
} from "./generate-pogo-table.ts"; // biome-ignore format: a list

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Every class of the file. @throws Error naming the file and what in it is wrong. */
export function pogoClasses(text: string, file: string): readonly Described[] {
  const root = parsed(text, file);
  if (!/(^|:)PogoSystem$/.test(root.name))
    throw new Error(`${file} is no class description of Pogo: it begins with <${root.name}>, not with <PogoSystem>`);
  const classes = root.children.filter(({ name }) => name === "classes");
  if (classes.length === 0) throw new Error(`${file} describes no class`);
  return classes.map(described);
}

function parsed(text: string, file: string): Element {
  const parser = new SaxesParser({ fileName: file });
  const open: Element[] = [];
  let root: Element | undefined;
  parser.on("error", (error) => {
    throw new Error(error.message.replace(/^(.*:\d+:\d+): /, "$1: not XML: "));
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element: Element = { name, attributes: attributes as Record<string, string>, children: [], text: "" };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on("text", (part) => {
    const element = open.at(-1);
    if (element) element.text += part;
  });
  parser.on("closetag", () => void open.pop());
  parser.write(text).close();
  if (!root) throw new Error(`${file} is empty`);
  return root;
}

const inside = (element: Element, name: string): Element | undefined =>
  element.children.find((child) => child.name === name);
const all = (element: Element, name: string): readonly Element[] =>
  element.children.filter((child) => child.name === name);

function described(element: Element): Described {
  const name = required(element, "name", "a class");
  const typeIn = (member: Element, child: string) => typeOf(inside(member, child), `${name}.${member.attributes.name}`);
  return {
    name,
    properties: all(element, "deviceProperties").map((each) => property(each, typeIn(each, "type"))),
    classProperties: all(element, "classProperties").map((each) => property(each, typeIn(each, "type"))),
    attributes: all(element, "attributes").map((each) => attribute(each, typeIn(each, "dataType"))),
    forwarded: all(element, "forwardedAttributes").map((each) => required(each, "name", `a member of ${name}`)),
    commands: all(element, "commands").map((each) => command(each, name)),
    pipes: all(element, "pipes").map((each) => ({
      name: required(each, "name", `a pipe of ${name}`),
      label: each.attributes.label ?? "",
      description: each.attributes.description ?? "",
      writable: each.attributes.rwType === "READ_WRITE",
    })),
  };
}

function required({ attributes }: Element, attribute: string, what: string): string {
  const value = attributes[attribute];
  if (!value) throw new Error(`${what} has no ${attribute}`);
  return value;
}

function typeOf(element: Element | undefined, where: string): string {
  const given = element?.attributes["xsi:type"]?.replace(/^.*:/, "") ?? "no type";
  const type = pogoTypes[given];
  if (!type) throw new Error(`${where} has the type ${given}, which is none of Pogo's known ones`);
  return type;
}

function property(element: Element, type: string): DescribedProperty {
  const { name = "", description = "", mandatory } = element.attributes;
  const values = all(element, "DefaultPropValue").map(({ text }) => text.trim());
  return { name, description, type, values, mandatory: mandatory === "true" };
}

function command(element: Element, owner: string): Described["commands"][number] {
  const name = required(element, "name", `a command of ${owner}`);
  const side = (child: string) => inside(element, child);
  const type = (child: string) => typeOf(inside(side(child) ?? element, "type"), `${owner}.${name}`);
  return {
    name,
    input: type("argin"),
    output: type("argout"),
    inputDescription: side("argin")?.attributes.description ?? "",
    outputDescription: side("argout")?.attributes.description ?? "",
    level: level(element),
    options: period(element),
  };
}

const level = ({ attributes }: Element): "OPERATOR" | "EXPERT" =>
  attributes.displayLevel === "EXPERT" ? "EXPERT" : "OPERATOR";
const period = ({ attributes }: Element) =>
  Number(attributes.polledPeriod) > 0 ? { pollingPeriod: Number(attributes.polledPeriod) } : {};
/** Pogo leaves out what does not apply, or writes 0. */
const size = (text: string | undefined): number => Math.max(1, Number(text) || 1);

function attribute(element: Element, type: string): DescribedAttribute {
  const { name = "", attType = "", rwType = "READ", maxX, maxY } = element.attributes;
  const format = pogoFormats[attType];
  if (!format) throw new Error(`attribute ${name} is of the kind "${attType}": Scalar, Spectrum or Image expected`);
  const { label = "", unit = "", description = "" } = inside(element, "properties")?.attributes ?? {};
  return {
    name,
    type,
    format,
    maxX: size(maxX),
    maxY: size(maxY),
    access: rwType as DescribedAttribute["access"],
    writableName: element.attributes.assocAttr ?? "",
    label,
    unit,
    description,
    level: level(element),
    enumLabels: all(element, "enumLabels").map(({ text }) => text.trim()),
    options: { ...attributeOptions(element), ...period(element) },
  };
}

function attributeOptions(element: Element): Readonly<Record<string, unknown>> {
  const { attributes } = element;
  const properties = inside(element, "properties")?.attributes ?? {};
  const memorized = attributes.memorized === "true" && (attributes.memorizedAtInit === "true" ? "written" : "restored");
  const event = (name: string) => inside(element, name)?.attributes ?? {};
  const events = Object.fromEntries(
    (["change", "archive"] as const)
      .map((kind) => [kind, event(`${kind}Event`)] as const)
      .filter(([, { fire }]) => fire === "true")
      .map(([kind, { libCheckCriteria }]) => [kind, libCheckCriteria === "true" ? "checked" : "pushed"]),
  );
  return {
    ...renamed(properties, textOptions, String),
    ...renamed(properties, numericOptions, Number),
    ...renamed(event("eventCriteria"), changeOptions, Number),
    ...renamed(event("evArchiveCriteria"), archiveOptions, Number),
    ...(memorized ? { memorized } : {}),
    ...(Object.keys(events).length > 0 ? { events } : {}),
    ...(event("dataReadyEvent").fire === "true" ? { dataReadyEvent: true } : {}),
  };
}

/** The values that are set, under their new names; numbers that are none are left out. */
const renamed = (
  values: Readonly<Record<string, string>>,
  names: Readonly<Record<string, string>>,
  read: (text: string) => unknown,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(names)
      .filter(([from]) => values[from] && !Number.isNaN(read(values[from])))
      .map(([from, to]) => [to, read(values[from] ?? "")]),
  );
