// SPDX-License-Identifier: MIT
// Cameras, spectrometers, counters and what is computed from them.
import type { Taken } from "./taken.ts";
import type { Words } from "./tree.ts";
import { deviceOf, listOf, named, textOf, textsOf } from "./words.ts";

type Take = (words: Words) => Taken;

const camera: Take = (words) => {
  const [name, address] = [textOf(words, "name"), textOf(words, "tango_url")];
  if (name === undefined || address === undefined) return { left: ["a camera without name or tango_url"] };
  return { objects: { [name]: { kind: "camera", device: deviceOf(address) } } };
};

const spectrometer: Take = (words) => {
  const [name, address] = [textOf(words, "name"), textOf(words, "tango_name", "tango_url", "url")];
  if (name === undefined || address === undefined) return { left: ["a spectrometer without name or tango_name"] };
  return { objects: { [name]: { kind: "spectrometer", device: deviceOf(address) } } };
};

const attributeCounters: Take = (words) => {
  const uri = textOf(words, "uri");
  const objects: Record<string, Words> = {};
  const left: string[] = [];
  for (const counter of listOf(words, "counters")) {
    const [name, attribute, device] = [
      textOf(counter, "name", "counter_name"),
      textOf(counter, "attr_name"),
      textOf(counter, "uri") ?? uri,
    ];
    if (name === undefined || attribute === undefined || device === undefined)
      left.push("a counter without name, attr_name or uri");
    else {
      const [unit, mode] = [textOf(counter, "unit"), textOf(counter, "mode")];
      const decimals = decimalsOf(textOf(counter, "format"));
      objects[name] = {
        kind: "counter",
        device: deviceOf(device),
        attribute,
        ...(counter.index !== undefined && { index: Number(counter.index) }),
        ...(decimals !== undefined && { decimals }),
        ...(unit !== undefined && { unit }),
        ...(mode !== undefined && { mode }),
      };
    }
  }
  return { objects, left };
};

/** `%6.2f` has 2. */
function decimalsOf(format: string | undefined): number | undefined {
  const [, digits] = /%\d*\.(\d+)f/.exec(format ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** One expression, or one for each of its outputs. */
const expression: Take = (words) => {
  const outputs = words.outputs === undefined ? [words] : listOf(words, "outputs");
  const inputs = Object.fromEntries(
    listOf(words, "inputs").map((input) => [
      textOf(input, "tags", "tag") ?? named(input.counter),
      named(input.counter),
    ]),
  );
  const objects: Record<string, Words> = {};
  const left: string[] = [];
  for (const output of outputs) {
    const [name, given] = [textOf(output, "name"), textOf(output, "expression")];
    if (name === undefined || given === undefined) {
      left.push("an expression without name");
      continue;
    }
    const formula = withConstants(given, { ...(words.constants as Words), ...(output.constants as Words) });
    const used = Object.fromEntries(Object.entries(inputs).filter(([tag]) => new RegExp(`\\b${tag}\\b`).test(formula)));
    const unit = textOf(output, "unit");
    objects[name] = { kind: "formula", formula, inputs: used, ...(unit !== undefined && { unit }) };
  }
  return { objects, left };
};
const withConstants = (formula: string, constants: Words): string =>
  Object.entries(constants).reduce(
    (text, [name, value]) => text.replace(new RegExp(`\\b${name}\\b`, "g"), `(${value})`),
    formula,
  );

const group: Take = (words) => {
  const name = textOf(words, "name");
  const counters = textsOf(words, "counters").map(named);
  const included = textsOf(words, "include").map(named);
  return name === undefined ? {} : { groups: { [name]: { counters, included } } };
};

/** By class, in lower case. */
const takers: Readonly<Record<string, Take>> = {
  lima: camera,
  tango_attr_as_counter: attributeCounters,
  expressioncalccounter: expression,
  expressioncalccountercontroller: expression,
  measurementgroup: group,
};

/** undefined: a class nobody here knows. */
export function takeCounters(words: Words): Taken | undefined {
  const kind = textOf(words, "class")?.toLowerCase() ?? "";
  if (Object.hasOwn(takers, kind)) return takers[kind]!(words);
  const module = `${textOf(words, "package", "module", "plugin") ?? ""} ${kind}`.toLowerCase();
  return /mosca/.test(module) ? spectrometer(words) : undefined;
}
