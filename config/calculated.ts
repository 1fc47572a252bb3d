// SPDX-License-Identifier: MIT
// Counters of a configuration that are computed from others: their inputs checked, then made of what is there.
import { type CalcCounter, type Counter, countersOf, type Readable, type SessionObject } from "../scanning/index.ts";
import { parseFormula } from "./formula.ts";
import type { ConfiguredObject, ObjectSpec } from "./load.ts";
import type { Problem } from "./problem.ts";
import { uncountable } from "./schema.ts";
import { suggestion } from "./words.ts";

type Spec = ObjectSpec<"formula">;
type Objects = ReadonlyMap<string, ConfiguredObject>;

/** What each name of the formula stands for: the object of that name, or the counter that `inputs` says. */
export function inputsOf({ formula, inputs = {} }: Spec): [name: string, counter: string][] {
  return parseFormula(formula).names.map((name) => [name, inputs[name] ?? name]);
}
const objectOf = (counter: string) => counter.split(":", 1)[0]!;

/** Inputs that are not there or cannot be counted, and formulas that need themselves. */
export function checkFormulas(objects: Objects): Problem[] {
  return formulasIn(objects.values()).flatMap(({ spec, place }) => {
    const own = inputsOf(spec).flatMap(([name, counter]): string[] => {
      const kind = objects.get(objectOf(counter))?.spec.kind;
      if (uncountable.includes(kind)) return [`${counter} is a ${kind}; a formula is made of counters`];
      return kind === undefined
        ? [`no object ${objectOf(counter)} for ${name}${suggestion(name, [...objects.keys()])}`]
        : [];
    });
    const unused = Object.keys(spec.inputs ?? {}).filter((name) => !inputsOf(spec).some(([known]) => known === name));
    const around = circleFrom(spec.name, objects);
    return [
      ...own,
      ...unused.map((name) => `the formula does not use its input ${name}`),
      ...(around ? [`it is made of itself: ${around.join(" -> ")}`] : []),
    ].map((message) => ({ place, message: `formula ${spec.name}: ${message}` }));
  });
}

type FormulaObject = ConfiguredObject & { readonly spec: Spec };
const isFormula = (object: ConfiguredObject): object is FormulaObject => {
  if (object.spec.kind !== "formula") return false;
  try {
    return typeof object.spec.formula === "string" && parseFormula(object.spec.formula).names.length > 0;
  } catch {
    return false; // what is wrong with it has been said
  }
};
const formulasIn = (objects: Iterable<ConfiguredObject>): FormulaObject[] => [...objects].filter(isFormula);

function circleFrom(name: string, objects: Objects): string[] | undefined {
  const search = (at: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(at)) return at === name ? [...path, at] : undefined;
    const object = objects.get(at);
    if (!object || !isFormula(object)) return undefined;
    for (const [, counter] of inputsOf(object.spec)) {
      const found = search(objectOf(counter), [...path, at]);
      if (found) return found;
    }
    return undefined;
  };
  return search(name, []);
}

/**
 * The counter of a formula.
 * @throws RangeError naming an input that could not be made, or a counter its object does not have
 */
export function calculatedCounter(spec: Spec, objects: ReadonlyMap<string, SessionObject>): CalcCounter {
  const formula = parseFormula(spec.formula);
  const inputs = Object.fromEntries(inputsOf(spec).map(([name, counter]) => [name, counterOf(counter, objects)]));
  return {
    kind: "calc",
    name: spec.name,
    ...(spec.unit !== undefined && { unit: spec.unit }),
    ...(spec.decimals !== undefined && { decimals: spec.decimals }),
    device: {
      name: spec.name,
      inputs,
      compute: (values) => ({ [spec.name]: formula.evaluate(values as Readonly<Record<string, number>>) }),
    },
  };
}

function counterOf(wanted: string, objects: ReadonlyMap<string, SessionObject>): Counter {
  const object = objects.get(objectOf(wanted)) as Readable | undefined;
  if (!object) throw new RangeError(`its input ${objectOf(wanted)} is not there`);
  if ("kind" in object) return object;
  const path = wanted.slice(objectOf(wanted).length + 1);
  const counters = countersOf([object]);
  const named = (counter: Counter) => (counter.kind === "detector" && counter.part !== undefined ? `${counter.part}:${counter.name}` : counter.name); // biome-ignore format: one glance
  const found = counters.find((counter) => named(counter) === path || counter.name === path);
  if (found?.kind === "detector" && found.dim > 0)
    throw new RangeError(`${wanted} is ${found.dim === 1 ? "a spectrum" : "an image"}; a formula is made of numbers`);
  if (found) return found;
  throw new RangeError(
    `${objectOf(wanted)} has no counter ${path || "of that name alone"}; it has ${counters.map(named).join(", ")}`,
  );
}

/** Formulas in an order in which each comes after what it is made of. */
export function inOrder(formulas: readonly ConfiguredObject[]): FormulaObject[] {
  const all = formulasIn(formulas);
  const byName = new Map(all.map((object) => [object.spec.name, object]));
  const done = new Set<FormulaObject>();
  const visit = (object: FormulaObject): void => {
    for (const [, counter] of inputsOf(object.spec)) {
      const input = byName.get(objectOf(counter));
      if (input && !done.has(input)) visit(input);
    }
    done.add(object);
  };
  for (const object of all) visit(object);
  return [...done];
}
