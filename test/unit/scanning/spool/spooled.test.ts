// SPDX-License-Identifier: MIT
// A sink that goes away before, during and after a scan.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ascan, loopscan, memorySink, type ScanSink, Session, type Sink, softAxis, softCounters, spooled } from "../../../../scanning/index.ts"; // biome-ignore format: one import

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spool-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A memory sink with a switch: "hangs" answers when it is on again, "refuses" throws, "forgets" as a store that was emptied. */
function switched() {
  const memory = memorySink();
  let mode: "on" | "hangs" | "refuses" = "on";
  let resume = Promise.withResolvers<void>();
  let emptied = false;
  const ready = async () => {
    while (mode === "hangs") await resume.promise;
    if (mode === "refuses") throw new Error("is full");
  };
  const sink: Sink = {
    async open(created) {
      await ready();
      const inner = await memory.open(created);
      const own: ScanSink = {
        ...inner,
        write: async (events) => {
          await ready();
          await inner.write(events);
        },
        intact: async () => !emptied || memory.scans.length > 1,
      };
      return own;
    },
  };
  const turn = (to: typeof mode) => {
    mode = to;
    resume.resolve();
    resume = Promise.withResolvers();
  };
  return { sink, scans: memory.scans, turn, empty: () => (emptied = true) };
}

function world(patience = 30, memory = 4e6) {
  const away = switched();
  const said: string[] = [];
  const warn = (message: string) => void said.push(message);
  const spool = () => spooled(away.sink, { what: "the data stream", folder, patience, memory, warn });
  const sink = spool();
  const session = new Session({ name: "test", sink, warn });
  let n = 0;
  const { c } = softCounters("d", { c: () => n++ });
  return { away, said, sink, spool, session, c, m: softAxis("m"), files: () => readdirSync(folder) };
}
const complete = { sequence: ["created", "prepared", "started", "data", "stopped", "closed"], reason: "SUCCESS" };
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

test("a sink that is there gets everything, and no file is made", async () => {
  const { away, session, c, files, sink } = world();
  await session.start(loopscan(1000, 0, c)).done();
  expect(away.scans[0]).toMatchObject(complete);
  expect(away.scans[0]!.values("d:c")).toEqual(upTo(1000));
  expect(files()).toEqual([]);
  await sink[Symbol.asyncDispose]();
});

test("a sink that does not answer refuses the scan before anything moves", async () => {
  const { away, session, c, m } = world();
  away.turn("hangs");
  await expect(session.start(ascan(m, 1, 2, 1, 0, c)).done()).rejects.toThrow(
    "the data stream has not answered for 0.03 s: the scan is refused, nothing has moved",
  );
  expect(await m.position()).toBe(0);
  away.turn("on");
  expect(await session.start(loopscan(2, 0, c)).done()).toMatchObject({ points: 2 });
});

test.each(["hangs", "refuses"] as const)("one that %s in mid-scan: measured on, kept in a file, delivered later", async (how) => {
  const { away, session, c, files, said } = world();
  const run = session.start(loopscan(0, 0, c));
  for await (const _ of run) if (run.points > 100) break;
  away.turn(how);
  while (!said.some((line) => line.includes("goes on"))) await new Promise((resolve) => setTimeout(resolve, 1));
  const before = run.points;
  while (run.points < before + 100) await new Promise((resolve) => setImmediate(resolve));
  run.stop();
  expect(await run.ended).toMatchObject({ reason: "SUCCESS" }); // the scan does not wait for the sink
  expect(files().length).toBe(1);
  expect(said[0]).toMatch(new RegExp(`the data stream (has not answered|is full).*scan 1 goes on and is kept in ${folder}/.*\\.scan`));
  away.turn("on");
  while (files().length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(said.at(-1)).toBe("the data stream has got all of scan 1");
  const last = away.scans.at(-1)!;
  expect(last).toMatchObject(complete);
  expect(last.values("d:c")).toEqual(upTo(run.points));
}); // biome-ignore format: as the call

test("a store that came back empty gets the scan again from its beginning", async () => {
  const { away, session, c, said, sink } = world(100);
  const run = session.start(loopscan(0, 0, c));
  for await (const _ of run) if (run.points > 100) break;
  away.turn("hangs");
  while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  away.empty();
  away.turn("on");
  while (away.scans.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  run.stop();
  await run.done();
  while (away.scans[1]?.reason === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
  await sink[Symbol.asyncDispose]();
  expect(away.scans[1]).toMatchObject(complete);
  expect(away.scans[1]!.values("d:c")).toEqual(upTo(run.points));
});

test("what could not be delivered until the session ends is delivered by the next one", async () => {
  const { away, session, c, sink, spool, files, said } = world();
  const run = session.start(loopscan(50, 0, c), { chainPresets: [{ iteration: { start: (point) => void (point === 20 && away.turn("refuses")) } }] }); // biome-ignore format: one glance
  await run.done();
  await session[Symbol.asyncDispose]();
  await sink[Symbol.asyncDispose]();
  const [file] = files();
  expect(said.at(-1)).toBe(`scan 1 was not delivered to the data stream: it is kept in ${join(folder, file!)}`);
  await using next = spool();
  expect(await next.deliverLeft()).toBe(0); // its process, this one, lives: it would deliver it itself
  const gone = file!.replace(`-${process.pid}-`, "-999999999-");
  writeFileSync(join(folder, gone), (await import("node:fs")).readFileSync(join(folder, file!)));
  rmSync(join(folder, file!));
  away.turn("hangs");
  expect(await next.deliverLeft()).toBe(0);
  expect(files()).toEqual([gone]);
  away.turn("on");
  expect(await next.deliverLeft()).toBe(1);
  expect(files()).toEqual([]);
  expect(away.scans.at(-1)).toMatchObject(complete);
  expect(away.scans.at(-1)!.values("d:c")).toEqual(upTo(50));
});

test("a file that is none, or was cut, is named and stays", async () => {
  const { sink, said } = world();
  for (const [name, bytes] of [["a", []], ["b", [0, 0, 0, 200, 1]], ["c", [255, 255, 255, 255]], ["d", [0, 0, 0, 2, 7, 7]]] as const)
    writeFileSync(join(folder, `x-999999999-${name}.scan`), Uint8Array.from(bytes)); // biome-ignore format: a table
  expect(await sink.deliverLeft()).toBe(0);
  expect(said.length).toBe(4);
  for (const line of said)
    expect(line).toMatch(/\.scan could not be delivered to the data stream: .* is not a scan that was kept/);
});

test("more than fits into memory goes to the file, in order, and is forgotten when it was delivered", async () => {
  const away = switched();
  const sink = spooled(away.sink, { what: "s", folder, memory: 2000, most: 20_000, warn: () => {} });
  const session = new Session({ name: "test", sink });
  let n = 0;
  const { c } = softCounters("d", { c: () => n++ });
  await session.start(loopscan(100_000, 0, c)).done();
  expect(away.scans[0]!.values("d:c")).toEqual(upTo(100_000));
  expect(readdirSync(folder)).toEqual([]);
});
