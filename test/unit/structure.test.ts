// SPDX-License-Identifier: MIT
// The rules of the layout, as a failing test: which layer may import which, how long a file may be, the SPDX line.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

/** Layer -> what it may import, itself always included. `tango/` is split into its own layers. */
const allowed: Record<string, readonly string[]> = {
  "tango/cdr": [],
  "tango/transport": [],
  "tango/giop": ["tango/cdr", "tango/transport"],
  "tango/idl": ["tango/cdr"],
  "tango/errors": [],
  "tango/interface": ["tango/idl"],
  "tango/events": ["tango/giop", "tango/idl", "tango/interface", "tango/errors", "tango/cdr", "tango/transport"],
  "tango/client": ["tango/giop", "tango/idl", "tango/interface", "tango/errors", "tango/cdr", "tango/transport", "tango/events", "tango/database"],
  "tango/database": ["tango/giop", "tango/idl", "tango/interface", "tango/errors", "tango/cdr", "tango/transport", "tango/client"],
  "tango/server": ["tango/giop", "tango/idl", "tango/interface", "tango/errors", "tango/cdr", "tango/transport", "tango/events", "tango/database", "tango/client"],
  "tango/index": ["tango/cdr", "tango/transport", "tango/giop", "tango/idl", "tango/errors", "tango/interface", "tango/events", "tango/client", "tango/database", "tango/server"],
  devices: ["tango/index", "tango/interface", "tango/idl", "scanning"],
  servers: ["tango/index", "tango/interface", "tango/idl", "tango/errors", "devices", "writers"],
  scanning: [],
  writers: ["scanning"],
  config: ["devices", "scanning", "tango/index"],
}; // biome-ignore format: a table
/** Files that compose layers: the entry points. */
const composes = (file: string) => /(^|\/)main\.ts$/.test(file) || file.startsWith("cli/");
/** Tables are exempt from the size limit: they are read by looking things up. */
const tables = /^(tango\/idl\/|.*\/table(s)?[./]|.*-table\.ts$)/;

const root = normalize(join(import.meta.dirname, "../.."));
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /^(tango|devices|servers|scanning|writers|config|cli)\//.test(file));

function layerOf(file: string): string {
  const parts = file.split("/");
  if (parts[0] !== "tango") return parts[0]!;
  return `tango/${(parts[1] ?? "").replace(/\.ts$/, "")}`;
}

test("imports follow the layers", () => {
  const wrong: string[] = [];
  for (const file of files) {
    if (composes(file)) continue;
    const source = readFileSync(join(root, file), "utf8");
    for (const [, target] of source.matchAll(/^(?:import|export)\s[^;]*?from\s+"(\.[^"]+)"/gm)) {
      const layer = layerOf(normalize(join(dirname(file), target!)));
      const own = layerOf(file);
      if (layer !== own && !allowed[own]?.includes(layer)) wrong.push(`${file} imports ${layer}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("no source file is longer than 400 lines, each says its licence", () => {
  const wrong = files.flatMap((file) => {
    const lines = readFileSync(join(root, file), "utf8").split("\n");
    return [
      ...(lines.length > 400 && !tables.test(file) ? [`${file} has ${lines.length} lines`] : []),
      ...(lines[0]?.includes("SPDX-License-Identifier: MIT") ? [] : [`${file} has no SPDX line`]),
    ];
  });
  expect(wrong).toEqual([]);
});
