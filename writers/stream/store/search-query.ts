// SPDX-License-Identifier: MIT
// The queries blissdata sends to FT.SEARCH: `*`, `@tag:{a\ b|c*}`, `@number:[1 5]`, several of them side by side (all must
// hold), in brackets, with `|` between (one must hold) or `-` before (must not hold).
// Source: redis.io/docs/latest/develop/interact/search-and-query/query/, dialect 2.
import { CommandError } from "./reply.ts";

export type Query =
  | { readonly match: "all" }
  | { readonly match: "tag"; readonly field: string; readonly patterns: readonly TagPattern[] }
  | { readonly match: "range"; readonly field: string; readonly low: Bound; readonly high: Bound }
  | { readonly match: "and" | "or"; readonly of: readonly Query[] }
  | { readonly match: "not"; readonly of: Query };
export interface Bound {
  readonly value: number;
  readonly included: boolean;
}
/** A tag in lower case, with `*` before (any start), after (any end), or on both sides. */
export interface TagPattern {
  readonly text: string;
  readonly anyStart: boolean;
  readonly anyEnd: boolean;
}

/** Deepest nesting of brackets. */
const maxDepth = 32;

/** @throws CommandError naming the place */
export function parseQuery(text: string): Query {
  const cursor = new Cursor(text);
  const query = alternatives(cursor, 0);
  if (!cursor.atEnd) throw cursor.error();
  return query;
}

function alternatives(cursor: Cursor, depth: number): Query {
  const found = [together(cursor, depth)];
  while (cursor.take("|")) found.push(together(cursor, depth));
  return found.length === 1 ? found[0]! : { match: "or", of: found };
}

function together(cursor: Cursor, depth: number): Query {
  const found: Query[] = [];
  while (!cursor.atEnd && !cursor.sees(")") && !cursor.sees("|")) found.push(clause(cursor, depth));
  if (found.length === 0) throw cursor.error();
  return found.length === 1 ? found[0]! : { match: "and", of: found };
}

function clause(cursor: Cursor, depth: number): Query {
  if (depth > maxDepth) throw new CommandError("ERR Syntax error: brackets nested too deep");
  if (cursor.take("-")) return { match: "not", of: clause(cursor, depth + 1) };
  if (cursor.take("*")) return { match: "all" };
  if (cursor.take("(")) {
    const inner = alternatives(cursor, depth + 1);
    cursor.expect(")");
    return inner;
  }
  cursor.expect("@");
  const field = cursor.match(/\w+/y);
  cursor.expect(":");
  if (cursor.take("{")) return { match: "tag", field, patterns: tagPatterns(cursor) };
  cursor.expect("[");
  const low = bound(cursor);
  cursor.take(",");
  const high = bound(cursor);
  cursor.expect("]");
  return { match: "range", field, low, high };
}

function tagPatterns(cursor: Cursor): TagPattern[] {
  const patterns: TagPattern[] = [];
  do patterns.push(tagPattern(cursor.match(/(?:[^\\|}]|\\.)*/suy)));
  while (cursor.take("|"));
  cursor.expect("}");
  return patterns;
}

function tagPattern(raw: string): TagPattern {
  const text = raw.trim();
  const anyStart = text.startsWith("*");
  const anyEnd = text.length > 1 && text.endsWith("*") && !text.endsWith("\\*");
  const middle = text.slice(anyStart ? 1 : 0, anyEnd ? -1 : undefined);
  return { text: middle.replace(/\\(.)/gsu, "$1").toLowerCase(), anyStart, anyEnd };
}

function bound(cursor: Cursor): Bound {
  const included = !cursor.take("(");
  const text = cursor.match(/[+-]?(?:inf|\d+(?:\.\d*)?(?:e[+-]?\d+)?)/iy);
  const value = /inf$/i.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text);
  return { value, included };
}

class Cursor {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }
  get atEnd(): boolean {
    this.#skipBlanks();
    return this.#at >= this.#text.length;
  }
  sees(token: string): boolean {
    this.#skipBlanks();
    return this.#text.startsWith(token, this.#at);
  }
  take(token: string): boolean {
    const seen = this.sees(token);
    if (seen) this.#at += token.length;
    return seen;
  }
  expect(token: string): void {
    if (!this.take(token)) throw this.error();
  }
  match(pattern: RegExp): string {
    this.#skipBlanks();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw this.error();
    this.#at += found.length;
    return found;
  }
  error(): CommandError {
    return new CommandError(`ERR Syntax error at offset ${this.#at} near ${this.#text.slice(this.#at, this.#at + 20)}`);
  }
  #skipBlanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }
}
