// SPDX-License-Identifier: MIT
// The writer as a process, killed with kill -9 again and again while scans run, at moments drawn from a seed: each scan is
// in its file in the end, every point once. BANDONEON_KILLS says how often (default 8), BANDONEON_SEED where it starts.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type DataStore, numeric, openDataStore, startStore } from "../../writers/index.ts";
import { describeWith, python } from "../world/peers.ts";
import { delay, run } from "../world/process.ts";

const main = join(import.meta.dirname, "../../cli/main.ts");
const kills = Number(process.env.BANDONEON_KILLS ?? 8);

/** Numbers from 0 to 1: mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const writer = (url: string, adapter: string) =>
  run(process.execPath, [main, "writer", "run", "--stream", url, "--hdf5", adapter], { ready: /Writing the scans/ });

/** Publishes scans, one after the other into one file, until told to end. @returns points of each */
async function publish(store: DataStore, path: string, ended: AbortSignal): Promise<Map<number, number>> {
  const points = new Map<number, number>();
  for (let number = 1; !ended.aborted; number++) {
    const maps = (status: string) => {
      const channels = { diode: { type: "stream", stream: "diode" }, mca: { type: "stream", stream: "mca" } };
      const written = { type: "group", children: { status } };
      const entry = { type: "group", children: { title: `scan ${number}`, ...channels, writer: written } };
      return { [path]: { type: "group", children: { [`${number}.1`]: entry } } };
    };
    const identity = { name: "timescan", number, data_policy: "None", path };
    await using scan = await store.createScan(identity, { save: true });
    const diode = scan.createStream("diode", numeric("float64"));
    const mca = scan.createStream("mca", numeric("uint32", { shape: [512] }));
    await scan.prepare({ save: true, h5maps: maps("RUNNING") });
    await scan.start();
    let point = 0;
    for (; point < 1500 && !ended.aborted; point++) {
      diode.send(point);
      mca.send(new Uint32Array(512).fill(point));
      if (point % 5 === 0) await delay(3);
    }
    await scan.stop();
    await scan.close({ save: true, h5maps: maps("SUCCEEDED") });
    points.set(number, point);
  }
  return points;
}

const judge = `import sys, json, h5py, numpy
f = h5py.File(sys.argv[1])
out = {}
for name in f:
    n = len(f[name]["diode"])
    right = numpy.array_equal(f[name]["diode"], numpy.arange(n)) and numpy.array_equal(f[name]["mca"], numpy.arange(n)[:, None].repeat(512, 1))
    out[name[:-2]] = [n, bool(right), f[name]["writer/status"][()].decode()]
print(json.dumps(out))`;

describeWith(["h5py"], "the writer, killed", () => {
  test.each(["libhdf5", "h5wasm"])(
    "with %s at seeded moments has every point of every scan once",
    async (adapter) => {
      await using stack = new AsyncDisposableStack();
      const folder = mkdtempSync(join(tmpdir(), "bandoneon-kills-"));
      stack.defer(() => rmSync(folder, { recursive: true, force: true }));
      const path = join(folder, "data.h5");
      const server = stack.use(await startStore({ port: 0 }));
      const store = stack.use(await openDataStore(server.url, { init: true }));
      const next = random(Number(process.env.BANDONEON_SEED ?? 1));
      const ending = new AbortController();
      // From its first run on, a writer takes up every scan.
      await using first = await writer(server.url, adapter);
      await first.stop("SIGKILL");
      const publishing = publish(store, path, ending.signal);
      const said: string[] = [];
      for (let kill = 0; kill < kills; kill++) {
        await using victim = await writer(server.url, adapter);
        await delay(900 * next());
        await victim.stop("SIGKILL");
        said.push(victim.output());
      }
      ending.abort();
      const points = await publishing;
      await using last = await writer(server.url, adapter);
      const promised = async () =>
        JSON.parse(String(await store.connection.call(["GET", "bandoneon:writer:command-line"])));
      const kept = { scans: [], timetag: await store.lastTimetag() };
      await expect.poll(promised, { timeout: 60_000, interval: 100 }).toEqual(kept);
      expect([...said, last.output()].join("\n")).not.toMatch(/failed/);
      await last.stop();
      const { stdout } = await promisify(execFile)(python, ["-c", judge, path]);
      const expected = [...points].map(([number, count]) => [String(number), [count, true, "SUCCEEDED"]]);
      expect(JSON.parse(stdout)).toEqual(Object.fromEntries(expected));
    },
    60_000 + kills * 4000,
  );
});
