// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseFormula } from "../../../config/formula.ts";
import { type Factories, loadConfig, openSession } from "../../../config/index.ts";
import { loopscan, memorySink, softAxis, softCounters } from "../../../scanning/index.ts";

test.each([
  ["1 + 2 * 3", 7],
  ["(1 + 2) * 3", 9],
  ["10 - 4 - 3", 3],
  ["2 ** 3 ** 2", 512],
  ["2 ^ 3", 8],
  ["-2 ** 2", -4],
  ["2 ** -1", 0.5],
  ["7 % 4 / 3", 1],
  ["1.5e3 + .5", 1500.5],
  ["- - 3", 3],
  ["sqrt(16) + abs(-2)", 6],
  ["log(e) + ln(e) + log10(1000)", 5],
  ["atan2(1, 1) * 4 / pi", 1],
  ["max(1, min(5, 3), 2)", 3],
  ["a / (b - 1)", 5],
  ["a / 0", Number.POSITIVE_INFINITY],
])("%s = %d", (text, value) => expect(parseFormula(text).evaluate({ a: 10, b: 3 })).toBeCloseTo(value, 12));

test("a value that is not there makes it NaN", () => {
  expect(parseFormula("missing + 1").evaluate({})).toBeNaN();
});

test("its names, without functions and constants", () => {
  expect(parseFormula("sqrt(a) * pi + b2 - a").names).toEqual(["a", "b2"]);
});

test.each([
  ["a +", 'formula "a +": something is missing at character 4'],
  ["(a", '")" is missing at character 3'],
  ["a b", '"b" is one too many at character 3'],
  ["a $ b", 'unknown sign "$" at character 3'],
  ["* a", 'a value is missing before "*" at character 1'],
  ["sqr(a)", "no function sqr; there are abs,"],
  ["atan2(a)", "atan2 takes 2 values, not 1, at character 1"],
  ["constructor(a)", "no function constructor"],
  ["", "something is missing at character 1"],
])("%s is refused", (text, message) => expect(() => parseFormula(text)).toThrow(message));

const session = `name: demo
objects:
  diode: { kind: counter, device: a/diode/1, attribute: Counts }
  monitor: { kind: counter, device: a/diode/1, attribute: Monitor }
  percent: { kind: formula, formula: 100 * ratio, unit: "%" }
  ratio: { kind: formula, formula: (d - 1) / monitor, inputs: { d: diode }, decimals: 2 }
  m: { kind: motor, device: a/motor/1 }
`;
async function withFile<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "formula-"));
  try {
    writeFileSync(join(folder, "s.yml"), text);
    return await use(join(folder, "s.yml"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const factories: Factories = {
  motor: async ({ name }) => softAxis(name),
  counters: async () => softCounters("d", { diode: () => 21, monitor: () => 40 }),
  camera: () => Promise.reject(new Error("no camera")),
  spectrometer: () => Promise.reject(new Error("no spectrometer")),
  gate: () => Promise.reject(new Error("no gate")),
};

test("formulas of counters and of formulas are counted, and bring their inputs", () =>
  withFile(session, async (file) => {
    const sink = memorySink();
    await using opened = await openSession(await loadConfig(file), { factories, sink });
    await opened.session.start(loopscan(2, 0, opened.session.object("percent") as never)).done();
    const [scan] = sink.scans;
    expect(scan!.values("percent:percent")).toEqual([50, 50]);
    expect(scan!.values("ratio:ratio")).toEqual([0.5, 0.5]);
    expect(scan!.channels.find(({ name }) => name === "percent")).toMatchObject({ unit: "%" });
    expect([...opened.session.objects.keys()]).toEqual(["diode", "monitor", "percent", "ratio", "m"]);
  }));

test("what is wrong with a formula is said with its place, before anything is opened", () =>
  withFile(
    `${session}  a: { kind: formula, formula: diod + 1 }
  b: { kind: formula, formula: m * 2 }
  c: { kind: formula, formula: c + diode }
  d: { kind: formula, formula: "diode +" }
  f: { kind: formula, formula: diode, inputs: { x: monitor } }
  g: { kind: formula, formula: "3" }
`,
    async (file) => {
      const error = await loadConfig(file).catch((thrown: Error) => thrown.message);
      expect(String(error).replaceAll(file, "s.yml").split("\n")).toEqual([
        "s.yml:8:3: formula a: no object diod for diod; did you mean diode? Known: diode, monitor, percent, ratio, m, a, b, c, d, f, g",
        "s.yml:9:3: formula b: m is a motor; a formula is made of counters",
        "s.yml:10:3: formula c: it is made of itself: c -> c",
        expect.stringMatching(/^s\.yml:11:\d+: formula "diode \+": something is missing at character 8$/),
        "s.yml:12:3: formula f: the formula does not use its input x",
        expect.stringMatching(/^s\.yml:13:\d+: formula "3" uses no counter$/),
      ]);
    },
  ));
