// SPDX-License-Identifier: MIT
// What a camera server costs, in one run beside h5py and PyTango: frames of 2048 x 2048 pixels of 16 bits from the simulated
// camera through corrections and ROI counters into HDF5; how soon counters can be read; images read by PyTango.
// Run: node bench/lima.ts [FOLDER]
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { limaCCDs } from "../devices/lima/limaccds.ts";
import { roiCounter } from "../devices/lima/roi-counter.ts";
import { pixelKinds } from "../servers/lima/frame.ts";
import { connect } from "../tango/index.ts";
import { limaServer } from "../test/world/lima-server.ts";
import { python } from "../test/world/peers.ts";
import { freePort } from "../test/world/ports.ts";
import { delay, run } from "../test/world/process.ts";

const rounds = 3;
const frames = 60;
const [width, height] = [2048, 2048];
const megabytes = (width * height * 2) / 1e6;

const line = (what: string, ours: string, theirs = "", ratio = "") =>
  console.log(what.padEnd(62), ours.padStart(20), theirs.padStart(20), ratio.padStart(7));
const rate = (seconds: number) =>
  `${(frames / seconds).toFixed(0)} /s ${((frames * megabytes) / seconds).toFixed(0)} MB/s`;
const runPython = async (script: string, ...args: string[]) =>
  Number((await promisify(execFile)(python, [join(import.meta.dirname, "peers", script), ...args])).stdout);

const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), "bench-lima-"));
await using server = await limaServer();
await using camera = await connect(limaCCDs, server.trl("limaccds"), { timeout: 30_000 });
await using counter = await connect(roiCounter, server.trl("roicounter"), { timeout: 30_000 });
await using simulator = await connect(server.trl("simulator"), { timeout: 30_000 });

/** Seconds for `frames` frames, exposed for `exposure` seconds each. */
async function acquire(saving: boolean, exposure = 1e-6): Promise<number> {
  await camera.writeAttributes({ acq_nb_frames: frames, acq_expo_time: exposure });
  await camera.writeAttributes({ saving_mode: saving ? "AUTO_FRAME" : "MANUAL", saving_prefix: "f_" });
  await camera.call("prepareAcq");
  const start = performance.now();
  await camera.call("startAcq");
  while ((await camera.read("acq_status")) === "Running") await delay(2);
  const seconds = (performance.now() - start) / 1000;
  const status = await camera.read("acq_status");
  const counters = await camera.readAttributes(["last_image_ready", "last_image_saved"]);
  if (status !== "Ready") throw new Error(`${status}: ${await camera.read("acq_status_fault_error")}`);
  const [ready, saved] = counters.map(({ value }) => value);
  if (ready !== frames - 1 || (saving && saved !== frames - 1)) throw new Error(`${ready} ready, ${saved} saved`);
  return seconds;
}
async function best(measure: () => Promise<number>, turns: number): Promise<number> {
  let seconds = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < turns; turn++) {
    seconds = Math.min(seconds, await measure());
    for (const name of await readdir(folder)) await rm(join(folder, name));
  }
  return seconds;
}
const inMemory = () => best(() => acquire(false), rounds);

/** Frames saved here and by h5py, by turns: what else the machine does meets both. */
async function saved(compression: string): Promise<{ readonly ours: number; readonly theirs: number }> {
  let [ours, theirs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const peer = () => runPython("image-files.py", folder, String(frames), compression, "1");
  for (let round = 0; round < rounds; round++) {
    ours = Math.min(ours, await best(() => acquire(true), 2));
    theirs = Math.min(theirs, await best(peer, 2));
  }
  return { ours, theirs };
}

async function setRois(): Promise<void> {
  await counter.call("clearAllRois");
  await counter.call("Start");
  const names = Array.from({ length: 10 }, (_, i) => `r${i}`);
  const ids = await counter.call("addNames", names);
  const regions = Array.from(ids).flatMap((id, i) => [id, 150 * i, 150 * i, 100, 100]);
  await counter.call("setRois", regions);
}

/** Background, flat field and mask from files of our own making. */
async function correct(): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const files = mkdtempSync(join(tmpdir(), "bench-lima-"));
  stack.defer(() => rm(files, { recursive: true }));
  const plugins = [
    ["backgroundsubstraction", "setBackgroundFile", "UnsignedShort", pixelKinds.Bpp16.create(width * height).fill(3)],
    ["flatfield", "setFlatFieldFile", "FloatValue", pixelKinds.Bpp32F.create(width * height).fill(1.25)],
    ["mask", "setMaskFile", "UnsignedByte", pixelKinds.Bpp8.create(width * height).fill(1)],
  ] as const;
  for (const [level, [family, command, type, pixels]] of plugins.entries()) {
    const device = stack.use(await connect(server.trl(family)));
    const path = join(files, `${family}.edf`);
    const header = `{\nDataType = ${type} ;\nByteOrder = LowByteFirst ;\nDim_1 = ${width} ;\nDim_2 = ${height} ;\n`;
    await writeFile(path, Buffer.concat([Buffer.from(`${header.padEnd(1022)}}\n`), new Uint8Array(pixels.buffer)]));
    await device.write("RunLevel", level);
    await device.call(command, path);
    await device.call("Start");
    stack.defer(async () => void (await device.call("Stop")));
  }
  return stack.move();
}

