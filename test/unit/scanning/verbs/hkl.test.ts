// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { beamline, pseudoAxes, Session, softAxis, softCounters } from "../../../../scanning/index.ts";

function desk(names: "hkl" | "xyz") {
  const [a, b, c] = [softAxis("a"), softAxis("b"), softAxis("c")];
  const [h, k, l] = [...names] as [string, string, string];
  const pseudos = pseudoAxes({
    reals: { a, b, c },
    pseudos: { [h]: {}, [k]: {}, [l]: {} },
    forward: ({ a, b, c }) => ({ [h]: a / 2, [k]: b / 2, [l]: c / 2 }),
    inverse: (at) => ({ a: at[h]! * 2, b: at[k]! * 2, c: at[l]! * 2 }),
  });
  const session = new Session({ name: "demo", objects: [a, b, c, ...Object.values(pseudos)], warn: () => {} });
  const { det } = softCounters("d", { det: () => 1 });
  return { ...beamline(session, { write: () => {} }), a, b, c, det };
}

test("hscan is an ascan of h, hklscan an a3scan of all; their reals are recorded", async () => {
  const { hscan, hklscan, det, a } = desk("hkl");
  const along = await hscan(1, 2, 2, 0, det, { save: false });
  expect([along.title, [...along.data("h")], [...along.data("a")]]).toEqual([
    "ascan h 1.00000 2.00000 2 0",
    [1, 1.5, 2],
    [2, 3, 4],
  ]);
  expect(await a.position()).toBe(4);
  const all = await hklscan(0, 1, 1, 1, 2, 3, 1, 0, det);
  expect([all.title, [...all.data("k")], [...all.data("l")]]).toEqual([
    "a3scan h 0.00000 1.00000 k 1.00000 1.00000 l 2.00000 3.00000 1 0",
    [1, 1],
    [2, 3],
  ]);
});

test("with a d they are relative, and return", async () => {
  const { hscan, ldscan, hkldscan, det, a, c } = desk("hkl");
  await hscan(0, 1, 1, 0, det);
  const along = await ldscan(-1, 1, 2, 0, det);
  expect([...along.data("l")]).toEqual([-1, 0, 1]);
  await hkldscan(0, 1, 0, 1, 0, 1, 1, 0, det);
  expect([await a.position(), await c.position()]).toEqual([2, 0]);
});

test("a session without these axes says what they are", async () => {
  const { kscan, det } = desk("xyz");
  await expect(kscan(0, 1, 1, 0, det)).rejects.toThrow(
    "session demo has no axis k: name the calculated axes h, k and l in its file",
  );
});

test("a scan that was made is run with run", async () => {
  const { run, plan, det, session } = desk("xyz");
  const scan = plan.loopscan(2, 0, det, { save: false });
  expect((await run(scan)).points).toBe(2);
  expect((await run(scan)).points).toBe(2);
  await expect(run(session.lastScan as never)).rejects.toThrow("loopscan 2 0 has run already: make another with plan");
  await expect(run(3 as never)).rejects.toThrow("3 is not a scan. Usage: run(plan.ascan(...))");
});

test("a refused scan is not the last one", async () => {
  const { loopscan, ascan, a, det, session } = desk("xyz");
  await loopscan(1, 0, det);
  await expect(ascan(a, 0, Number.NaN, 1, 0, det)).rejects.toThrow("cannot be moved");
  expect(session.lastScan.title).toBe("loopscan 1 0");
});
