// SPDX-License-Identifier: MIT
// Keyword arguments as fingers know them: `ascan(robx, 0, 1, 10, 0.1, diode, save=False)` becomes a call with an object of
// options, `cen(axis=robx)` one with its arguments in order. In JavaScript they would be assignments to global names.
import type { Usage } from "./usage-table.ts";

/** `s = ascan(...)` keeps the scan, not a promise of it: verbs are waited for without saying so. */
export function withAwait(code: string, usages: Readonly<Record<string, Usage>>): string {
  const [begin, verb = ""] = /^\s*(?:(?:const|let|var)\s+)?[A-Za-z_$][\w$]*\s*=\s*(?=(\w+)\()/.exec(code) ?? [];
  return begin !== undefined && Object.hasOwn(usages, verb) ? `${begin}await ${code.slice(begin.length)}` : code;
}

/** The line with the keyword arguments of verbs in their place; everything else stays as it is. */
export function withoutKeywords(code: string, usages: Readonly<Record<string, Usage>>): string {
  let done = "";
  let at = 0;
  for (const call of callsIn(code)) {
    const usage = Object.hasOwn(usages, call.verb) ? usages[call.verb] : undefined;
    if (call.open < at || !usage) continue;
    const given = call.parts.map((part) => withoutKeywords(part, usages));
    done += code.slice(at, call.open) + rewritten(given, namesIn(usage)).join(",");
    at = call.close;
  }
  return done + code.slice(at);
}

interface Call {
  readonly verb: string;
  /** Behind the bracket. */
  readonly open: number;
  /** Of the closing bracket. */
  readonly close: number;
  readonly parts: readonly string[];
}

/** Every `name(...)` that is closed, the outer before the inner ones; not those in texts and remarks. */
function callsIn(code: string): Call[] {
  const bare = code.replace(texts, (text) => " ".repeat(text.length));
  const calls: Call[] = [];
  for (const { index, 0: name } of bare.matchAll(/[A-Za-z_]\w*\(/g)) {
    const open = index + name.length;
    const ends = argumentEnds(bare, open);
    if (!ends) continue;
    const parts = ends.map((end, i) => code.slice(i === 0 ? open : ends[i - 1]! + 1, end));
    calls.push({ verb: name.slice(0, -1), open, close: ends.at(-1)!, parts });
  }
  return calls;
}
const texts = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\//g;

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Where the arguments of a call end: at commas, the last at the bracket that closes it; undefined when none does. */
function argumentEnds(bare: string, open: number): number[] | undefined {
  const ends: number[] = [];
  const expected: string[] = [")"];
  for (let at = open; at < bare.length; at++) {
    const sign = bare[at]!;
    if (closing[sign]) expected.push(closing[sign]);
    else if (sign === "," && expected.length === 1) ends.push(at);
    else if (sign === expected.at(-1)) expected.pop();
    if (expected.length === 0) return [...ends, at];
  }
  return undefined;
}

/** Names of the arguments that have a place of their own: those before the counters. */
function namesIn({ arguments: words }: Usage): string[] {
  const names: string[] = [];
  for (const word of words.split(", ")) {
    if (!/^\w+( = \S+)?$/.test(word)) break;
    names.push(word.replace(/ = .*/, ""));
  }
  return names;
}

/** Keywords that have a place go there, the others into one object at the end. */
function rewritten(parts: readonly string[], places: readonly string[]): readonly string[] {
  const keyword = /^\s*([A-Za-z_]\w*)\s*=(?![=>])\s*([\s\S]*)$/;
  const found = parts.map((part) => keyword.exec(part));
  if (!found.some(Boolean)) return parts;
  const given = parts.filter((_, i) => !found[i]);
  const options: string[] = [];
  for (const match of found) {
    const [, name = "", value = ""] = match ?? [];
    const place = places.indexOf(name);
    if (!match) continue;
    if (place < 0) options.push(`${name}: ${value}`);
    else if (place < given.length) given.splice(place, 0, ` ${value}`);
    else {
      while (given.length < place) given.push(" undefined");
      given.push(` ${value}`);
    }
  }
  return options.length > 0 ? [...given, ` { ${options.join(", ")} }`] : given;
}
