// SPDX-License-Identifier: MIT
// Formulas of calculated counters: arithmetic over names, parsed by us, so that a configuration cannot run code.

export interface Formula {
  /** Names that are not functions or constants, each once, as they appear. */
  readonly names: readonly string[];
  /** @throws never; what is undefined is NaN */
  evaluate(values: Readonly<Record<string, number>>): number;
}

type Node = (values: Readonly<Record<string, number>>) => number;

const functions: Readonly<Record<string, { readonly least: number; readonly most: number; readonly of: (...args: number[]) => number }>> = {
  ...Object.fromEntries(
    (["abs", "sqrt", "exp", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "floor", "ceil", "round", "sign"] as const).map((name) => [name, { least: 1, most: 1, of: Math[name] }]),
  ),
  log: { least: 1, most: 1, of: Math.log },
  ln: { least: 1, most: 1, of: Math.log },
  atan2: { least: 2, most: 2, of: Math.atan2 },
  pow: { least: 2, most: 2, of: Math.pow },
  min: { least: 1, most: 99, of: Math.min },
  max: { least: 1, most: 99, of: Math.max },
}; // biome-ignore format: a table
const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

type Operator = (a: number, b: number) => number;
/** Lowest first; powers are apart, as they bind from the right. */
const operators: readonly Readonly<Record<string, Operator>>[] = [
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  { "*": (a, b) => a * b, "/": (a, b) => a / b, "%": (a, b) => a % b },
];

/** @throws SyntaxError saying what is wrong, and where in the text */
export function parseFormula(text: string): Formula {
  return new Parser(text).formula();
}

class Parser {
  readonly #text: string;
  readonly #tokens: { readonly text: string; readonly at: number }[] = [];
  readonly #names = new Set<string>();
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    const pattern = /\s*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z_]\w*|\*\*|[-+*/%^(),])|(\S))/y;
    for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
      const token = found[1] ?? found[2]!;
      const at = pattern.lastIndex - token.length;
      if (found[2] !== undefined) this.#refuse(`unknown sign "${token}"`, at);
      this.#tokens.push({ text: token, at });
    }
  }

  formula(): Formula {
    const node = this.#sum();
    const rest = this.#tokens[this.#next];
    if (rest) this.#refuse(`"${rest.text}" is one too many`, rest.at);
    return { names: [...this.#names], evaluate: node };
  }

  #refuse(why: string, at: number): never {
    throw new SyntaxError(`formula "${this.#text}": ${why} at character ${at + 1}`);
  }
  #accept(token: string): boolean {
    if (this.#tokens[this.#next]?.text !== token) return false;
    this.#next++;
    return true;
  }
  #expect(token: string): void {
    if (!this.#accept(token)) this.#refuse(`"${token}" is missing`, this.#tokens[this.#next]?.at ?? this.#text.length);
  }

  #sum(level = 0): Node {
    const table = operators[level];
    if (!table) return this.#signed();
    let left = this.#sum(level + 1);
    for (;;) {
      const token = this.#tokens[this.#next]?.text ?? "";
      if (!Object.hasOwn(table, token)) return left;
      this.#next++;
      const [operator, a, b] = [table[token]!, left, this.#sum(level + 1)];
      left = (values) => operator(a(values), b(values));
    }
  }
  #signed(): Node {
    if (this.#accept("+")) return this.#signed();
    if (!this.#accept("-")) return this.#power();
    const positive = this.#signed();
    return (values) => -positive(values);
  }
  #power(): Node {
    const base = this.#value();
    if (!this.#accept("**") && !this.#accept("^")) return base;
    const exponent = this.#signed();
    return (values) => base(values) ** exponent(values);
  }
  #value(): Node {
    const token = this.#tokens[this.#next++];
    if (!token) return this.#refuse("something is missing", this.#text.length);
    if (token.text === "(") {
      const inside = this.#sum();
      this.#expect(")");
      return inside;
    }
    if (/^[\d.]/.test(token.text)) {
      const number = Number(token.text);
      return () => number;
    }
    if (!/^[A-Za-z_]/.test(token.text)) return this.#refuse(`a value is missing before "${token.text}"`, token.at);
    if (this.#accept("(")) return this.#call(token.text, token.at);
    const constant = Object.hasOwn(constants, token.text) ? constants[token.text] : undefined;
    if (constant !== undefined) return () => constant;
    this.#names.add(token.text);
    return (values) => values[token.text] ?? Number.NaN;
  }
  #call(name: string, at: number): Node {
    const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (!known) return this.#refuse(`no function ${name}; there are ${Object.keys(functions).join(", ")},`, at);
    const args = [this.#sum()];
    while (this.#accept(",")) args.push(this.#sum());
    this.#expect(")");
    if (args.length < known.least || args.length > known.most)
      this.#refuse(`${name} takes ${known.least} value${known.least === 1 ? "" : "s"}, not ${args.length},`, at);
    return (values) => known.of(...args.map((arg) => arg(values)));
  }
}
