// SPDX-License-Identifier: MIT
// Tango's variables: from the environment, else from ~/.tangorc, else from /etc/tangorc. Read once, into a value.
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** A variable's value, e.g. of TANGO_HOST. */
export type TangoEnvironment = (name: string) => string | undefined;

export const tangorcFiles = (): readonly string[] => [join(homedir(), ".tangorc"), "/etc/tangorc"];

export function tangoEnvironment(
  variables: Readonly<Record<string, string | undefined>> = process.env,
  files: readonly string[] = tangorcFiles(),
): TangoEnvironment {
  const fallbacks = files.map((file) => parseTangorc(readIfThere(file)));
  return (name) => variables[name] || fallbacks.find((values) => values.has(name))?.get(name);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** `NAME=value` lines; `#` starts a comment; blanks around names and values do not count. */
export function parseTangorc(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name, value] = /^\s*(\w+)\s*=\s*([^#]*)/.exec(line) ?? [];
    if (name && value?.trim()) values.set(name, value.trim());
  }
  return values;
}
