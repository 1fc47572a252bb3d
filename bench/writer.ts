// SPDX-License-Identifier: MIT
// Writing scans into files beside blisswriter 3.0.0 and h5py, in one run and on one disk; medians of rounds in turn.
// Run: node bench/writer.ts [FOLDER]
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { promisify } from "node:util";
import { python } from "../test/world/peers.ts";
import { delay, run } from "../test/world/process.ts";
import { type RedisServer, redisStack } from "../test/world/redis-stack.ts";
import {
  type AdapterName,
  type DataStore,
  type NexusSink,
  nexusSink,
  numeric,
  openDataStore,
  type WritingService,
  writingService,
} from "../writers/index.ts";
import { blissdata, blissdataProgram, line, median, told, workOf } from "./blissdata.ts";

const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), "bandoneon-bench-"));
let files = 0;
const newFile = () => join(folder, `${++files}.h5`);
const rounds = 3;

/** The same work of ours and of the peer, in turn; the medians. */
async function inTurn(ours: () => Promise<number>, theirs: () => Promise<number>): Promise<[number, number]> {
  const all: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    all[0].push(await ours());
    all[1].push(await theirs());
  }
  return [median(all[0]), median(all[1])];
}
const seconds = (value: number): string => `${value.toFixed(3)} s`;

interface Data {
  readonly channels: readonly string[];
  readonly dtype: string;
  readonly shape: readonly number[];
}
/** Begins a scan whose map puts each channel into one group. */
async function begin(store: DataStore, { channels, dtype, shape }: Data) {
  const path = newFile();
  const children = Object.fromEntries(channels.map((name) => [name, { type: "stream", stream: name }]));
  const entry = { type: "group", children };
  const scan = await store.createScan({ name: "bench", number: 1, data_policy: "None", path }, { save: true });
  const streams = channels.map((name) => scan.createStream(name, numeric(dtype, { shape })));
  await scan.prepare({ save: true, h5maps: { [path]: { type: "group", children: { "1.1": entry } } } });
  await scan.start();
  return { scan, streams };
}
const scalars: Data = { channels: Array.from({ length: 20 }, (_, i) => `c${i}`), dtype: "float64", shape: [] };

async function publishScalars(store: DataStore, points: number, flushed: number): Promise<string> {
  const { scan, streams } = await begin(store, scalars);
  for (let point = 0; point < points; point++) {
    for (const stream of streams) stream.send(point);
    if (point % flushed === 0) await scan.flush();
  }
  await scan.stop();
  await scan.close();
  return scan.key;
}
async function publishSpectra(store: DataStore, count: number, size: number): Promise<string> {
  const { scan, streams } = await begin(store, { channels: ["mca"], dtype: "uint32", shape: [size] });
  for (let i = 0; i < count; i++)
    streams[0]?.send(Uint32Array.from({ length: size }, (_, channel) => (channel * 7919) % (i + 1000)));
  await scan.stop();
  await scan.close();
  return scan.key;
}

/** Seconds a running writer of ours needs for a scan that is in the store. */
async function write(service: WritingService, key: string): Promise<number> {
  const start = performance.now();
  await service.request(key);
  const status = await service.done(key);
  if (status?.reason !== "Complete") throw new Error(status?.reason);
  return (performance.now() - start) / 1000;
}

/** A scan in the store, written by both: the second one finds no file, since the first one's is taken away. */
async function offline(server: RedisServer, store: DataStore, what: string, key: string): Promise<void> {
  const path = String((await store.loadScan(key)).identity.path);
  const ours = async () => {
    await using service = await writingService(store);
    const time = await write(service, key);
    rmSync(path);
    return time;
  };
  const theirs = async () => {
    const { seconds } = await blissdata("write", server.url, key);
    rmSync(path);
    return seconds;
  };
  const [mine, other] = await inTurn(ours, theirs);
  line(`from the stream: ${what}`, seconds(mine), seconds(other), mine / other);
}

/** From the first point published until the file is complete, publisher and writer in one process. */
async function liveOurs(store: DataStore, points: number): Promise<number> {
  await using service = await writingService(store, { listen: true });
  const start = performance.now();
  const { scan, streams } = await begin(store, scalars);
  for (let point = 0; point < points; point++) {
    for (const stream of streams) stream.send(point);
    await turn();
  }
  await scan.stop();
  await scan.close();
  const status = await service.done(scan.key);
  if (status?.reason !== "Complete") throw new Error(status?.reason);
  return (performance.now() - start) / 1000;
}

