// SPDX-License-Identifier: MIT
// Continuous scans: geometry worked out by hand, and scans of axes that really take their time.
import { expect, test } from "vitest";
import {type Axis, 
  ameshct, anscanct, ascanct, continuous, type Detector, dscanct, grid, line, memorySink, Session, softAxis, softCounters, step, together,
} from "../../../scanning/index.ts"; // biome-ignore format: a list
import { sweepLines } from "../../../scanning/sweeps.ts";

/** An axis as far as geometry asks: its acceleration. */
const accelerating = (name: string, acceleration: number, velocity = 100) => softAxis(name, { velocity, acceleration });

test("a line by hand: 0 to 10 in 10 intervals of 0.1 s at 20 u/s^2", async () => {
  // velocity 1/0.1 = 10; it is reached after 10/20 = 0.5 s, over 2.5; 5 ms more at 10 are 0.05.
  const [one, ...more] = await sweepLines(line(accelerating("m", 20), 0, 10, 10), 0.1, undefined);
  expect(more).toEqual([]);
  expect(one).toMatchObject({ first: 0, points: 11 });
  const [run] = one!.runs;
  expect(run).toMatchObject({ from: 0, step: 1, velocity: 10 });
  expect(run!.begin).toBeCloseTo(-2.55, 12);
  expect(run!.end).toBeCloseTo(13.55, 12); // the last point ends at 11
});

test("an undershoot that was asked for, downwards; one too short for the ramp is made longer", async () => {
  const m = accelerating("m", 20);
  const [down] = await sweepLines(line(m, 10, 0, 10), 0.1, 4);
  expect(down!.runs[0]).toMatchObject({ velocity: 10, step: -1 });
  expect(down!.runs[0]!.begin).toBeCloseTo(14, 12);
  expect(down!.runs[0]!.end).toBeCloseTo(-5, 12);
  const [short] = await sweepLines(line(m, 0, 10, 10), 0.1, 1);
  expect(short!.runs[0]!.begin).toBeCloseTo(-2.5, 12);
});

test("axes of different acceleration reach the first point at the same time", async () => {
  const [a, b] = [accelerating("a", 10), accelerating("b", 100)];
  const [one] = await sweepLines(together(line(a, 0, 10, 10), line(b, 0, 5, 10)), 0.1, undefined);
  // a: 10 u/s, ramp 1 s; b: 5 u/s, ramp 0.05 s. Both take 1.005 s: a goes 10*(1.005-0.5), b 5*(1.005-0.025).
  expect(one!.runs.map(({ begin }) => Number(begin.toFixed(9)))).toEqual([-5.05, -4.9]);
});

test("the lines of a mesh, back and forth", async () => {
  const [x, y] = [accelerating("x", Number.POSITIVE_INFINITY), accelerating("y", 1)];
  const lines = await sweepLines(grid([line(x, 0, 2, 2), line(y, 5, 6, 1)], { backnforth: true }), 0.5, 0);
  expect(lines.map(({ first, points, still, runs }) => [first, points, still.get(y), runs[0]!.from, runs[0]!.step])).toEqual([
    [0, 3, 5, 0, 1],
    [3, 3, 6, 2, -1],
  ]); // biome-ignore format: a table
});

/**
 * Axes of a time of their own: it passes a little whenever a position is read, so that no delay of the machine makes a point
 * late. What moves at its usual velocity is there at once; a sweep ends when its points have been taken.
 */
