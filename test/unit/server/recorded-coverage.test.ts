// SPDX-License-Identifier: MIT
// No recorded case of cppTango's behaviour is forgotten: each is played again, is a row of a file that is, or is named with the
// test that asks it in its own words, or with the reason why nobody does.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { coverage } from "../../world/behaviour/coverage-table.ts";
import { comparable, coverageOf, type RecordedCase, recordedCases } from "../../world/behaviour/records.ts";

const cases = recordedCases();
const vectors = (name: string) =>
  readFileSync(join(import.meta.dirname, "../../vectors/server", name), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const json = (value: unknown) => JSON.stringify(value);

/** Names of properties as the recording had them. */
// biome-ignore format: a table
const properties: Readonly<Record<string, string>> = {
  fmt: "format", desc: "description", min: "min_value", max: "max_value", mia: "min_alarm", maa: "max_alarm",
  miw: "min_warning", maw: "max_warning", dt: "delta_t", dv: "delta_val", rel: "rel_change", abs: "abs_change",
  arel: "archive_rel_change", aabs: "archive_abs_change", aper: "archive_period", per: "event_period",
  su: "standard_unit", du: "display_unit",
};
const sorted = (set: object) =>
  json(
    Object.entries(set)
      .map(([name, value]) => [properties[name] ?? name, value])
      .sort(),
  );

/** What identifies a case in a file of rows: all of these must be there. */
const keys: Readonly<Record<string, (one: RecordedCase) => readonly string[]>> = {
  "configurations.jsonl": (one) => {
    const [first, second, third] = one.steps as readonly [string, never, string];
    if (one.area === "attrconf-special") {
      return ["", "Not specified", "NaN"].map((value) => `${second} ${sorted({ [third]: value })}`);
    }
    return [`${first} ${sorted(typeof second === "object" ? second : { [second]: third })}`];
  },
  "changes.jsonl": ({ observed }) => [
    json((observed as { then: [unknown, []][] }).then.map(([, sent]) => sent.length > 0)),
  ],
  "memorised.jsonl": ({ observed }) => [json((observed as { __value: unknown }).__value)],
  "administration.jsonl": ({ observed }) => [json(comparable(observed))],
};
const rowKeys: Readonly<Record<string, (row: never) => string>> = {
  "configurations.jsonl": ({ attribute, set }: { attribute: string; set: object }) => `${attribute} ${sorted(set)}`,
  "changes.jsonl": ({ then }: { then: { sent: boolean }[] }) => json(then.map(({ sent }) => sent)),
  "memorised.jsonl": ({ stored }: { stored: unknown }) => json(stored),
  "administration.jsonl": ({ observed }: { observed: unknown }) => json(comparable(failures(observed))),
};
function failures(observed: unknown): unknown {
  if (Array.isArray(observed)) return observed.map(failures);
  const failed = (observed as { failed?: unknown } | null)?.failed;
  return failed ? { exc: [failed] } : observed;
}

test("every case is spoken of", () => {
  expect(cases).toHaveLength(1367);
  expect(cases.filter((one) => !coverageOf(one)).map(({ line, area, steps }) => [line, area, steps])).toEqual([]);
});

test("every entry of the table speaks of a case", () => {
  const used = new Set(cases.map(coverageOf));
  expect(coverage.filter((one) => !used.has(one))).toEqual([]);
});

test.each(Object.keys(keys))("cases said to be in %s are", (file) => {
  const there = new Set(vectors(file).map((row) => rowKeys[file]?.(row as never)));
  const said = cases.filter((one) => coverageOf(one)?.by === file);
  const missing = said.filter((one) => keys[file]?.(one).some((key) => !there.has(key)));
  expect(said.length).toBeGreaterThan(10);
  // Where the two servers differ the later one counts.
  const forgotten = missing.filter(
    ({ server, area, steps }) =>
      server === "10.3.3" ||
      !said.some((one) => one.server !== server && one.area === area && json(one.steps) === json(steps)),
  );
  expect(forgotten.map(({ line, area, steps }) => json([line, area, steps]))).toEqual([]);
});

test("tests that are named have what is named", () => {
  for (const { by, because = "" } of coverage) {
    if (!by.endsWith(".test.ts")) continue;
    const text = readFileSync(join(import.meta.dirname, "../../interop", by), "utf8");
    for (const title of because.split("|")) expect(text, by).toContain(title);
  }
});

test("what nobody asks has a reason", () => {
  expect(coverage.filter(({ by, because }) => by === "nobody" && !because)).toEqual([]);
  const left = cases.filter((one) => coverageOf(one)?.by === "nobody");
  expect(left.length).toBeLessThan(cases.length * 0.07);
});
