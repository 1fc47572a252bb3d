// SPDX-License-Identifier: MIT
// What a camera server costs: simulator -> corrections -> ROI counters -> HDF5, beside h5py writing the same frames; and
// images read through Tango by PyTango. Run: node bench/lima.ts
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { limaCCDs } from "../devices/lima/limaccds.ts";
import { roiCounter } from "../devices/lima/roi-counter.ts";
import { connect } from "../tango/index.ts";
import { limaServer } from "../test/world/lima-server.ts";
import { python } from "../test/world/peers.ts";

const line = (name: string, figure: string) => console.log(name.padEnd(66), figure.padStart(12));
const frames = 100;
const [width, height] = [2048, 2048];
const megabytes = (frames * width * height * 2) / 1e6;

const folder = mkdtempSync(join(tmpdir(), "bench-lima-"));
await using server = await limaServer();
await using camera = await connect(limaCCDs, server.trl("limaccds"), { timeout: 30_000 });
await using counter = await connect(roiCounter, server.trl("roicounter"), { timeout: 30_000 });
await using simulator = await connect(server.trl("simulator"), { timeout: 30_000 });

/** Acquires `count` frames as fast as they come, in seconds; each is `exposure` seconds long. */
async function acquire(count: number, saving: boolean, exposure = 1e-6): Promise<number> {
  await camera.write("acq_nb_frames", count);
  await camera.write("acq_expo_time", exposure);
  await camera.write("saving_mode", saving ? "AUTO_FRAME" : "MANUAL");
  await camera.write("saving_prefix", `f${Math.random().toString(36).slice(2)}_`);
  await camera.call("prepareAcq");
  const start = performance.now();
  await camera.call("startAcq");
  while ((await camera.read("acq_status")) === "Running") await new Promise((resolve) => setTimeout(resolve, 2));
  const status = await camera.read("acq_status");
  if (status !== "Ready") throw new Error(`${status}: ${await camera.read("acq_status_fault_error")}`);
  return (performance.now() - start) / 1000;
}

async function throughput(what: string, saving: boolean): Promise<void> {
  const took = [await acquire(frames, saving), await acquire(frames, saving), await acquire(frames, saving)];
  const best = Math.min(...took);
  line(what, `${(frames / best).toFixed(0)} /s`);
  line("", `${(megabytes / best).toFixed(0)} MB/s`);
}

async function setRois(): Promise<void> {
  await counter.call("clearAllRois");
  await counter.call("Start");
  const ids = await counter.call(
    "addNames",
    Array.from({ length: 10 }, (_, i) => `r${i}`),
  );
  await counter.call(
    "setRois",
    Array.from(ids).flatMap((id, i) => [id, 150 * i, 150 * i, 100, 100]),
  );
}

/** Milliseconds from the end of an exposure until its counters can be read through Tango. */
async function counterLatency(turns: number): Promise<number[]> {
  const exposure = 0.002;
  const took: number[] = [];
  await camera.write("acq_trigger_mode", "INTERNAL_TRIGGER_MULTI");
  await camera.write("acq_nb_frames", turns);
  await camera.write("acq_expo_time", exposure);
  await camera.call("prepareAcq");
  for (let turn = 0; turn < turns; turn++) {
    const start = performance.now();
    await camera.call("startAcq");
    while ((await counter.call("readCounters", turn)).length === 0);
    took.push(performance.now() - start - exposure * 1000);
    while (!(await camera.read("ready_for_next_image")));
  }
  await camera.write("acq_trigger_mode", "INTERNAL_TRIGGER");
  return took.sort((a, b) => a - b);
}

const h5py = `
import h5py, numpy, sys, time
frame = numpy.random.default_rng(1).integers(0, 1000, (${height}, ${width})).astype("uint16")
best = 1e9
for turn in range(3):
    start = time.perf_counter()
    with h5py.File(f"{sys.argv[1]}/h5py{turn}.h5", "w") as file:
        data = file.create_dataset("data", (0, ${height}, ${width}), "uint16", maxshape=(None, ${height}, ${width}), chunks=(1, ${height}, ${width}))
        for i in range(${frames}):
            data.resize(i + 1, axis=0)
            data[i] = frame
    best = min(best, time.perf_counter() - start)
print(best)
`;
const pyTango = `
import sys, tango, time
camera = tango.DeviceProxy(sys.argv[1])
camera.set_timeout_millis(30000)
best = 1e9
for turn in range(20):
    start = time.perf_counter()
    size = len(camera.readImage(-1)[1])
    best = min(best, time.perf_counter() - start)
print(size / best / 1e6)
`;
const runPython = (...args: string[]) => Number(execFileSync(python, ["-c", ...args], { encoding: "utf8" }));

await simulator.write("frame_dim", [width, height, 2]);
await simulator.write("nb_prefetched_frames", 4);
await simulator.write("mode", "GENERATOR_PREFETCH");
await camera.write("saving_directory", folder);
await camera.write("saving_format", "HDF5");
await camera.write("saving_frame_per_file", 1000);
await throughput("2048 x 2048 uint16: camera to memory", false);
await setRois();
await throughput("with 10 ROI counters of 100 x 100 pixels", false);
await throughput("with 10 ROI counters, saved as HDF5", true);
const seconds = runPython(h5py, folder);
line("h5py writing as many such frames", `${(frames / seconds).toFixed(0)} /s`);
const took = await counterLatency(200);
line("end of exposure to counters read through Tango, median", `${took[100]?.toFixed(2)} ms`);
line("the same, 99 of 100 within", `${took[198]?.toFixed(2)} ms`);
line("readImage of 8 MiB by PyTango", `${runPython(pyTango, server.trl("limaccds")).toFixed(0)} MB/s`);
rmSync(folder, { recursive: true });
