// SPDX-License-Identifier: MIT
// The tables that BLISS' data listener showed, and ours of the same scans: the same columns in the same order, with their
// units, and the same numbers.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as s from "../../scanning/index.ts";
import { type Bench, bench, constant, inMode } from "./bliss-world.ts";

interface Listened {
  readonly title: string;
  readonly saved: boolean;
  /** `robx[mm]`. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
  readonly counts: readonly string[];
}
function listened(): Listened[] {
  const text = readFileSync(join(import.meta.dirname, "bliss/listener.txt"), "utf8");
  return text
    .split(/^\*\* /m)
    .slice(1)
    .map((part) => {
      const cells = (line: string) => line.split("|").map((cell) => cell.trim());
      const head = part.split("\n").find((line) => /^ +# +\|/.test(line));
      return {
        title: /^Scan \d+: (.*) \*\*/.exec(part)![1]!,
        saved: !/file +: None/.test(part),
        columns: head ? cells(head).slice(1) : [],
        rows: [...part.matchAll(/^ +\d+ +\|.*$/gm)].map(([line]) => cells(line).map(Number)),
        counts: [...part.matchAll(/^ *(\w+) += +(\S+) .*\( *(\S+) +\/s\)/gm)].map((found) =>
          found.slice(1).join(" ").trim(),
        ),
      };
    });
}

type Axes = Record<"robx" | "roby" | "s1vg", s.Axis>;
type Make = (axes: Axes, counters: readonly s.Counter[]) => s.Scan;
const simf = () => constant("simulation_counter_controller", "simf", 3);
const diodec = () => constant("simulation_diode_sampling_controller", "diodec", 7.5);
const roi = (axes: Axes) => {
  let sum = 99;
  return s.ascan(
    axes.robx,
    0,
    1,
    1,
    0.05,
    inMode(
      constant("cam", "r1_sum", () => ++sum),
      "SINGLE",
    ),
  );
};
const makes: Readonly<Record<string, Make>> = {
  "loopscan 3 0.1": () => s.loopscan(3, 0.1, simf(), diodec()),
  "ct 0.1 1": () => s.sct(0.1, diodec()),
  "timescan 0.1 2": (_, det) => s.timescan(0.1, ...det, { npoints: 2 }),
  "ascan robx 0.00000 2.00000 4 0": ({ robx }, det) => s.ascan(robx, 0, 2, 4, 0, ...det),
  "ascan robx 1.00000 3.00000 2 0": ({ robx }, det) => s.ascan(robx, 1, 3, 2, 0, ...det),
  "a2scan robx 0.00000 1.00000 roby 0.00000 2.00000 2 0": ({ robx, roby }, det) => s.a2scan(robx, 0, 1, roby, 0, 2, 2, 0, ...det), // biome-ignore format: one glance
  "amesh robx 0.00000 1.00000 1 roby 0.00000 1.00000 1 0": ({ robx, roby }, det) => s.amesh(robx, 0, 1, 1, roby, 0, 1, 1, 0, ...det), // biome-ignore format: one glance
  "ascan s1vg 0.00000 1.00000 2 0": ({ s1vg }, det) => s.ascan(s1vg, 0, 1, 2, 0, ...det),
  "ascan robx 0.00000 1.00000 1 0": ({ robx }, det) => s.ascan(robx, 0, 1, 1, 0, ...det, { save: false }),
  "ascan robx 0.00000 1.00000 1 0.05": roi,
  "lookupscan 0.000000 on motors (robx)": ({ robx }, det) => s.pointscan(robx, [0, 3, 1], 0, ...det),
  "loopscan 2 0": (_, det) => s.loopscan(2, 0, ...det),
};

/** Our table: heads with their units, and the numbers below. */
async function shownBy({ session }: Bench, scan: s.Scan) {
  let text = "";
  const run = session.start(scan);
  await s.showScan(run, { write: (part) => (text += part) });
  const lines = text.split("\n");
  const at = lines.findIndex((line) => /^ +# /.test(line));
  const head = lines[at] ?? "";
  const ends = [...head.matchAll(/\S+/g)].map(({ index, 0: word }) => index + word.length).slice(1);
  const units = lines[at + 1] ?? "";
  const columns = ends.map((end, i) => {
    const from = i === 0 ? 5 : ends[i - 1]!;
    return head.slice(from, end).trim() + units.slice(from, end).trim();
  });
  const rows = lines
    .slice(at + 2)
    .flatMap((line) => (/^ +\d+ /.test(line) ? [line.trim().split(/\s+/).map(Number)] : []));
  const counts = [...text.matchAll(/^ *(\w+) = +(\S+) .*\( *(\S+) \/s\)/gm)].map((found) => found.slice(1).join(" "));
  return { run, columns: at < 0 ? [] : columns, rows: at < 0 ? [] : rows, counts };
}

test.each(listened())("$title", async ({ title, saved, columns, rows, counts }) => {
  const world = bench();
  const det = world.pair("det", "det1", "det2");
  const shown = await shownBy(world, makes[title]!(world.axes as unknown as Axes, det));
  if (counts.length > 0) {
    expect(shown.counts).toEqual(counts);
    return;
  }
  expect([shown.run.title, shown.run.info.save]).toEqual([title, saved]);
  expect(shown.columns).toEqual(columns);
  // The listener missed the points of its last scan; how long points take is chance, and what is counted within 0.1 s.
  if (rows.length === 0) return;
  const numbers = (row: readonly number[]) => (title.startsWith("timescan") ? row.slice(0, 1) : row.filter((_, column) => column !== 1)); // biome-ignore format: one glance
  expect(shown.rows.map(numbers)).toEqual(rows.map(numbers));
});

test("every table has a scan", () => {
  expect(new Set(listened().map(({ title }) => title))).toEqual(new Set(Object.keys(makes)));
});
