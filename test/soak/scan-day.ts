// SPDX-License-Identifier: MIT
// A day of loopscan points at 100 Hz, as fast as they go, into a NeXus file and through the spool: memory must be flat.
// node test/soak/scan-day.ts [points, default 8640000]
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { basicPolicy, loopscan, Session, sinksTogether, softCounters, spooled } from "../../scanning/index.ts";
import { nexusSink } from "../../writers/index.ts";

const points = Number(process.argv[2] ?? 8_640_000);
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const used = () => {
  collect();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heap: (heapUsed + arrayBuffers) / 1e6, rss: rss / 1e6 };
};

const folder = mkdtempSync(join(tmpdir(), "scan-day-"));
try {
  const warn = (message: string) => console.log(message);
  const file = await nexusSink();
  const spool = (what: string) => ({ what, folder: join(folder, "spool", what), warn });
  await using kept = spooled(file, spool("file"));
  // A reader of the data stream that keeps nothing.
  const nowhere = { open: async () => ({ write: async () => {}, [Symbol.asyncDispose]: async () => {} }) };
  await using stream = spooled(nowhere, spool("stream"));
  let n = 0;
  const count = () => n++;
  const counters = Object.values(softCounters("d", { a: count, b: count, c: count, d: count, e: count }));
  const policy = basicPolicy("soak", { base_path: folder });
  await using session = new Session({ name: "soak", policy, sink: sinksTogether(kept, stream), warn });
  const run = session.start(loopscan(0, 0, ...counters));
  await run.opened();
  const seen: { heap: number; rss: number }[] = [];
  for (let tenth = 1; tenth <= 10; tenth++) {
    while (run.points < (points * tenth) / 10) await new Promise((resolve) => setTimeout(resolve, 50));
    const now = used();
    seen.push(now);
    console.log(`${run.points} points: heap and buffers ${now.heap.toFixed(0)} MB, resident ${now.rss.toFixed(0)} MB`);
  }
  run.stop();
  await run.done();
  console.log(`file: ${(statSync(join(folder, "soak/data.h5")).size / 1e6).toFixed(0)} MB, ${run.points} points`);
  // Half-way all that is kept of a running scan has come together.
  if (seen.at(-1)!.heap > seen[4]!.heap + 30) {
    console.error("memory grows with the points");
    process.exitCode = 1;
  }
  await session[Symbol.asyncDispose]();
  await file[Symbol.asyncDispose]();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
