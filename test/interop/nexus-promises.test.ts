// SPDX-License-Identifier: MIT
// What the writer promises of a running scan, seen by h5py: points are there within a second, a file that is held is tried
// again, another scan's entry is left alone, a full disk pauses the writing.
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import type { Channel, ScanCreated, ScanSink } from "../../scanning/index.ts";
import { type NexusSinkOptions, nexusSink } from "../../writers/index.ts";
import { describeWith, python } from "../world/peers.ts";
import { delay, run } from "../world/process.ts";

const folder = mkdtempSync(join(tmpdir(), "bandoneon-promises-"));
afterAll(() => rmSync(folder, { recursive: true }));

const channels: Channel[] = [
  { fullname: "mca", name: "mca", device: "0:mca", dim: 1, dtype: "float64", shape: [4096], encoding: "numeric" },
];
function created(path: string, title = "loopscan"): ScanCreated {
  const entry = { type: "group", children: { title, start_time: title, mca: { type: "stream", stream: "mca" } } };
  const names = { session: null, proposal: null, collection: null, dataset: null };
  return {
    identity: { name: "loopscan", number: 1, dataPolicy: "None", ...names, path },
    info: { save: true, h5maps: { [path]: { type: "group", children: { "1.1": entry } } } },
    channels,
  };
}
const begin = (scan: ScanSink, { info }: ScanCreated) =>
  scan.write([{ type: "prepared", info, channels }, { type: "started" }]);
const end = (scan: ScanSink, { info }: ScanCreated) =>
  scan.write([{ type: "stopped" }, { type: "closed", reason: "SUCCESS", info }]);
const points = (scan: ScanSink, first: number, count: number) =>
  scan.write([
    {
      type: "data",
      blocks: [{ channel: 0, first, points: count, values: new Float64Array(4096 * count).map(Math.random) }],
    },
  ]);
const rows = async (path: string): Promise<number> => {
  const look = "import sys, h5py; print(h5py.File(sys.argv[1], 'r', locking=False)['1.1/mca'].shape[0])";
  return Number((await promisify(execFile)(python, ["-c", look, path])).stdout);
};
const openAgainAndAgain = `import sys, json, h5py, numpy
wrong, lengths, again = [], [], 0
for _ in range(int(sys.argv[2])):
    try:
        with h5py.File(sys.argv[1], "r", locking=False) as f:
            length = len(f["1.1/mca"])
            first = max(0, length - 16)
            data = f["1.1/mca"][first:length]
            lengths.append(length)
            if not numpy.array_equal(data, numpy.arange(first, length)[:, None].repeat(4096, 1)): wrong.append(length)
    except Exception as error:
        if "addr overflow" in str(error): again += 1
        else: wrong.append(str(error))
print(json.dumps({"again": again, "wrong": wrong, "grown": lengths[-1] > lengths[0]}))`;
const followOpenFile = `import sys, time, h5py, numpy
data = h5py.File(sys.argv[1], "r", swmr=True)["1.1/mca"]
print("has", len(data), flush=True)
while len(data) < 40:
    time.sleep(0.01)
    data.refresh()
print(f"followed to {len(data)}", flush=True)`;
const sinkWith = (options: NexusSinkOptions = {}) =>
  nexusSink({ warn: () => {}, room: { reserve: 0, period: 50 }, ...options });

