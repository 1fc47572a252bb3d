// SPDX-License-Identifier: MIT
// Chains: masters and slaves of any depth, several top masters, watchdogs, devices that hang.
import { expect, test } from "vitest";
import * as s from "../../../scanning/index.ts";

/** A detector that notes what is asked of it. */
function detector(
  name: string,
  calls: string[],
  triggers: readonly s.TriggerMode[] = ["software", "external"],
): s.Detector {
  const counters: s.DetectorCounter[] = [];
  let [points, taken, how] = [0, 0, ""];
  let more = Promise.withResolvers<void>();
  let over = false;
  const wake = () => {
    more.resolve();
    more = Promise.withResolvers();
  };
  const self: s.Detector = {
    name, triggers, counters,
    prepare: async (acquisition) => {
      calls.push(`${name} prepared ${acquisition.trigger}${acquisition.settings ? ` ${JSON.stringify(acquisition.settings)}` : ""}`);
      [points, taken, how, over] = [acquisition.points, 0, acquisition.trigger, false];
      return { channels: { value: { dtype: "float64", shape: [] } } };
    },
    start: async () => void calls.push(`${name} started`),
    trigger: async () => {
      calls.push(`${name} triggered`);
      taken++;
      wake();
    },
    async *data() {
      for (let first = 0; first < points; first++) {
        // What is triggered from outside has its points with its master's.
        while (how === "software" && first >= taken && !over) await more.promise;
        if (how === "software" && first >= taken) return;
        yield { first, points: 1, values: { value: Float64Array.of(first) } };
      }
    },
    stop: async () => {
      calls.push(`${name} stopped`);
      over = true;
      wake();
    },
  }; // biome-ignore format: one glance
  counters.push({ kind: "detector", name: "value", detector: self, dim: 0 });
  return self;
}

test("slaves are armed before their master can trigger them, and stopped after it; settings reach their device", async () => {
  const calls: string[] = [];
  const [card, camera, mca] = ["card", "camera", "mca"].map((name) => detector(name, calls)) as [s.Detector, s.Detector, s.Detector]; // biome-ignore format: one glance
  const session = new s.Session({
    name: "test",
    warn: () => {},
    chainSettings: [
      { device: "camera", master: "card", settings: { mode: "ACCUMULATION" } },
      { device: "mca", master: "camera" },
    ],
  });
  const run = session.start(s.loopscan(2, 0, mca, camera, card));
  await run.done();
  expect(calls.filter((call) => call.includes("prepared")).toSorted()).toEqual([
    'camera prepared external {"mode":"ACCUMULATION"}', "card prepared software", "mca prepared external",
  ]); // biome-ignore format: a list
  const rest = calls.filter((call) => !call.includes("prepared"));
  expect(rest).toEqual([
    "mca started", "camera started", "card started", "card triggered", "card triggered", "card stopped", "camera stopped", "mca stopped",
  ]); // biome-ignore format: a list
  expect([...run.data("mca:value")]).toEqual([0, 1]);
  const chain = run.info.acquisition_chain as { timer: { devices: string[] } };
  expect(chain.timer.devices.map((key) => key.split(":")[1])).toEqual(["timer", "card", "camera", "mca"]);
});

test("a master that is not in the scan does not matter; one that is its own is refused", async () => {
  const calls: string[] = [];
  const [camera, card] = [detector("camera", calls), detector("card", calls)];
  const session = new s.Session({
    name: "test",
    warn: () => {},
    chainSettings: [{ device: "camera", master: "card" }],
  });
  await session.start(s.loopscan(1, 0, camera)).done();
  expect(calls[0]).toBe("camera prepared software");
  session.chainSettings.push({ device: "card", master: "camera" });
  await expect(session.start(s.loopscan(1, 0, camera, card)).done()).rejects.toThrow(/is triggered by/);
});

test("a trigger the detector does not know", async () => {
  const session = new s.Session({
    name: "test",
    warn: () => {},
    chainSettings: [{ device: "camera", trigger: "gate" }],
  });
  await expect(session.start(s.loopscan(1, 0, detector("camera", []))).done()).rejects.toThrow(
    'camera: cannot be triggered "gate", only software, external',
  );
});

/** A plan with top masters of its own. */
const withRoots = (plan: s.ScanPlan, roots: readonly s.NodePlan[]): s.Scan => new s.Scan({ ...plan, chain: () => [...roots] }); // biome-ignore format: one glance
const top = (name: string, points: number, more: Partial<s.NodePlan> = {}): s.NodePlan => ({
  name,
  channels: [{ fullname: `${name}:n`, name: "n", dim: 0, dtype: "float64", shape: [] }],
  children: [],
  hasMetadata: false,
  points,
  open: ({ recorder, first }) => ({
    at: async (point) => {
      (recorder.columns[first] as unknown as { push(value: number): void }).push(point);
      await new Promise<void>((resolve) => setImmediate(resolve));
    },
  }),
  ...more,
});

test("several top masters run side by side; the end of a terminator is the end of all", async () => {
  const { plan } = s.loopscan(3, 0);
  const both = withRoots(plan, [top("a", 3), top("b", 5)]).start();
  await both.done();
  expect([both.data("a:n").length, both.points]).toEqual([3, 3]);
  const sink = s.memorySink();
  const ended = withRoots(plan, [top("endless", 0), top("leader", 4, { terminator: true })]).start({ sink });
  expect(await ended.done()).toMatchObject({ reason: "SUCCESS" });
  expect(sink.scans[0]!.values("leader:n")).toEqual([0, 1, 2, 3]);
  expect(sink.scans[0]!.values("endless:n").length).toBeLessThan(8);
});

