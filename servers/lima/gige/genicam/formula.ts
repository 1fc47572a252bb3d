// SPDX-License-Identifier: MIT
// Formulas of GenICam (SwissKnife, Converter): numbers, variables, C's operators and some functions.

type Evaluate = (variable: (name: string) => number) => number;

/** A formula ready to be computed. `variables` are the names it uses. */
export interface Formula {
  readonly variables: ReadonlySet<string>;
  compute(values: ReadonlyMap<string, number>): number;
}

/** Longer formulas, and deeper brackets, are refused. */
const [longest, deepest] = [10_000, 100];

/** 64-bit integers, as GenICam has them. */
const integers = (operate: (a: bigint, b: bigint) => bigint) => (a: number, b: number) =>
  Number(BigInt.asIntN(64, operate(BigInt(Math.trunc(a)), BigInt(Math.trunc(b)))));
const truth = (compare: (a: number, b: number) => boolean) => (a: number, b: number) => (compare(a, b) ? 1 : 0);

type Operate = (a: number, b: number) => number;
/** Weakest first; within a level from left to right. */
const levels: readonly Readonly<Record<string, Operate>>[] = [
  { "||": truth((a, b) => a !== 0 || b !== 0) },
  { "&&": truth((a, b) => a !== 0 && b !== 0) },
  { "|": integers((a, b) => a | b) },
  { "^": integers((a, b) => a ^ b) },
  { "&": integers((a, b) => a & b) },
  { "=": truth((a, b) => a === b), "<>": truth((a, b) => a !== b) },
  {
    "<=": truth((a, b) => a <= b), ">=": truth((a, b) => a >= b),
    "<": truth((a, b) => a < b), ">": truth((a, b) => a > b),
  },
  { "<<": integers((a, b) => a << (b & 63n)), ">>": integers((a, b) => a >> (b & 63n)) },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  { "*": (a, b) => a * b, "/": (a, b) => a / b, "%": (a, b) => a % b },
]; // biome-ignore format: a table

const functions: Readonly<Record<string, (value: number) => number>> = {
  SGN: Math.sign, NEG: (x) => -x, ABS: Math.abs, SQRT: Math.sqrt, EXP: Math.exp, LN: Math.log, LG: Math.log10,
  SIN: Math.sin, COS: Math.cos, TAN: Math.tan, ASIN: Math.asin, ACOS: Math.acos, ATAN: Math.atan,
  TRUNC: Math.trunc, FLOOR: Math.floor, CEIL: Math.ceil, ROUND: (x) => Math.sign(x) * Math.round(Math.abs(x)),
}; // biome-ignore format: a table
const constants: Readonly<Record<string, number>> = { PI: Math.PI, E: Math.E };

const token =
  /\s*(?:(0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_][\w.]*)|(\*\*|\|\||&&|<>|<=|>=|<<|>>|[-+*/%&|^~=<>?:()]))/y;

/** @throws Error with the place of what is no formula. */
export function parseFormula(text: string): Formula {
  if (text.length > longest) throw new Error(`a formula of ${text.length} characters`);
  const parser = new Parser(tokensOf(text), text);
  const evaluate = parser.whole();
  return {
    variables: parser.variables,
    compute: (values) =>
      evaluate((name) => {
        const value = values.get(name) ?? constants[name];
        if (value === undefined) throw new Error(`formula "${text}": no value of ${name}`);
        return value;
      }),
  };
}

interface Token {
  readonly kind: "number" | "name" | "sign" | "end";
  readonly text: string;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  for (let at = 0; at < text.trimEnd().length; ) {
    const match = token.exec(text);
    if (!match) throw new Error(`formula "${text}": "${text.slice(at, at + 10).trim()}" is not understood`);
    at = token.lastIndex;
    const [, number, name, sign] = match;
    if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else tokens.push({ kind: "sign", text: sign ?? "" });
  }
  return tokens;
}

class Parser {
  readonly variables = new Set<string>();
  readonly #tokens: readonly Token[];
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], text: string) {
    this.#tokens = tokens;
    this.#text = text;
  }

  whole(): Evaluate {
    const all = this.#choice();
    if (this.#peek().kind !== "end") throw this.#wrong();
    return all;
  }

  #choice(): Evaluate {
    if (this.#depth++ > deepest) throw new Error(`formula "${this.#text}" is nested deeper than ${deepest}`);
    const condition = this.#level(0);
    this.#depth--;
    if (!this.#accept("?")) return condition;
    const then = this.#choice();
    if (!this.#accept(":")) throw this.#wrong();
    const otherwise = this.#choice();
    return (of) => (condition(of) !== 0 ? then(of) : otherwise(of));
  }

  #level(index: number): Evaluate {
    const operators = levels[index];
    if (!operators) return this.#sign();
    let left = this.#level(index + 1);
    for (;;) {
      const operate = this.#peek().kind === "sign" ? operators[this.#peek().text] : undefined;
      if (!operate) return left;
      this.#at++;
      const [first, second] = [left, this.#level(index + 1)];
      left = (of) => operate(first(of), second(of));
    }
  }

  #sign(): Evaluate {
    if (this.#depth++ > deepest) throw new Error(`formula "${this.#text}" is nested deeper than ${deepest}`);
    try {
      const sign = ["-", "+", "~"].find((each) => this.#accept(each));
      if (sign === undefined) return this.#power();
      const value = this.#sign();
      if (sign === "-") return (of) => -value(of);
      return sign === "+" ? value : (of) => Number(~BigInt(Math.trunc(value(of))));
    } finally {
      this.#depth--;
    }
  }

  #power(): Evaluate {
    const base = this.#operand();
    if (!this.#accept("**")) return base;
    const exponent = this.#sign();
    return (of) => base(of) ** exponent(of);
  }

  #operand(): Evaluate {
    if (this.#accept("(")) {
      const inner = this.#choice();
      if (!this.#accept(")")) throw this.#wrong();
      return inner;
    }
    const { kind, text } = this.#peek();
    if (kind !== "number" && kind !== "name") throw this.#wrong();
    this.#at++;
    if (kind === "number") {
      const value = Number(text);
      return () => value;
    }
    const apply = functions[text.toUpperCase()];
    if (apply && this.#accept("(")) {
      const argument = this.#choice();
      if (!this.#accept(")")) throw this.#wrong();
      return (of) => apply(argument(of));
    }
    this.variables.add(text);
    return (of) => of(text);
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "its end" };
  }
  #accept(sign: string): boolean {
    const { kind, text } = this.#peek();
    if (kind !== "sign" || text !== sign) return false;
    this.#at++;
    return true;
  }
  #wrong(): Error {
    return new Error(`formula "${this.#text}": ${this.#peek().text} is not expected`);
  }
}