/** Milliseconds from the end of an exposure (no later than it is) until its counters have been read through Tango. */
async function counterLatency(turns: number): Promise<Float64Array> {
  const exposure = 0.005;
  const took = new Float64Array(turns);
  await camera.writeAttributes({ acq_trigger_mode: "INTERNAL_TRIGGER_MULTI", acq_nb_frames: turns });
  await camera.writeAttributes({ acq_expo_time: exposure, saving_mode: "MANUAL" });
  await camera.call("prepareAcq");
  for (let turn = 0; turn < turns; turn++) {
    const start = performance.now();
    await camera.call("startAcq");
    while ((await counter.call("readCounters", turn)).length === 0);
    took[turn] = performance.now() - start - exposure * 1000;
    while (!(await camera.read("ready_for_next_image")));
  }
  await camera.write("acq_trigger_mode", "INTERNAL_TRIGGER");
  return took.sort();
}

const readImages = `
import sys, tango, time
camera = tango.DeviceProxy(sys.argv[1])
camera.set_timeout_millis(30000)
best = 1e9
for turn in range(30):
    start = time.perf_counter()
    size = len(camera.readImage(-1)[1])
    best = min(best, time.perf_counter() - start)
print(size / best / 1e6)
`;
async function imageRate(trl: string): Promise<number> {
  return Number((await promisify(execFile)(python, ["-c", readImages, trl])).stdout);
}

line("2048 x 2048 uint16, frames and bytes a second", "ours", "peer", "ours/peer");
await simulator.write("frame_dim", [width, height, 2]);
await simulator.write("grow_factor", 0);
await simulator.write("peaks", [1024, 1024, 100, 1000]);
await simulator.write("nb_prefetched_frames", 4);
await simulator.write("mode", "GENERATOR_PREFETCH");
await camera.writeAttributes({ saving_directory: folder, saving_format: "HDF5", saving_frame_per_file: 1000 });
await camera.write("saving_overwrite_policy", "OVERWRITE");
line("camera to memory", rate(await inMemory()));
await setRois();
line("with 10 ROI counters", rate(await inMemory()));
for (const [format, compression] of [
  ["HDF5", "none"],
  ["HDF5BS", "bslz4"],
] as const) {
  await camera.write("saving_format", format);
  const { ours, theirs } = await saved(compression);
  line(`with 10 ROI counters, saved as ${format} | h5py`, rate(ours), rate(theirs), (theirs / ours).toFixed(2));
}
{
  await using _corrections = await correct();
  const seconds = await inMemory();
  line("background, flat field, mask, 10 ROI counters", rate(seconds));
  const period = (seconds / frames) * 1.25;
  const took = await acquire(false, period);
  const late = (100 * (took / (frames * period) - 1)).toFixed(1);
  line("  at 0.8 of that rate, by the camera's clock", `0 lost, ${late} % late`);
}
const took = await counterLatency(300);
const at = (part: number) => `${took[Math.floor(took.length * part)]?.toFixed(2)} ms`;
line("end of exposure to 10 counters read through Tango, p50 | p99", at(0.5), at(0.99));
const port = await freePort();
const images = ["b", "-nodb", "-dlist", "a/images/1", "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
await using peer = await run(python, [join(import.meta.dirname, "peers/image-server.py"), ...images], {
  ready: /Ready to accept request/,
});
void peer;
let [ours, theirs] = [0, 0];
for (let round = 0; round < rounds; round++) {
  ours = Math.max(ours, await imageRate(server.trl("limaccds")));
  theirs = Math.max(theirs, await imageRate(`tango://127.0.0.1:${port}/a/images/1#dbase=no`));
}
line(
  "readImage by PyTango | from a PyTango server",
  `${ours.toFixed(0)} MB/s`,
  `${theirs.toFixed(0)} MB/s`,
  (ours / theirs).toFixed(2),
);
rmSync(folder, { recursive: true });
