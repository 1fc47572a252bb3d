// SPDX-License-Identifier: MIT
// A geometry from formulas in YAML:
//
//   reals: [front, back]
//   parameters: { zero: 0.5 }
//   to_pseudo: { gap: front + back - zero }
//   to_real: { front: (gap + zero) / 2, back: (gap + zero) / 2 }
//   units: { gap: mm }
import { parse } from "yaml";
import { z } from "zod";
import { type Expression, parseExpression, type Values } from "./expression.ts";
import type { Geometry, Parameters } from "./geometry.ts";

const texts = z.record(z.string(), z.coerce.string());
const schema = z.strictObject({
  reals: z.array(z.string()).min(1),
  parameters: z.record(z.string(), z.number()).default({}),
  to_pseudo: texts,
  to_real: texts,
  units: z.record(z.string(), z.string()).default({}),
});

/** `parameters` of the property go before those of the text. @throws RangeError saying what is wrong. */
export function formulas(text: string, parameters: Parameters = new Map()): Geometry {
  const read = schema.safeParse(parse(text) ?? {});
  if (!read.success) throw new RangeError(`property Formulas: ${z.prettifyError(read.error)}`);
  const { reals, to_pseudo, to_real, units, parameters: own } = read.data;
  const axes = Object.keys(to_pseudo);
  const known: Values = { ...own, ...Object.fromEntries([...parameters].map(([name, [value = 0]]) => [name, value])) };
  const missing = reals.filter((real) => !(real in to_real));
  if (axes.length === 0 || missing.length > 0)
    throw new RangeError(`property Formulas: to_real has no formula for ${missing.join(", ") || "any axis"}`);
  const forward = compile("to_pseudo", axes, to_pseudo, [...reals, ...Object.keys(known)]);
  const backward = compile("to_real", reals, to_real, [...axes, ...Object.keys(known)]);
  const named = (names: readonly string[], values: readonly number[]) =>
    Object.fromEntries(names.map((name, i) => [name, values[i] ?? Number.NaN]));
  return {
    axes,
    reals,
    units,
    toPseudo: (values) => forward.map((each) => each.evaluate({ ...known, ...named(reals, values) })),
    toReal: (values) => backward.map((each) => each.evaluate({ ...known, ...named(axes, values) })),
  };
}

function compile(
  part: string,
  names: readonly string[],
  texts: Readonly<Record<string, string>>,
  known: readonly string[],
): Expression[] {
  return names.map((name) => {
    const expression = parseExpression(texts[name] ?? "");
    for (const used of expression.names)
      if (!known.includes(used))
        throw new RangeError(`property Formulas: ${part} of ${name} uses "${used}"; known are ${known.join(", ")}`);
    return expression;
  });
}
