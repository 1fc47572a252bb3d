// SPDX-License-Identifier: MIT
// Every verb can be asked for, in the shell and on the pages.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { helpLines, hintAt } from "../../../cli/shell/help.ts";
import { verbUsages } from "../../../cli/shell/usage-table.ts";
import { beamline, Session } from "../../../scanning/index.ts";

const verbs = Object.entries(beamline(new Session({ name: "demo" }), { write: () => {} }))
  .filter(([, value]) => typeof value === "function")
  .map(([name]) => name);

test("every verb of the shell has its usage, and is in the list or named by one that is", () => {
  expect(verbs.filter((verb) => !Object.hasOwn(verbUsages, verb))).toEqual([]);
  const list = helpLines().join("\n");
  expect(verbs.filter((verb) => !new RegExp(`\\b${verb}\\b`).test(list))).toEqual([]);
});

test("the pages name every scan", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/reference/scans.md"), "utf8");
  const scans = verbs.filter((verb) => /(scan|mesh|ct)$/.test(verb) && verb !== "plotselect");
  expect(scans.length).toBeGreaterThan(30);
  const ranges: Readonly<Record<string, string>> = { a3scan: "a2scan", a4scan: "a2scan", d3scan: "d2scan", d4scan: "d2scan", kdscan: "hdscan", ldscan: "hdscan" }; // biome-ignore format: one glance
  expect(scans.filter((verb) => !page.includes(`\`${ranges[verb] ?? verb}\``))).toEqual([]);
});

test("the usage of the verb that is being typed", () => {
  expect(hintAt("ascan(robx, ")).toMatch(/^ascan\(motor, start, stop/);
  expect(hintAt("s = hscan(")).toMatch(/^hscan\(start, stop, intervals/);
  expect(hintAt("ascan(rob")).toBeUndefined();
  expect(hintAt("nothing(")).toBeUndefined();
});