describeWith(["h5py"], "the writer", () => {
  const small = join(folder, "small");
  mkdirSync(small);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16m", "bandoneon", small]).status === 0;
  if (!mounted) console.log("skipped: the full disk needs the right to mount a file system in memory");
  if (mounted) afterAll(() => execFileSync("umount", [small]));

  test("lets readers follow an open file where that was asked for (SWMR)", async () => {
    const path = join(folder, "followed.h5");
    await using sink = await sinkWith({ adapter: "libhdf5", swmr: true, flushPeriod: 20 });
    await using scan = await sink.open(created(path));
    await begin(scan, created(path));
    await points(scan, 0, 1);
    await using reader = await run(python, ["-c", followOpenFile, path], { ready: /has \d/ });
    for (let first = 1; first < 40; first++) {
      await points(scan, first, 1);
      await delay(5);
    }
    expect(await reader.exited).toBe(0);
    expect(reader.output()).toMatch(/followed to 40/);
    await end(scan, created(path));
    await scan[Symbol.asyncDispose]();
    const title = "import sys, h5py; print(h5py.File(sys.argv[1], 'r+')['1.1/title'][()].decode())";
    expect((await promisify(execFile)(python, ["-c", title, path])).stdout.trim()).toBe("loopscan");
  });

  describe.each(["libhdf5", "h5wasm"] as const)("with %s", (adapter) => {
    test("shows points within a second", async () => {
      const path = join(folder, `${adapter}-live.h5`);
      await using sink = await sinkWith({ adapter });
      await using scan = await sink.open(created(path));
      await begin(scan, created(path));
      await points(scan, 0, 3);
      await expect.poll(() => rows(path), { timeout: 2500, interval: 50 }).toBe(3);
      await points(scan, 3, 2);
      await expect.poll(() => rows(path), { timeout: 2500, interval: 50 }).toBe(5);
      await end(scan, created(path));
    });

    test("is read without locks at any moment: every point that is there is right", async () => {
      const path = join(folder, `${adapter}-unlocked.h5`);
      // Many more flushes than usual: a reader that opens the file again and again meets them all.
      await using sink = await sinkWith({ adapter, flushPeriod: 10, gzip: 0 });
      await using scan = await sink.open(created(path));
      await begin(scan, created(path));
      const ended = new AbortController();
      const writing = (async () => {
        for (let first = 0; !ended.signal.aborted; first++) {
          const values = new Float64Array(4096).fill(first);
          await scan.write([{ type: "data", blocks: [{ channel: 0, first, points: 1, values }] }]);
          await delay(2);
        }
      })();
      await expect.poll(() => rows(path), { timeout: 5000 }).toBeGreaterThan(0);
      const { stdout } = await promisify(execFile)(python, ["-c", openAgainAndAgain, path, "150"]);
      ended.abort();
      await writing;
      await end(scan, created(path));
      const { wrong, again, grown } = JSON.parse(stdout);
      // Who reads while the file grows beyond what it was when it was opened is told so, and opens it again.
      expect(again).toBeLessThan(15);
      expect([wrong, grown]).toEqual([[], true]);
    });

    test("leaves an entry of another scan alone, and says so before the scan begins", async () => {
      const path = join(folder, `${adapter}-there.h5`);
      await using sink = await sinkWith({ adapter });
      {
        await using scan = await sink.open(created(path, "first"));
        await begin(scan, created(path, "first"));
        await points(scan, 0, 2);
        await end(scan, created(path, "first"));
      }
      await using second = await sink.open(created(path, "second"));
      await expect(begin(second, created(path, "second"))).rejects.toThrow(/has an entry 1\.1 of another scan/);
      expect(await rows(path)).toBe(2);
    });

    test("waits for a file that another program holds", async () => {
      const path = join(folder, `${adapter}-held.h5`);
      const hold = `import sys, os, time, h5py
f = h5py.File(sys.argv[1], "w")
print("held", flush=True)
while not os.path.exists(sys.argv[1] + ".release"): time.sleep(0.02)
f.close()`;
      await using _holder = await run(python, ["-c", hold, path], { ready: /held/ });
      const said: string[] = [];
      await using sink = await sinkWith({ adapter, warn: (message) => said.push(message) });
      const opening = sink.open(created(path));
      await expect.poll(() => said.length, { timeout: 10_000 }).toBeGreaterThan(0);
      writeFileSync(`${path}.release`, "");
      await using scan = await opening;
      await begin(scan, created(path));
      await end(scan, created(path));
      expect(said[0]).toContain(path);
    });

    test.skipIf(!mounted)("pauses while the disk is full, and goes on", async () => {
      const filler = join(small, "filler");
      writeFileSync(filler, Buffer.alloc(9 << 20));
      const path = join(small, `${adapter}.h5`);
      const said: string[] = [];
      const options = {
        gzip: 0,
        room: { reserve: 4 << 20, period: 50 },
        warn: (message: string) => void said.push(message),
      };
      await using sink = await sinkWith({ adapter, ...options });
      await using scan = await sink.open(created(path));
      await begin(scan, created(path));
      let done = false;
      const writing = (async () => {
        for (let first = 0; first < 200; first += 20) {
          await points(scan, first, 20);
          await delay(60);
        }
        await end(scan, created(path));
        done = true;
      })();
      await expect.poll(() => said.join(), { timeout: 10_000 }).toMatch(/writing waits for room/);
      expect(done).toBe(false);
      const { bavail, bsize } = statfsSync(small);
      expect(bavail * bsize).toBeGreaterThan(0); // it never came to a write that fails
      rmSync(filler);
      await writing;
      expect(said.join()).toMatch(/has room again/);
      expect(await rows(path)).toBe(200);
      await scan[Symbol.asyncDispose]();
      rmSync(path);
    });
  });
});
