// SPDX-License-Identifier: MIT
// The scan of an hour, 20 channels at 1 kHz, without waiting for the clock: `node test/soak/stream-hour.ts [POINTS]`. The
// embedded store with little memory, the publisher and the file writer are processes of their own; the memory of each must
// stay what it was in the first half, and every point must be in the file. A broken promise exits 1.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { numeric, openDataStore } from "../../writers/index.ts";
import { embeddedStore } from "../world/embedded-store.ts";
import { python } from "../world/peers.ts";
import { delay, run } from "../world/process.ts";

const points = Number(process.argv[2] ?? 3_600_000);
/** What comes in 20 ms. */
const batch = 20;
/** A reader that falls further behind than this loses points: no beamline is as fast as this test. */
const furthestAhead = 100_000;
const names = Array.from({ length: 20 }, (_, index) => `c${index}`);
const folder = mkdtempSync(join(tmpdir(), "bandoneon-hour-"));
const path = join(folder, "hour.h5");

/** Resident memory in MB. */
const memoryOf = (pid: number | undefined): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024);

const judge = `import sys, json, h5py, numpy
f = h5py.File(sys.argv[1])["1.1"]
print(json.dumps([[len(f[n]), bool(numpy.array_equal(f[n], numpy.arange(len(f[n]))))] for n in f]))`;

try {
  await using server = await embeddedStore(["--memory", "256mb", "--protect", "2"]);
  const writing = ["cli/main.ts", "writer", "run", "--stream", server.url];
  const cwd = join(import.meta.dirname, "../..");
  await using writer = await run(process.execPath, writing, { cwd, ready: /Writing the scans/ });
  await using store = await openDataStore(server.url, { init: true });
  const children = Object.fromEntries(names.map((name) => [name, { type: "stream", stream: name }]));
  const h5maps = { [path]: { type: "group", children: { "1.1": { type: "group", children } } } };
  const identity = { name: "timescan", number: 1, data_policy: "None", path };
  await using scan = await store.createScan(identity, { save: true });
  const streams = names.map((name) => scan.createStream(name, numeric("float64")));
  await scan.prepare({ save: true, npoints: points, h5maps });
  await scan.start();

  const written = async () => {
    const look = "import sys, h5py; print(len(h5py.File(sys.argv[1], 'r', locking=False)['1.1/c0']))";
    const answer = await promisify(execFile)(python, ["-c", look, path]).catch(() => ({ stdout: "0" }));
    return Number(answer.stdout);
  };
  const memory = () => ({
    publisher: memoryOf(process.pid),
    store: memoryOf(server.process.child.pid),
    writer: memoryOf(writer.child.pid),
  });
  const samples: ReturnType<typeof memory>[] = [];
  const begun = performance.now();
  for (let first = 0; first < points; first += batch) {
    const block = Float64Array.from({ length: batch }, (_, index) => first + index);
    for (const stream of streams) stream.send(block);
    if (scan.full) await scan.room();
    if (first % 50_000 === 0) {
      await scan.flush();
      while (first - (await written()) > furthestAhead) await delay(200);
    }
    if ((first / batch) % Math.round(points / batch / 20) === 0) {
      samples.push(memory());
      console.log(`${first} points after ${((performance.now() - begun) / 1000).toFixed(0)} s, MB:`, samples.at(-1));
    }
  }
  await scan.stop();
  await scan.close({ save: true, npoints: points, h5maps });
  while (!/complete/.test(writer.output())) await delay(100);
  samples.push(memory());
  console.log(writer.output());

  const { stdout } = await promisify(execFile)(python, ["-c", judge, path]);
  const whole = (JSON.parse(stdout) as [number, boolean][]).every(([length, right]) => length === points && right);
  console.log(whole ? "every point of 20 channels is in the file" : `points are missing: ${stdout}`);
  if (!whole) process.exitCode = 1;
  for (const name of ["publisher", "store", "writer"] as const) {
    const most = (part: typeof samples) => Math.max(...part.map((sample) => sample[name]));
    const half = samples.length >> 1;
    const [early, late] = [most(samples.slice(0, half)), most(samples.slice(half))];
    const flat = late <= early * 1.3 + 20;
    console.log(`${name}: ${early} MB at most in the first half, ${late} MB later${flat ? "" : ": it grows"}`);
    if (!flat) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
