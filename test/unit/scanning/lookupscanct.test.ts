// SPDX-License-Identifier: MIT
// Paths that controllers follow: the knots worked out by hand, and scans along them.
import { expect, test } from "vitest";
import {
  type Axis,
  type Knot,
  lookupscanct,
  memorySink,
  Session,
  softAxis,
  softCounters,
} from "../../../scanning/index.ts";
import { knotsOf } from "../../../scanning/knots.ts";

test("knots by hand: 0, 1, 3 every 0.5 s, half a second of run-up", () => {
  // Velocities: (1-0)/0.5 = 2; (3-0)/1 = 3; (3-1)/0.5 = 4. Ramps: 2*0.5/2 = 0.5 before; on for 0.5 s: 5, then 4*0.5/2 = 1.
  expect(knotsOf(Float64Array.of(0, 1, 3), 0.5, 0.5).knots).toEqual([
    { time: 0, position: -0.5, velocity: 0 },
    { time: 0.5, position: 0, velocity: 2 },
    { time: 1, position: 1, velocity: 3 },
    { time: 1.5, position: 3, velocity: 4 },
    { time: 2, position: 5, velocity: 4 },
    { time: 2.5, position: 6, velocity: 0 },
  ]);
});

/** A controller that is where the last point was triggered, and rests when all have been. */
function following(name: string, points: number) {
  const soft = softAxis(name);
  const got: Knot[][] = [];
  let [asked, ended] = [0, Promise.withResolvers<void>()];
  let running = false;
  const axis: Axis = {
    ...soft,
    position: async () => {
      if (!running) return soft.position();
      const at = got.at(-1)![1 + asked++]!.position;
      if (asked === points) ended.resolve();
      return at;
    },
    trajectory: {
      prepare: async (knots) => {
        got.push([...knots]);
        asked = 0;
        ended = Promise.withResolvers();
      },
      run: async ({ signal } = {}) => {
        running = true;
        signal?.addEventListener("abort", () => ended.reject(signal.reason), { once: true });
        await ended.promise.finally(() => {
          running = false;
        });
        return soft.position();
      },
    },
  };
  return { axis, got };
}
const { c } = softCounters("d", { c: () => 7 });

test("axes follow their lists together; points are where they were", async () => {
  const [a, b] = [following("a", 4), following("b", 4)];
  const sink = memorySink();
  const session = new Session({ name: "test", sink, warn: () => {} });
  const run = session.start(lookupscanct([[a.axis, [0, 1, 4, 9]], [b.axis, [3, 2, 2, 5]]], 0.001, c, { latency: 0.001 })); // biome-ignore format: as the call
  await run.done();
  expect([[...run.data("a")], [...run.data("b")], [...run.data("c")]]).toEqual([[0, 1, 4, 9], [3, 2, 2, 5], [7, 7, 7, 7]]); // biome-ignore format: a table
  expect(a.got[0]!.length).toBe(7);
  expect(run.info).toMatchObject({ type: "lookupscanct", npoints: 4 });
});

test("an abort and a stop on the way end the motion too", async () => {
  for (const end of ["abort", "stop"] as const) {
    const { axis } = following("a", 1000);
    const run = new Session({ name: "test", warn: () => {} }).start(lookupscanct([[axis, Array.from({ length: 1000 }, (_, i) => i)]], 0.001, c)); // biome-ignore format: one glance
    for await (const _ of run) if (run.points >= 2) break;
    run[end]();
    expect(await run.ended).toMatchObject({ reason: end === "stop" ? "SUCCESS" : "USER_ABORT" });
    expect(run.points).toBeLessThan(100);
  }
});

test("an axis whose controller follows no trajectory is told; so is a path its controller refuses", async () => {
  expect(() => lookupscanct([[softAxis("m"), [0, 1]]], 0.1, c)).toThrow(
    /axis m follows no trajectory.*\(lookupscan\).*Usage: lookupscanct/,
  );
  const { axis } = following("a", 2);
  const refusing = { ...axis, trajectory: { ...axis.trajectory!, prepare: () => Promise.reject(new RangeError("beyond the limit")) } }; // biome-ignore format: one glance
  await expect(
    lookupscanct([[refusing, [0, 1]]], 0.001, c)
      .start()
      .done(),
  ).rejects.toThrow("beyond the limit");
});
