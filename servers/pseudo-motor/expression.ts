// SPDX-License-Identifier: MIT
// Formulas as people write them: + - * / ^, parentheses, names and functions. Angles are radians; deg() and rad() turn
// them. A formula is compiled to a function once; it can reach nothing but its values.

export type Values = Readonly<Record<string, number>>;
export interface Expression {
  readonly names: ReadonlySet<string>;
  evaluate(values: Values): number;
}
type Node = (values: Values) => number;

const functions: Readonly<Record<string, (...args: number[]) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: Math.atan2,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  abs: Math.abs,
  min: Math.min,
  max: Math.max,
  deg: (radians) => (radians * 180) / Math.PI,
  rad: (degrees) => (degrees * Math.PI) / 180,
};
const constants: Values = { pi: Math.PI };

/** @throws RangeError saying what was expected and where. */
export function parseExpression(text: string): Expression {
  const tokens = text.match(/\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\w+|\*\*|\S/g) ?? [];
  const names = new Set<string>();
  let at = 0;
  const fail = (expected: string): never => {
    const found = tokens[at];
    throw new RangeError(
      `formula "${text}": ${expected} expected, not ${found === undefined ? "its end" : `"${found}"`}`,
    );
  };
  const take = (...wanted: string[]): string | undefined =>
    wanted.includes(tokens[at] ?? "") ? tokens[at++] : undefined;

  const sum = (): Node => {
    let left = product();
    for (let sign = take("+", "-"); sign; sign = take("+", "-")) {
      const [a, b] = [left, product()];
      left = sign === "+" ? (v) => a(v) + b(v) : (v) => a(v) - b(v);
    }
    return left;
  };
  const product = (): Node => {
    let left = signed();
    for (let sign = take("*", "/"); sign; sign = take("*", "/")) {
      const [a, b] = [left, signed()];
      left = sign === "*" ? (v) => a(v) * b(v) : (v) => a(v) / b(v);
    }
    return left;
  };
  const signed = (): Node => {
    if (take("+")) return signed();
    if (!take("-")) return power();
    const a = signed();
    return (v) => -a(v);
  };
  const power = (): Node => {
    const a = atom();
    if (!take("^", "**")) return a;
    const b = signed();
    return (v) => a(v) ** b(v);
  };
  const atom = (): Node => {
    const token = tokens[at];
    if (token === undefined) return fail("a value");
    if (take("(")) {
      const inner = sum();
      if (!take(")")) fail('")"');
      return inner;
    }
    if (/^[\d.]/.test(token)) return number(token);
    if (!/^[A-Za-z_]\w*$/.test(token)) return fail("a value");
    at += 1;
    return tokens[at] === "(" ? call(token) : named(token);
  };
  const number = (token: string): Node => {
    at += 1;
    const value = Number(token);
    return () => value;
  };
  const named = (name: string): Node => {
    const constant = Object.hasOwn(constants, name) ? constants[name] : undefined;
    if (constant !== undefined) return () => constant;
    names.add(name);
    return (v) => v[name] ?? Number.NaN;
  };
  const call = (name: string): Node => {
    const work = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (!work)
      throw new RangeError(`formula "${text}": no function "${name}"; there are ${Object.keys(functions).join(", ")}`);
    take("(");
    const args = [sum()];
    while (take(",")) args.push(sum());
    if (!take(")")) fail('")"');
    return (v) => work(...args.map((arg) => arg(v)));
  };

  const evaluate = sum();
  if (at < tokens.length) fail("an operator");
  return { names, evaluate };
}