function world(pointsPerLine = 1) {
  let now = 0;
  let readings = 0;
  let taken = () => {};
  const axis = (name: string, start: number): Axis => {
    let velocity = 50;
    let motion = { from: start, to: start, began: 0, velocity: Number.POSITIVE_INFINITY };
    const at = () => {
      const { from, to, began } = motion;
      const way = motion.velocity === Number.POSITIVE_INFINITY ? motion.velocity : (now - began) * motion.velocity;
      return way >= Math.abs(to - from) ? to : from + Math.sign(to - from) * way;
    };
    const halt = () => {
      motion = { from: at(), to: at(), began: now, velocity: Number.POSITIVE_INFINITY };
    };
    return {
      kind: "axis",
      name,
      limits: async () => [-100, 100],
      target: async () => motion.to,
      position: async () => {
        now += 0.0004;
        return at();
      },
      stop: async () => halt(),
      move: async (to, { signal } = {}) => {
        signal?.throwIfAborted();
        motion = { from: at(), to, began: now, velocity: velocity === 50 ? Number.POSITIVE_INFINITY : velocity };
        if (velocity !== 50)
          await new Promise<void>((resolve, reject) => {
            const before = taken;
            taken = () => {
              before();
              if (readings % pointsPerLine === 0) resolve();
            };
            signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
          });
        if (velocity !== 50) motion = { ...motion, from: to, began: now };
        return at();
      },
      velocity: { read: async () => velocity, write: async (value) => void (velocity = value) },
    };
  };
  const sink = memorySink();
  const counting = softCounters("diode", {
    diode: () => {
      readings++;
      taken();
      return 1;
    },
  });
  const diode = { ...counting.diode, mode: "SINGLE" as const };
  const session = new Session({ name: "test", sink, warn: () => {} });
  return { sink, m: axis("m", 1), n: axis("n", 0), diode, session };
}

test("points are taken on the way, each where or after it should begin, and the velocity is given back", async () => {
  const { m, diode, session } = world(11);
  const run = session.start(ascanct(m, 0, 10, 10, 0.001, diode));
  await run.done();
  expect(run.info).toMatchObject({ type: "ascanct", title: "ascanct m 0.00000 10.00000 10 0.001", npoints: 11 });
  const positions = [...run.data("m")];
  expect(positions.length).toBe(11);
  for (const [i, at] of positions.entries()) expect(at).toBeGreaterThan(i - 0.5);
  for (let i = 1; i < positions.length; i++) expect(positions[i]).toBeGreaterThan(positions[i - 1]!);
  expect([...run.data("diode")]).toEqual(Array(11).fill(1));
  expect(await m.velocity?.read()).toBe(50);
});

