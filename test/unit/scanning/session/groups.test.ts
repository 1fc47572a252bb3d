// SPDX-License-Identifier: MIT
// Measurement groups: patterns, states, what is remembered; metadata by category and moment; settings in a file.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileSettings, loopscan, measurementGroup, memorySettings, memorySink, Session, softAxis, softCounters } from "../../../../scanning/index.ts"; // biome-ignore format: one import

const counters = () => Object.values(softCounters("det", { diode: () => 1, diode2: () => 2, temp: () => 3 }));
const names = (group: { readonly counters: readonly { readonly name: string }[] }) =>
  group.counters.map(({ name }) => name);

test("counters are switched by names, patterns and devices; states are kept apart and remembered", async () => {
  const settings = memorySettings();
  const group = measurementGroup("mg", counters(), settings);
  await group.disable("diode*");
  expect(names(group)).toEqual(["temp"]);
  await group.switchState("align");
  await group.enable("det:diode");
  expect([names(group), group.state, group.states]).toEqual([["diode", "temp"], "align", ["default", "align"]]);
  await group.switchState("default");
  expect(names(group)).toEqual(["temp"]);
  await group.disable("det");
  expect(names(group)).toEqual([]);
  await group.switchState("align");
  expect(names(measurementGroup("mg", counters(), settings))).toEqual(["diode", "temp"]);
  await expect(group.removeStates("align")).rejects.toThrow("state align is in use");
  await group.removeStates("default");
  expect(group.states).toEqual(["align"]);
  await expect(group.enable("dyode")).rejects.toThrow("mg: no counter matches dyode; did you mean diode?");
});

test("members come and go", () => {
  const [first, second] = counters();
  const group = measurementGroup("mg", [first!], memorySettings());
  group.add(second!);
  expect(names(group)).toEqual(["diode", "diode2"]);
  group.remove(first!);
  expect(names(group)).toEqual(["diode2"]);
});

test("metadata: categories at the start and the end, one that fails is left out, disposing takes it out", async () => {
  const said: string[] = [];
  const sink = memorySink();
  const m = softAxis("m", { position: 2, unit: "mm" });
  const session = new Session({ name: "test", objects: [m], sink, warn: (message) => void said.push(message) });
  const [c] = counters();
  const sample = session.metadata.add("sample", { name: "Cu" });
  session.metadata.add("instrument", () => ({ shutter: "open" }));
  session.metadata.add("instrument", async () => ({ shutter: "closed" }), "END");
  session.metadata.add("broken", () => { throw new Error("no answer"); }); // biome-ignore format: one glance
  await session.start(loopscan(1, 0, c!)).done();
  const [first] = sink.scans;
  expect(first!.created.info).toMatchObject({
    sample: { name: "Cu" },
    instrument: { "@NX_class": "NXinstrument", shutter: "open" },
    positioners: { positioners_start: { m: 2 }, positioners_units: { m: "mm" } },
  });
  expect(first!.closed).toMatchObject({
    instrument: { shutter: "closed" },
    positioners: { positioners_end: { m: 2 } },
  });
  expect(said).toEqual(['metadata "broken": no answer']);
  sample[Symbol.dispose]();
  await session.start(loopscan(1, 0, c!)).done();
  expect(sink.scans[1]!.created.info).not.toHaveProperty("sample");
});

test("settings in a file: durable, never half written; a damaged file is named", async () => {
  const folder = mkdtempSync(join(tmpdir(), "settings-"));
  try {
    const path = join(folder, "deep", "s.json");
    const settings = await fileSettings(path);
    await Promise.all([settings.set("a", 1), settings.set("b", { c: [2] })]);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ a: 1, b: { c: [2] } });
    expect(readdirSync(join(folder, "deep"))).toEqual(["s.json"]);
    expect((await fileSettings(path)).get("b")).toEqual({ c: [2] });
    writeFileSync(path, "[1");
    await expect(fileSettings(path)).rejects.toThrow(/s\.json: not the settings of a session; move it away/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("scan numbers go on over restarts, and begin where they are told", async () => {
  const settings = memorySettings();
  const [c] = counters();
  const numbers: unknown[] = [];
  for (let restart = 0; restart < 2; restart++) {
    const session = new Session({ name: "test", settings, warn: () => {} });
    for (const save of [true, false, true]) {
      const run = session.start(loopscan(1, 0, c!, { save }));
      await run.done();
      numbers.push(run.info.name);
    }
    if (restart === 0) await session.resetScanNumber(10);
  }
  expect(numbers).toEqual(["1_loopscan", "_1_loopscan", "2_loopscan", "10_loopscan", "_1_loopscan", "11_loopscan"]);
});