test("a watchdog sees the scan from its beginning to its end, ends it, or fails it", async () => {
  const { c } = s.softCounters("d", { c: () => 1 });
  const told: string[] = [];
  const dog: s.Watchdog = {
    onScanNew: () => told.push("new"),
    onScanData: (run) => {
      if (run.points === 3) throw new s.StopScan("enough");
    },
    onScanEnd: () => told.push("end"),
  };
  const stopped = s.loopscan(100, 0, c).start({ watchdogs: [dog] });
  expect(await stopped.done()).toMatchObject({ reason: "SUCCESS", points: 3 });
  expect(told).toEqual(["new", "end"]);
  const failing = s.loopscan(100, 0, c).start({ watchdogs: [{ onScanData: () => { throw new Error("beam lost"); } }] }); // biome-ignore format: one glance
  await expect(failing.done()).rejects.toThrow("beam lost");
});

test("a watchdog is told when nothing comes any more", async () => {
  let after = 0;
  const { never } = s.softCounters("d", { never: () => 0 });
  const hanging = { ...never, device: { name: "d", reader: () => hang } };
  const run = s.loopscan(1, 0, hanging).start({ watchdogs: [{ timeout: 0.01, onTimeout: () => { after++; throw new Error("nothing comes"); } }] }); // biome-ignore format: one glance
  await expect(run.done()).rejects.toThrow("nothing comes");
  expect(after).toBeGreaterThan(0);
});
const hang = ({ signal }: s.CallOptions) =>
  new Promise<number[]>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));

test("a counter that hangs is named with the time it had; what ignores the abort is left behind on a second one", async () => {
  const { c } = s.softCounters("d", { c: () => 0 });
  const hanging = { ...c, device: { name: "thermometer", reader: () => hang } };
  const run = s.loopscan(3, 0, hanging).start({ stallTimeout: 0.01 });
  await expect(run.done()).rejects.toThrow(
    "thermometer did not finish point 0 within 0.01 s of its trigger; check the device, or give the scan a longer stallTimeout",
  );
  const deaf = { ...c, device: { name: "deaf", reader: () => () => new Promise<number[]>(() => {}) } };
  const left = s.loopscan(3, 0, deaf).start();
  await left.opened();
  await new Promise((resolve) => setImmediate(resolve));
  left.abort();
  left.abort();
  expect(await left.ended).toMatchObject({ reason: "USER_ABORT" });
});

test("after a second abort no step of ending is waited for", async () => {
  const never = () => new Promise<void>(() => {});
  const { c } = s.softCounters("d", { c: () => 0 });
  const presets = [{ stop: never }];
  const chainPresets = [{ beforeStop: never, stop: never }];
  const run = s.loopscan(0, 0.001, c).start({ presets, chainPresets });
  await run.opened();
  run.abort();
  run.abort();
  expect(await run.ended).toMatchObject({ reason: "USER_ABORT" });
  expect(run.warnings).toEqual(["presets before the stop: Abort on request", "presets at the end: Abort on request"]);
});

test("a sink that cannot keep up holds the scan back, and loses nothing", async () => {
  let n = 0;
  const { c } = s.softCounters("d", { c: () => n++ });
  const memory = s.memorySink();
  const slow: s.Sink = {
    open: async (created) => {
      const inner = await memory.open(created);
      const write = async (events: readonly s.ScanEvent[]) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        await inner.write(events);
      };
      return { ...inner, write };
    },
  };
  await s.loopscan(200_000, 0, c).start({ sink: slow }).done();
  expect(memory.scans[0]!.values("d:c")).toEqual(Array.from({ length: 200_000 }, (_, i) => i));
  const waiting = [...memory.scans[0]!.blocks.get("d:c")!].map(({ points }) => points);
  expect(Math.max(...waiting)).toBeLessThan(11_000);
});

test("of two sinks one that refuses a scan refuses it for both; a batch goes to both", async () => {
  const { c } = s.softCounters("d", { c: () => 1 });
  const [one, two] = [s.memorySink(), s.memorySink()];
  await s
    .loopscan(2, 0, c)
    .start({ sink: s.sinksTogether(one, two) })
    .done();
  expect([one, two].map(({ scans }) => scans[0]!.reason)).toEqual(["SUCCESS", "SUCCESS"]);
  const m = s.softAxis("m");
  const refusing: s.Sink = { open: async () => { throw new Error("the file is locked"); } }; // biome-ignore format: one glance
  const run = s.ascan(m, 1, 2, 1, 0, c).start({ sink: s.sinksTogether(one, refusing) });
  await expect(run.done()).rejects.toThrow("the file is locked");
  expect(await m.position()).toBe(0);
});

test("a sink that breaks ends the scan, and is still told the end", async () => {
  const { c } = s.softCounters("d", { c: () => 1 });
  const told: string[] = [];
  const breaking: s.Sink = {
    open: async () => ({
      write: async (events) => {
        for (const { type } of events) told.push(type);
        if (events.some(({ type }) => type === "data")) throw new Error("disk is gone");
      },
      [Symbol.asyncDispose]: async () => void told.push("disposed"),
    }),
  };
  const run = s.loopscan(0, 0, c).start({ sink: breaking });
  await expect(run.done()).rejects.toThrow("the scan cannot be recorded any more: disk is gone");
  expect(told.slice(-2)).toEqual(["closed", "disposed"]);
});
