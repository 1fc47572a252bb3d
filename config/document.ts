// SPDX-License-Identifier: MIT
// One YAML file: its contents, with the environment filled in, and where in the file each part of them is.
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";
import type { Place, Problem } from "./problem.ts";

export interface ConfigDocument {
  readonly file: string;
  readonly contents: unknown;
  /** Syntax errors, and variables of the environment that are not set. */
  readonly problems: readonly Problem[];
  /** Of a value, or of its key; of the nearest part around it when it is not in the file. */
  place(path: readonly PropertyKey[], key?: boolean): Place;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function parseConfig(file: string, text: string, environment: Environment = {}): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: Problem[] = document.errors.map(({ pos, message }) => ({ place: at(pos[0]), message }));
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value !== "string") return;
      const missing = (name: string) =>
        problems.push({
          place: at(scalar.range?.[0] ?? 0),
          message: `the environment has no ${name}; set it, or give a default: \${${name}:-default}`,
        });
      scalar.value = substituted(scalar.value, environment, missing);
    },
  });
  const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  return {
    file,
    contents: problems.length > 0 ? undefined : document.toJS(),
    problems,
    place: (path, key = false) => at(offsetOf(document.contents, path, key, resolve)),
  };
}

/** `${NAME}` and `${NAME:-default}`. */
function substituted(value: string, environment: Environment, missing: (name: string) => void): string {
  return value.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (whole, name: string, fallback: string | undefined) => {
    const found = environment[name] || fallback;
    if (found === undefined) missing(name);
    return found ?? whole;
  });
}

function offsetOf(
  top: Node | null,
  path: readonly PropertyKey[],
  key: boolean,
  resolve: (node: unknown) => unknown,
): number {
  let node: unknown = top;
  let offset = top?.range?.[0] ?? 0;
  for (const step of path) {
    const inside = resolve(node);
    if (isMap(inside)) {
      const pair = inside.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair || !isScalar(pair.key)) break;
      // Of words with values their name is the place; of a single value, the value.
      const shown = isScalar(pair.value) && !key ? pair.value : pair.key;
      offset = shown.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(inside)) {
      const item = inside.items[Number(step)] as Node | undefined;
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset;
}
