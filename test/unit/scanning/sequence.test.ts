// SPDX-License-Identifier: MIT
// Sequences: what their scans and their functions may do to them.
import { expect, test } from "vitest";
import {
  ascan,
  loopscan,
  memorySink,
  ScanAbort,
  Session,
  sequence,
  softAxis,
  softCounters,
} from "../../../scanning/index.ts";

function world() {
  const sink = memorySink();
  const session = new Session({ name: "test", sink, warn: () => {} });
  const { c } = softCounters("d", { c: () => 1 });
  return { sink, session, c, m: softAxis("m") };
}
const kinds = (sink: ReturnType<typeof memorySink>) =>
  sink.scans.map(({ created, reason }) => [created.info.title, reason]);

test("sub-scans side by side: numbered after the sequence, which ends when all have ended, and names them", async () => {
  const { sink, session, c, m } = world();
  const run = session.start(
    sequence("both", async ({ start }) => {
      await start(loopscan(50, 0, c));
      await start(ascan(m, 0, 1, 1, 0, c));
    }),
  );
  await run.done();
  expect(kinds(sink)).toEqual([["both", "SUCCESS"], ["loopscan 50 0", "SUCCESS"], ["ascan m 0.00000 1.00000 1 0", "SUCCESS"]]); // biome-ignore format: a table
  expect(sink.scans.map(({ created }) => created.identity.number)).toEqual([1, 2, 3]);
  expect(sink.scans[0]!.values("SUBSCANS")).toEqual([
    { key: "memory:scan:2", scan_number: 2 },
    { key: "memory:scan:3", scan_number: 3 },
  ]);
  expect(sink.scans.slice(1).map(({ created }) => created.info.group)).toEqual(["memory:scan:1", "memory:scan:1"]);
  expect(session.scans.length).toBe(3);
});

test("an abort reaches the scan in progress; nothing is left running", async () => {
  const { sink, session, c } = world();
  const run = session.start(sequence("s", ({ run }) => run(loopscan(0, 0, c)).then(() => {})));
  while ((session.scans[1]?.points ?? 0) < 5) await new Promise((resolve) => setImmediate(resolve));
  run.abort(new ScanAbort("Ctrl-C"));
  await expect(run.done()).rejects.toThrow("Ctrl-C");
  expect(kinds(sink)).toEqual([["s", "USER_ABORT"], ["loopscan 0 0", "USER_ABORT"]]); // biome-ignore format: a table
  expect(session.running).toEqual([]);
});

test("a stop ends the scan in progress after its point, and the function can see it", async () => {
  const { sink, session, c } = world();
  let seen = false;
  const run = session.start(
    sequence("s", async (scope) => {
      await scope.run(loopscan(0, 0, c));
      seen = scope.stopping;
    }),
  );
  while ((session.scans[1]?.points ?? 0) < 5) await new Promise((resolve) => setImmediate(resolve));
  run.stop();
  expect(await run.done()).toMatchObject({ reason: "SUCCESS" });
  expect([seen, sink.scans[1]!.reason]).toEqual([true, "SUCCESS"]);
});

test("a scan that fails, fails the sequence, unless its function deals with it", async () => {
  const { sink, session, c } = world();
  const broken = { ...c, device: { name: "broken", reader: () => () => Promise.reject(new RangeError("no answer")) } };
  await expect(session.start(sequence("bad", async ({ run }) => void (await run(loopscan(1, 0, broken))))).done()).rejects.toThrow("no answer"); // biome-ignore format: one glance
  const careful = sequence("careful", async ({ run }) => {
    await run(loopscan(1, 0, broken)).catch(() => {});
    await run(loopscan(1, 0, c));
  });
  await session.start(careful).done();
  const loose = sequence("loose", async ({ start }) => void (await start(loopscan(1, 0, broken))));
  await expect(session.start(loose).done()).rejects.toThrow("no answer");
  expect(kinds(sink).map(([, reason]) => reason)).toEqual(
    ["FAILURE", "FAILURE", "SUCCESS", "FAILURE", "SUCCESS", "FAILURE", "FAILURE"],
  ); // biome-ignore format: a list
  expect(session.running).toEqual([]);
});

test("channels of its own, and one it has not", async () => {
  const { sink, session } = world();
  const channels = { temperature: { unit: "K" } };
  const run = sequence("s", ({ emit }) => emit("temprature", 1), { channels });
  await expect(session.start(run).done()).rejects.toThrow(
    "the sequence has no channel temprature; did you mean temperature?",
  );
  await session.start(sequence("s", ({ emit }) => emit("temperature", 300, 301), { channels })).done();
  expect(sink.scans[1]!.values("temperature")).toEqual([300, 301]);
  expect(sink.scans[1]!.channels.find(({ name }) => name === "temperature")).toMatchObject({ unit: "K" });
  expect(() => sequence("s", undefined as never)).toThrow(/needs a function: sequence\(title, async/);
});
