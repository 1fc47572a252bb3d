// SPDX-License-Identifier: MIT
// Standard scans of which there is no recording: their points, titles and documents worked out by hand.
import { expect, test } from "vitest";
import * as s from "../../../scanning/index.ts";

interface Expected {
  readonly scan: (axes: readonly s.Axis[], det: s.Counter) => s.Scan;
  readonly type: string;
  readonly title: string;
  /** One row a point, one column an axis. */
  readonly rows: readonly (readonly number[])[];
  /** Where the axes are afterwards. */
  readonly after: readonly number[];
  readonly info?: Readonly<Record<string, unknown>>;
}

/** Axes a to e, at 1, 2, 3, 4, 5 before. */
const cases: Readonly<Record<string, Expected>> = {
  a3scan: {
    scan: ([a, b, c], det) => s.a3scan(a!, 0, 2, b!, 10, 0, c!, 1, 1, 2, 0, det),
    type: "a3scan",
    title: "a3scan a 0.00000 2.00000 b 10.00000 0.00000 c 1.00000 1.00000 2 0",
    rows: [[0, 10, 1], [1, 5, 1], [2, 0, 1]],
    after: [2, 0, 1, 4, 5],
    info: { start: [0, 10, 1], stop: [2, 0, 1], npoints: 3 },
  },
  a4scan: {
    scan: ([a, b, c, d], det) => s.a4scan(a!, 0, 1, b!, 0, 2, c!, 0, 3, d!, 0, 4, 1, 0, det),
    type: "a4scan",
    title: "a4scan a 0.00000 1.00000 b 0.00000 2.00000 c 0.00000 3.00000 d 0.00000 4.00000 1 0",
    rows: [[0, 0, 0, 0], [1, 2, 3, 4]],
    after: [1, 2, 3, 4, 5],
  },
  a5scan: {
    scan: ([a, b, c, d, e], det) => s.a5scan(a!, 0, 1, b!, 0, 2, c!, 0, 3, d!, 0, 4, e!, 0, -5, 1, 0, det),
    type: "a5scan",
    title: "a5scan a 0.00000 1.00000 b 0.00000 2.00000 c 0.00000 3.00000 d 0.00000 4.00000 e 0.00000 -5.00000 1 0",
    rows: [[0, 0, 0, 0, 0], [1, 2, 3, 4, -5]],
    after: [1, 2, 3, 4, -5],
  },
  d2scan: {
    scan: ([a, b], det) => s.d2scan(a!, -1, 1, b!, 0, 4, 2, 0, det),
    type: "d2scan",
    title: "a2scan a 0.00000 2.00000 b 2.00000 6.00000 2 0",
    rows: [[0, 2], [1, 4], [2, 6]],
    after: [1, 2, 3, 4, 5],
    info: { start: [0, 2], stop: [2, 6] },
  },
  d3scan: {
    scan: ([a, b, c], det) => s.d3scan(a!, 0, 1, b!, 0, 1, c!, 0, 1, 1, 0, det),
    type: "d3scan",
    title: "a3scan a 1.00000 2.00000 b 2.00000 3.00000 c 3.00000 4.00000 1 0",
    rows: [[1, 2, 3], [2, 3, 4]],
    after: [1, 2, 3, 4, 5],
  },
  d4scan: {
    scan: ([a, b, c, d], det) => s.d4scan(a!, 0, 1, b!, 0, 1, c!, 0, 1, d!, 0, 1, 1, 0, det),
    type: "d4scan",
    title: "a4scan a 1.00000 2.00000 b 2.00000 3.00000 c 3.00000 4.00000 d 4.00000 5.00000 1 0",
    rows: [[1, 2, 3, 4], [2, 3, 4, 5]],
    after: [1, 2, 3, 4, 5],
  },
  d5scan: {
    scan: ([a, b, c, d, e], det) => s.d5scan(a!, 0, 1, b!, 0, 1, c!, 0, 1, d!, 0, 1, e!, 0, 1, 1, 0, det),
    type: "d5scan",
    title: "a5scan a 1.00000 2.00000 b 2.00000 3.00000 c 3.00000 4.00000 d 4.00000 5.00000 e 5.00000 6.00000 1 0",
    rows: [[1, 2, 3, 4, 5], [2, 3, 4, 5, 6]],
    after: [1, 2, 3, 4, 5],
  },
  dmesh: {
    scan: ([a, b], det) => s.dmesh(a!, 0, 1, 1, b!, -1, 1, 2, 0, det),
    type: "dmesh",
    title: "amesh a 1.00000 2.00000 1 b 1.00000 3.00000 2 0",
    rows: [[1, 1], [2, 1], [1, 2], [2, 2], [1, 3], [2, 3]],
    after: [1, 2, 3, 4, 5],
    info: { data_dim: 2, npoints1: 2, npoints2: 3, npoints: 6 },
  },
  a3mesh: {
    scan: ([a, b, c], det) => s.a3mesh(a!, 0, 1, 1, b!, 0, 1, 1, c!, 0, 1, 1, 0, det),
    type: "a3mesh",
    title: "a3mesh a 0.00000 1.00000 1 b 0.00000 1.00000 1 c 0.00000 1.00000 1 0",
    rows: [[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1], [1, 0, 1], [0, 1, 1], [1, 1, 1]],
    after: [1, 1, 1, 4, 5],
    info: { data_dim: 3, npoints3: 2 },
  },
  "a3mesh back and forth": {
    scan: ([a, b, c], det) => s.a3mesh(a!, 0, 1, 1, b!, 0, 1, 1, c!, 0, 1, 1, 0, det, { backnforth: true }),
    type: "a3mesh",
    title: "a3mesh a 0.00000 1.00000 1 b 0.00000 1.00000 1 c 0.00000 1.00000 1 0",
    rows: [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 1], [1, 1, 1], [1, 0, 1], [0, 0, 1]],
    after: [0, 0, 1, 4, 5],
  },
  d3mesh: {
    scan: ([a, b, c], det) => s.d3mesh(a!, 0, 1, 1, b!, 0, 0, 0, c!, 0, 1, 1, 0, det),
    type: "d3mesh",
    title: "a3mesh a 1.00000 2.00000 1 b 2.00000 2.00000 0 c 3.00000 4.00000 1 0",
    rows: [[1, 2, 3], [2, 2, 3], [1, 2, 4], [2, 2, 4]],
    after: [1, 2, 3, 4, 5],
  },
  anmesh: {
    scan: ([a, b], det) => s.anmesh([[a!, 0, 1, 1], [b!, 0, 2, 1]], 0, det),
    type: "anmesh",
    title: "anmesh a 0.00000 1.00000 1 b 0.00000 2.00000 1 0",
    rows: [[0, 0], [1, 0], [0, 2], [1, 2]],
    after: [1, 2, 3, 4, 5],
  },
}; // biome-ignore format: tables

