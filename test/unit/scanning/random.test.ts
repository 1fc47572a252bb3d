// SPDX-License-Identifier: MIT
// Random chains, random failures, Ctrl-C anywhere: whatever happens everything is stopped and awaited, the sink is told the
// end, and the data are complete up to it. Each seed is a test of its own: SEED=n repeats one, SEEDS=n makes n.
import { expect, test } from "vitest";
import { ScanAbort, Session } from "../../../scanning/index.ts";
import { chance, type Phase, phases, type RandomBench, randomBench } from "./random-bench.ts";

/** They found that a device failing at once left the one beside it without anybody waiting. */
const telling = [389, 1635, 2097];
const many = Array.from({ length: Number(process.env.SEEDS ?? 300) }, (_, i) => i);
const seeds = process.env.SEED
  ? [Number(process.env.SEED)]
  : [...many, ...telling.filter((seed) => !many.includes(seed))];

function begin(bench: RandomBench) {
  const session = new Session({ name: "test", sink: bench.sink, warn: () => {} });
  return session.start(bench.scan, { presets: [bench.preset] });
}

/** What must hold after any scan. */
async function check(bench: RandomBench, reason: string, goesHome: boolean): Promise<void> {
  expect(bench.busy()).toEqual([]);
  const [scan] = bench.sink.scans;
  const order = ["created", "prepared", "started", "data", "stopped", "closed"];
  const kinds = [...new Set(scan!.sequence)];
  expect(kinds).toEqual(order.filter((kind) => kinds.includes(kind)));
  expect([scan!.sequence.at(-1), scan!.reason]).toEqual(["closed", reason]);
  if (reason === "SUCCESS") expect(scan!.sequence).toEqual(order);
  const lengths = bench.counters.map((counter) => {
    const fullname = counter.kind === "detector" ? `${counter.detector.name}:value` : `${(counter as { device: { name: string } }).device.name}:${counter.name}`; // biome-ignore format: one glance
    const values = scan!.values(fullname) as number[];
    expect(values, fullname).toEqual(values.map((_, i) => i)); // no gap, no point twice
    return values.length;
  });
  if (reason === "SUCCESS") expect(lengths).toEqual(lengths.map(() => bench.points));
  else expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
  if (goesHome && bench.relative && bench.seen.has("home")) expect(await bench.axes[0]!.position()).toBe(1);
}

test.each(seeds)("seed %d", async (seed) => {
  const random = chance(seed);
  const phase = random.one(phases);
  const when = random.below(5);
  const how = random.one(["nothing", "fail", "abort", "abort twice", "stop"] as const);
  let hit = false;
  const bench = randomBench(random, (now: Phase, before: number) => {
    if (hit || how === "nothing" || now !== phase || before !== when) return;
    hit = true;
    if (how === "fail") throw new RangeError("something broke");
    if (how === "stop") run.stop();
    else run.abort(new ScanAbort("Ctrl-C"));
    if (how === "abort twice") run.abort(new ScanAbort("Ctrl-C"));
  });
  const run = begin(bench);
  const { reason, error, points } = await run.ended;
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  // A second Ctrl-C does not wait for graceful ends; they end all the same.
  if (how === "abort twice") while (bench.busy().length > 0) await settled();
  const late = phase === "home" && how !== "fail"; // nothing is left to be aborted
  if (how === "stop" && hit) {
    expect(reason).toBe("SUCCESS");
    expect(bench.busy()).toEqual([]);
    expect(points).toBeLessThanOrEqual(bench.points);
    return;
  }
  if (!hit) expect(reason).toBe("SUCCESS");
  else if (how === "fail") expect([reason, (error as Error).message]).toEqual(["FAILURE", "something broke"]);
  else if (!late) expect(reason).toBe("USER_ABORT");
  // Unless it is the way home that broke, or that a second Ctrl-C gave up.
  await check(bench, reason, !(hit && (how === "abort twice" || phase === "home")));
});

// ---- Ctrl-C at every phase, once and twice -------------------------------------------------------------------------

const everything = () => {
  // A relative scan of one axis with detectors and counters: it has every phase.
  for (let seed = 1000; ; seed++) {
    const bench = randomBench(chance(seed), () => {});
    if (bench.relative && bench.counters.some(({ kind }) => kind === "detector")) return seed;
  }
};

test.each(phases.flatMap((phase) => [1, 2].map((times) => [phase, times] as const)))(
  "Ctrl-C in the phase %s, %d time(s)",
  async (phase, times) => {
    let hit = false;
    const bench = randomBench(chance(everything()), (now) => {
      if (hit || now !== phase) return;
      hit = true;
      for (let n = 0; n < times; n++) run.abort(new ScanAbort("stopped by Ctrl-C"));
    });
    const run = begin(bench);
    const { reason } = await run.ended;
    while (bench.busy().length > 0) await new Promise<void>((resolve) => setImmediate(resolve));
    expect(hit).toBe(true);
    expect(reason).toBe("USER_ABORT");
    expect(bench.sink.scans[0]!.sequence.at(-1)).toBe("closed");
    if (times === 1) expect(await bench.axes[0]!.position()).toBe(1); // it is home
  },
);
