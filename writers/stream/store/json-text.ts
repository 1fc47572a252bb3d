// SPDX-License-Identifier: MIT
// JSON documents as text. Parts are cut out of the text and put into it, so that numbers keep their spelling: `1.0`
// stays a float and a 64-bit integer keeps all its digits, which parsing into JavaScript numbers would lose.
import { CommandError } from "./reply.ts";

/** Where a value stands in the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
export type PathStep = string | number;

/** The text without white space between tokens. @throws CommandError when it is no JSON */
export function compactJson(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new CommandError(`ERR ${error instanceof Error ? error.message : "not a JSON text"}`);
  }
  return text.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, (_, string: string | undefined) => string ?? "");
}

/** Members of an object, or items of an array, of compact JSON. Empty for anything else. */
export function* children(text: string, { start, end }: Span): Generator<{ step: PathStep; keyStart: number } & Span> {
  const isObject = text[start] === "{";
  if (!isObject && text[start] !== "[") return;
  let at = start + 1;
  for (let index = 0; at < end - 1; index++) {
    const keyStart = at;
    const valueStart = isObject ? valueEnd(text, at) + 1 : at;
    const step = isObject ? (JSON.parse(text.slice(at, valueStart - 1)) as string) : index;
    const stop = valueEnd(text, valueStart);
    yield { step, keyStart, start: valueStart, end: stop };
    at = stop + 1;
  }
}

/** Where the value at a path stands in compact JSON. */
export function findPath(text: string, path: readonly PathStep[]): Span | undefined {
  let span: Span = { start: 0, end: text.length };
  for (const step of path) {
    const found = findChild(text, span, step);
    if (!found) return undefined;
    span = found;
  }
  return span;
}

/** The text with the value at `path` replaced; an object gets a missing member. Undefined when there is no such place. */
export function setPath(text: string, path: readonly PathStep[], value: string): string | undefined {
  const found = findPath(text, path);
  if (found) return text.slice(0, found.start) + value + text.slice(found.end);
  const last = path.at(-1);
  const parent = findPath(text, path.slice(0, -1));
  if (!parent || typeof last !== "string" || text[parent.start] !== "{") return undefined;
  const comma = parent.end - parent.start > 2 ? "," : "";
  return `${text.slice(0, parent.end - 1)}${comma}${JSON.stringify(last)}:${value}${text.slice(parent.end - 1)}`;
}

/** The text without the value at `path`, or undefined when there is none. */
export function removePath(text: string, path: readonly PathStep[]): string | undefined {
  const parent = findPath(text, path.slice(0, -1));
  const last = path.at(-1);
  if (!parent || last === undefined) return undefined;
  const child = findChild(text, parent, last);
  if (!child) return undefined;
  if (text[child.end] === ",") return text.slice(0, child.keyStart) + text.slice(child.end + 1);
  const start = text[child.keyStart - 1] === "," ? child.keyStart - 1 : child.keyStart;
  return text.slice(0, start) + text.slice(child.end);
}

function findChild(text: string, span: Span, step: PathStep): ({ keyStart: number } & Span) | undefined {
  let wanted = step;
  if (typeof step === "number" && step < 0) wanted = step + [...children(text, span)].length;
  for (const child of children(text, span)) if (child.step === wanted) return child;
  return undefined;
}

/** End of the value that starts at `from`. */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      at = stringEnd(text, at) - 1;
      if (depth === 0) return at + 1;
    } else if (character === "{" || character === "[") {
      depth++;
    } else if (character === "}" || character === "]") {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (character === "," || character === ":")) {
      return at;
    }
  }
  return text.length;
}

function stringEnd(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}