test.each(Object.entries(cases))("%s", async (_, { scan, type, title, rows, after, info = {} }) => {
  const axes = ["a", "b", "c", "d", "e"].map((name, i) => s.softAxis(name, { position: i + 1 }));
  const { det } = s.softCounters("det", { det: () => 7 });
  const sink = s.memorySink();
  const session = new s.Session({ name: "test", objects: axes, sink, warn: () => {} });
  const run = session.start(scan(axes, det));
  await run.done();
  const names = axes.slice(0, rows[0]!.length).map(({ name }) => name);
  expect(rows.map((__, point) => names.map((name) => run.row(point)![name]))).toEqual(rows);
  expect(run.points).toBe(rows.length);
  expect(await Promise.all(axes.map((axis) => axis.position()))).toEqual(after);
  expect(run.info).toMatchObject({ type, title, npoints: rows.length, ...info });
  expect(sink.scans[0]!.values("det:det")).toEqual(rows.map(() => 7));
});

test("a scan value can be started again and again, dry-run, printed; nothing moves before it is started", async () => {
  const a = s.softAxis("a", { position: 3, limits: [0, 5], velocity: 1000, acceleration: 1e5 });
  const { det } = s.softCounters("det", { det: () => 1 });
  const scan = s.dscan(a, 0, 1, 2, 0.5, det);
  expect(String(scan)).toBe("Scan(ascan a 0.00000 1.00000 2 0.5)");
  const dry = await scan.dryRun();
  expect(dry).toMatchObject({
    title: "ascan a 3.00000 4.00000 2 0.5",
    points: 3,
    counters: ["det:det"],
    violations: [],
  });
  expect([...dry.positions.a!]).toEqual([3, 3.5, 4]);
  expect(dry.seconds).toBeGreaterThan(1.5);
  expect(dry.seconds).toBeLessThan(1.6);
  expect(dry.bytes).toBe(3 * 4 * 8); // elapsed, epoch, axis, counter
  expect((await s.dscan(a, 0, 9, 2, 0, det).dryRun()).violations).toEqual([
    "a: move to `12.0' would exceed high limit (5.0)",
  ]);
  expect(await a.position()).toBe(3);
  const quick = s.dscan(a, 0, 1, 2, 0, det);
  for (let n = 0; n < 2; n++) expect(await quick.start().done()).toMatchObject({ reason: "SUCCESS", points: 3 });
  expect(await a.position()).toBe(3);
});

test("rows come as they are complete, and leaving the block stops the scan", async () => {
  const a = s.softAxis("a");
  const { det } = s.softCounters("det", { det: () => 1 });
  const session = new s.Session({ name: "test", warn: () => {} });
  const seen: number[] = [];
  {
    await using run = session.start(s.ascan(a, 0, 999, 999, 0, det));
    for await (const row of run) if (seen.push(row.a as number) === 3) break;
  }
  expect(seen).toEqual([0, 1, 2]);
  expect(session.running).toEqual([]);
  expect(session.lastScan.state).toBe("USER_ABORTED");
});

test("sleep and stab times, a title, a name, scan_info: in the document", async () => {
  const a = s.softAxis("a");
  const { det } = s.softCounters("det", { det: () => 1 });
  const session = new s.Session({ name: "test", warn: () => {} });
  const options = { sleepTime: 0.001, stabTime: 0.002, title: "mine", name: "special", scanInfo: { sample: "Cu" } };
  const run = session.start(s.ascan(a, 0, 1, 1, 0, det, options));
  await run.done();
  expect(run.info).toMatchObject({
    sleep_time: 0.001,
    stab_time: 0.002,
    title: "mine",
    name: "1_special",
    sample: "Cu",
    type: "ascan",
  });
});

test("options in the spelling of BLISS; one that is none is told with the nearest", async () => {
  const a = s.softAxis("a");
  const { det } = s.softCounters("det", { det: () => 1 });
  const spelt = { sleep_time: 0.001, stab_time: 0.002, save_images: false, scan_info: { sample: "Zn" } };
  const run = s.ascan(a, 0, 1, 1, 0, det, spelt as s.ScanOptions).start();
  await run.done();
  expect(run.info).toMatchObject({ sleep_time: 0.001, stab_time: 0.002, sample: "Zn" });
  const wrong = { stabtime: 1 } as s.ScanOptions;
  expect(() => s.ascan(a, 0, 1, 1, 0, det, wrong)).toThrow(/unknown option stabtime; did you mean stabTime\?/);
});