/** The same with blissdata and blisswriter, each in a process of its own. */
async function liveTheirs(server: RedisServer, points: number): Promise<number> {
  const listening = [blissdataProgram, "write", `${server.url}?protocol=2`];
  await using writer = await run(python, listening, { ready: /listening/ });
  const { begun } = await blissdata("publish", server.url, 20, points, 1, newFile());
  while (!told.test(writer.output())) await delay(10);
  await writer.stop("SIGKILL");
  const { ended, state } = workOf(writer.output());
  if (state !== "COMPLETE") throw new Error(`blisswriter: ${writer.output()}`);
  return ended - begun;
}

async function live(server: RedisServer, store: DataStore, points: number): Promise<void> {
  const ours = () => liveOurs(store, points);
  const [mine, other] = await inTurn(ours, () => liveTheirs(server, points));
  line(`live, point by point: ${points} points x 20 scalars`, seconds(mine), seconds(other), mine / other);
}

const h5pyFrames = `import sys, time, h5py, numpy
frame = numpy.arange(1_000_000, dtype="<u2").reshape(1000, 1000)
start = time.perf_counter()
with h5py.File(sys.argv[1], "w") as f:
    d = f.create_dataset("d", (0, 1000, 1000), "<u2", maxshape=(None, 1000, 1000), chunks=(1, 1000, 1000))
    for i in range(200):
        d.resize(i + 1, 0)
        d[i] = frame
print(time.perf_counter() - start)`;

/** MB/s of a scan that keeps 200 frames in its file, uncompressed. */
async function frames(sink: NexusSink): Promise<number> {
  const path = newFile();
  const channels = [
    { fullname: "cam", name: "cam", device: "0:cam", dim: 2, dtype: "uint16", shape: [1000, 1000], encoding: "numeric" },
  ] as const; // biome-ignore format: one record
  const entry = { type: "group", children: { cam: { type: "stream", stream: "cam" } } };
  const info = { save: true, h5maps: { [path]: { type: "group", children: { "1.1": entry } } } };
  const identity = {
    name: "bench", number: 1, dataPolicy: "None", session: null, proposal: null, collection: null, dataset: null, path,
  }; // biome-ignore format: one record
  const frame = Uint16Array.from({ length: 1_000_000 }, (_, i) => i);
  const start = performance.now();
  {
    await using scan = await sink.open({ identity, info, channels });
    await scan.write([{ type: "prepared", info, channels }, { type: "started" }]);
    for (let first = 0; first < 200; first++)
      await scan.write([{ type: "data", blocks: [{ channel: 0, first, points: 1, values: frame }] }]);
    await scan.write([{ type: "stopped" }, { type: "closed", reason: "SUCCESS", info }]);
  }
  const rate = 400 / ((performance.now() - start) / 1000);
  rmSync(path);
  return rate;
}

/** The same in a loop of h5py. */
async function framesOfH5py(): Promise<number> {
  const path = newFile();
  const { stdout } = await promisify(execFile)(python, ["-c", h5pyFrames, path]);
  rmSync(path);
  return 400 / Number(stdout);
}

async function framesBeside(adapter: AdapterName): Promise<void> {
  await using sink = await nexusSink({ adapter, gzip: 0 });
  const [ours, theirs] = await inTurn(() => frames(sink), framesOfH5py);
  const shown = [ours, theirs].map((rate) => `${rate.toFixed(0)} MB/s`);
  line(`200 frames 1000 x 1000 u2, ${adapter} (h5py)`, shown[0] ?? "", shown[1] ?? "", ours / theirs);
}

try {
  await using server = await redisStack();
  await using store = await openDataStore(server.url, { init: true });
  console.log("".padEnd(52), "ours".padStart(16), "blisswriter".padStart(16), "ratio".padStart(9));
  await live(server, store, 10_000);
  await offline(server, store, "10,000 x 20 scalars, single", await publishScalars(store, 10_000, 1));
  await offline(server, store, "10,000 x 20 scalars, by 100", await publishScalars(store, 10_000, 100));
  await offline(server, store, "1,000 spectra of 4,096", await publishSpectra(store, 1000, 4096));
  for (const adapter of ["libhdf5", "h5wasm"] as const) await framesBeside(adapter);
} finally {
  rmSync(folder, { recursive: true });
}
