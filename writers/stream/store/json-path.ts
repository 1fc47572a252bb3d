// SPDX-License-Identifier: MIT
// Paths of JSON commands. A path that starts with `$` is a JSONPath, whose answers are arrays of matches; any other
// (`.`, `.id.name`, `id.name`) is of the older kind, whose answers are the value itself.
import type { PathStep } from "./json-text.ts";
import { CommandError } from "./reply.ts";

export interface JsonPath {
  readonly steps: readonly PathStep[];
  /** Whether it is a JSONPath (`$`). */
  readonly many: boolean;
  readonly text: string;
}

const step = /\.?([A-Za-z_$@][\w$@:-]*)|\.?\[\s*(?:(-?\d+)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\]/uy;

/** @throws CommandError for what is no path of members and items (wildcards, filters, slices) */
export function parsePath(text: string): JsonPath {
  const many = text.startsWith("$");
  const rest = many ? text.slice(1) : text;
  const steps: PathStep[] = [];
  if (rest === "" || rest === ".") return { steps, many, text };
  step.lastIndex = 0;
  while (step.lastIndex < rest.length) {
    const from = step.lastIndex;
    const match = step.exec(rest);
    if (!match)
      throw new CommandError(
        `ERR JSON path '${text}' at '${rest.slice(from, from + 20)}': members and items only, as in $.id.name or $.list[0]`,
      );
    const [, member, index, quoted, single] = match;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(member ?? (quoted !== undefined ? JSON.parse(`"${quoted}"`) : single!.replace(/\\(.)/g, "$1")));
  }
  return { steps, many, text };
}
