// SPDX-License-Identifier: MIT
// Detectors below a gate: it is open for the count time of each point, and closed whatever happens.
import { beforeEach, expect, test } from "vitest";
import {
  type Acquisition, ascan, type Block, type Detector, type Gate, loopscan, memorySink, Session, softAxis, softCounters,
} from "../../../scanning/index.ts"; // biome-ignore format: a list

/** A point ends each time the gate closes; its value is how many openings there were. */
function gated() {
  const happened: string[] = [];
  let opened = 0;
  let acquisition: Acquisition | undefined;
  let arrived = Promise.withResolvers<void>();
  const pulse = () => {
    const before = arrived;
    arrived = Promise.withResolvers();
    before.resolve();
  };
  const shutter: Gate = {
    kind: "gate",
    name: "fast",
    open: async () => {
      opened++;
      happened.push("open");
    },
    close: async () => {
      happened.push("close");
      pulse();
    },
  };
  const detector: Detector = {
    name: "mca",
    triggers: ["software", "gate"],
    counters: [],
    prepare: async (wanted) => {
      acquisition = wanted;
      return { channels: { count: { dtype: "int32", shape: [] } } };
    },
    start: async () => void happened.push("armed"),
    trigger: async () => void happened.push("triggered"),
    async *data(): AsyncGenerator<Block> {
      for (let first = 0; first < acquisition!.points; first++) {
        await arrived.promise;
        if (happened.at(-1) === "stopped") return;
        yield { first, points: 1, values: { count: Int32Array.of(opened) } };
      }
    },
    stop: async () => {
      happened.push("stopped");
      pulse();
    },
  };
  const counter = { kind: "detector", name: "count", detector, dim: 0 } as const;
  Object.assign(detector, { counters: [counter] });
  return { shutter, detector, happened, trigger: () => acquisition?.trigger };
}

let w: ReturnType<typeof gated>;
let session: Session;
const sink = memorySink();
beforeEach(() => {
  w = gated();
  session = new Session({
    name: "demo",
    sink,
    objects: [w.shutter],
    chainSettings: [{ device: "mca", master: "fast" }],
    warn: () => {},
  });
});

test("a detector whose master is a gate is gated: open for each point, not triggered by the program", async () => {
  const m = softAxis("m", { moved: (to) => w.happened.push(`moved ${to}`) });
  const run = session.start(ascan(m, 1, 2, 1, 0.002, w.detector));
  await run.done();
  expect(w.trigger()).toBe("gate");
  expect([...run.data("count")]).toEqual([1, 2]);
  const order = ["armed", "moved 1", "open", "close", "moved 2", "open", "close", "stopped"];
  expect(w.happened).toEqual(order);
  const { acquisition_chain, devices } = run.info as Record<string, Record<string, { devices: string[] }>>;
  expect(acquisition_chain!.axis!.devices.map((key) => key.replace(/^\d+:/, ""))).toEqual([
    "axis",
    "timer",
    "fast",
    "mca",
  ]);
  expect(Object.keys(devices!).length).toBe(4);
});

test("other counters count at the same time; a scan without the detector leaves the gate alone", async () => {
  const { diode } = softCounters("d", { diode: () => 7 });
  const run = session.start(loopscan(3, 0.001, diode, w.detector));
  await run.done();
  expect([[...run.data("diode")], [...run.data("count")]]).toEqual([[7, 7, 7], [1, 2, 3]]); // biome-ignore format: a table
  w.happened.length = 0;
  await session.start(loopscan(1, 0, diode)).done();
  expect(w.happened).toEqual([]);
});

test("an abort in the middle of a point closes it", async () => {
  const run = session.start(loopscan(1, 100, w.detector));
  while (!w.happened.includes("open")) await new Promise(setImmediate);
  run.abort();
  await expect(run.done()).rejects.toThrow("Abort on request");
  expect(w.happened).toContain("close");
});

test("a gate that fails to open fails the scan, and is named by its error", async () => {
  Object.assign(w.shutter, { open: () => Promise.reject(new Error("fast: the shutter is stuck")) });
  await expect(session.start(loopscan(2, 0.001, w.detector)).done()).rejects.toThrow("fast: the shutter is stuck");
  expect(w.happened).toContain("stopped");
});

test("what fails below an open gate fails the scan at once, and the gate is closed", async () => {
  session.chainSettings = [{ device: "mca", master: "fast", trigger: "software" }];
  Object.assign(w.detector, { trigger: () => Promise.reject(new Error("mca: no trigger")) });
  await expect(session.start(loopscan(1, 100, w.detector)).done()).rejects.toThrow("mca: no trigger");
  expect(w.happened.filter((what) => what !== "armed")).toEqual(["open", "close", "stopped"]);
});