test("a relative one returns, with the usual velocity; several axes; a mesh", async () => {
  const { m, n, diode, session } = world(5);
  await session.start(dscanct(m, 0, 4, 4, 0.001, diode)).done();
  expect([await m.position(), await m.velocity?.read()]).toEqual([1, 50]);
  const both = session.start(anscanct([[m, 0, 4], [n, 8, 0]], 4, 0.001, diode)); // biome-ignore format: as the call
  await both.done();
  const [ms, ns] = [[...both.data("m")], [...both.data("n")]];
  for (const [i, at] of ms.entries()) expect(ns[i]).toBeCloseTo(8 - 2 * at, 0);
  const other = world(3);
  const mesh = other.session.start(
    ameshct(other.m, 0, 2, 2, other.n, 5, 6, 1, 0.001, other.diode, { backnforth: true }),
  );
  await mesh.done();
  expect(mesh.info).toMatchObject({ type: "ameshct", npoints: 6, data_dim: 2, npoints1: 3 });
  expect([...mesh.data("n")]).toEqual([5, 5, 5, 6, 6, 6]);
  const [up, down] = [mesh.data("m").slice(0, 3), mesh.data("m").slice(3)];
  expect([up[0]! < up[1]!, up[1]! < up[2]!, down[0]! > down[1]!, down[1]! > down[2]!]).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

test("the ends of the run-up must be inside the limits too: nothing moves, no number is used", async () => {
  const { m, diode, session, sink } = world();
  const slow = { ...m, acceleration: { read: async () => 1, write: async () => {} } };
  const scan = ascanct(slow, 0, 90, 9, 0.1, diode);
  expect(String(await scan.dryRun())).toContain("REFUSED   m: move to");
  await expect(session.start(scan).done()).rejects.toThrow(/m: move to `-?\d+(\.\d+)?' would exceed (low|high) limit/);
  expect([sink.scans.length, await m.position()]).toEqual([0, 1]);
});

test("an axis without velocity, a scan without time, a line without length", async () => {
  const { m, diode, session } = world();
  const { velocity: _, ...fixed } = m;
  await expect(session.start(ascanct(fixed, 0, 1, 2, 0.1, diode)).done()).rejects.toThrow(
    /m has no velocity that can be set/,
  );
  await expect(session.start(ascanct(m, 0, 1, 2, 0, diode, { latency: 0 })).done()).rejects.toThrow(
    /needs a count time, or a latency/,
  );
  await expect(session.start(ascanct(m, 0, 1, 0, 0.1, diode)).done()).rejects.toThrow(/at least one interval/);
  expect(() => ascanct(m, 0, 1, 1.5, 0.1, diode)).toThrow(/Usage: ascanct\(motor, start/);
});

test("an abort on the way stops the axis and gives its velocity back; a stop ends it after its point", async () => {
  const { m, diode, session } = world(501);
  for (const end of ["abort", "stop"] as const) {
    const run = session.start(ascanct(m, 0, 50, 500, 0.001, diode));
    for await (const _ of run) if (run.points >= 3) break;
    run[end]();
    expect(await run.ended).toMatchObject({ reason: end === "abort" ? "USER_ABORT" : "SUCCESS" });
    expect(run.points).toBeLessThan(100);
    const at = await m.position();
    expect(at).toBeLessThan(40);
    expect(await m.position()).toBe(at);
    expect(await m.velocity?.read()).toBe(50);
  }
});

test("points that take longer than their time are taken at their place afterwards, and it is said", async () => {
  const said: string[] = [];
  const session = new Session({ name: "test", warn: (message) => void said.push(message) });
  const m = softAxis("m", { velocity: 50 });
  const { slow } = softCounters("slow", { slow: () => 1 }, { readTime: 0.05 });
  const run = session.start(ascanct(m, 0, 10, 10, 0.001, slow, { latency: 0.001 }));
  await run.done();
  expect(said).toEqual([
    expect.stringMatching(
      /^m came to rest after \d+ of 11 points: a point takes longer than its 0\.002 s\. The rest are taken at rest/,
    ),
  ]);
  const late = Number(/after (\d+)/.exec(said[0]!)?.[1]);
  expect([...run.data("m")].slice(late)).toEqual(Array.from({ length: 11 - late }, (_, i) => late + i));
  expect(run.points).toBe(11);
});

test("a detector that runs free begins with the first point, in step scans too", async () => {
  const { m, diode, session } = world(6);
  const calls: string[] = [];
  const free = freeRunning(() => calls.push("start"));
  const watched = { ...m, move: async (to: number, o = {}) => { const at = await m.move(to, o); calls.push("arrived"); return at; } }; // biome-ignore format: one glance
  const run = session.start(continuous({ along: line(watched, 0, 5, 5), read: [free, diode], exposure: 0.001 }));
  await run.done();
  expect(calls).toEqual(["arrived", "start", "arrived"]); // run-up, first point, end
  expect([...run.data("frame")]).toEqual([0, 1, 2, 3, 4, 5]);
  calls.length = 0;
  await session.start(step({ along: line(watched, 0, 1, 1), read: [free], exposure: 0 })).done();
  expect(calls).toEqual(["arrived", "start", "arrived"]);
});

function freeRunning(started: () => void): Detector {
  let points = 0;
  const begun = { now: Promise.withResolvers<void>() };
  const detector: Detector = {
    name: "free",
    triggers: ["internal"],
    counters: [],
    prepare: async (acquisition) => {
      points = acquisition.points;
      begun.now = Promise.withResolvers();
      return { channels: { frame: { dtype: "float64", shape: [] } } };
    },
    start: async () => {
      started();
      begun.now.resolve();
    },
    trigger: async () => {
      throw new Error("it is not triggered");
    },
    async *data() {
      await begun.now.promise;
      for (let first = 0; first < points; first++)
        yield { first, points: 1, values: { frame: Float64Array.of(first) } };
    },
    stop: async () => begun.now.resolve(),
  };
  return { ...detector, counters: [{ kind: "detector", name: "frame", detector, dim: 0 }] };
}
