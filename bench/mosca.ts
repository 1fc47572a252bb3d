// SPDX-License-Identifier: MIT
// Points a second of 8 detectors x 4096 channels with 10 summed ROIs, blocks of 100, gated by the simulator's own clock:
// our server and, when it is there, the simulated FalconX of the original, one after the other with the same client. And
// the time from start_acq to the ROI value of one point of 10 ms. Run: node bench/mosca.ts
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { mosca } from "../devices/index.ts";
import { gateModes, statuses, triggerModes } from "../devices/mosca/words.ts";
import { connect, type DeviceProxy } from "../tango/index.ts";
import { moscaWorld } from "../test/world/mosca.ts";
import { originalMosca, originalMoscaMissing } from "../test/world/original-mosca.ts";

type Mosca = DeviceProxy<typeof mosca>;
const RUNNING = statuses.indexOf("RUNNING");
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

if (process.argv[2] === "serve") {
  const server = await moscaWorld({ Detectors: ["8"] });
  process.stdout.write(`${server.trl("a/mosca/1")}\n`);
} else await main();

async function main(): Promise<void> {
  await using ours = await ourServer();
  await using device = await connect(mosca, ours.trl);
  await measure("ours", device);
  if (originalMoscaMissing) return console.log(`original: not measured, ${originalMoscaMissing}`);
  await using original = await originalMosca();
  await using theirs = await connect(mosca, original.device, { host: original.host });
  await measure("original", theirs);
}

/** In a process of its own, as the original. */
async function ourServer() {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), "serve"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return {
    trl: line.toString().trim(),
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, "exit");
    },
  };
}

async function measure(name: string, device: Mosca): Promise<void> {
  await device.call("clear_rois");
  for (let roi = 0; roi < 10; roi++)
    await device.call("add_roi_sum", [`r${roi}`, `${roi * 400}`, `${roi * 400 + 200}`]);
  await device.write("poll_interval", 0.001);
  for (const reading of [false, true])
    for (const realtime of [1e-3, 5e-4, 3e-4, 1e-4]) {
      const { points, seconds } = await acquire(device, 4000, realtime, 100, reading);
      const rate = Math.round(points / seconds);
      const how = reading ? "spectra, statistics and ROIs read" : "nothing read";
      const end = points === 4000 ? "" : `, STALLED after ${points}`;
      console.log(`${name}: ${realtime * 1000} ms a point, ${how}: ${rate} points/s${end}`);
    }
  const times: number[] = [];
  for (let turn = 0; turn < 20; turn++) times.push(await latency(device));
  times.sort((a, b) => a - b);
  console.log(`${name}: start_acq to ROI value of a 10 ms point: median ${times[10]?.toFixed(1)} ms`);
}

async function setUp(device: Mosca, points: number, realtime: number, block: number): Promise<void> {
  await device.write("trigger_mode", triggerModes.indexOf("GATE"));
  await device.write("gate_mode", gateModes.indexOf("HIGH"));
  await device.write("acq_nb_points", BigInt(points));
  await device.write("acq_realtime", realtime);
  await device.write("block_size", BigInt(block));
  await device.call("apply_mosca");
  await device.call("prepare_acq");
}

async function acquire(device: Mosca, points: number, realtime: number, block: number, reading: boolean) {
  await setUp(device, points, realtime, block);
  const began = performance.now();
  await device.call("start_acq");
  let got = 0;
  let last = began;
  for (;;) {
    const status = await device.read("acquisition_status");
    const available = Number(await device.read("n_available_points"));
    if (available > got) {
      const range = [BigInt(got), BigInt(reading ? Math.min(available, got + 200) : available)];
      if (reading)
        await Promise.all([
          device.call("read_spectra", range),
          device.call("read_stats", range),
          device.call("read_rois", range),
        ]);
      got = Number(range[1]);
      last = performance.now();
    } else if (status !== RUNNING || performance.now() - last > 3000) break;
    else await pause(2);
  }
  await device.call("stop_acq");
  return { points: got, seconds: (last - began) / 1000 };
}

async function latency(device: Mosca): Promise<number> {
  await setUp(device, 1, 0.01, 1);
  const began = performance.now();
  await device.call("start_acq");
  while ((await device.read("n_available_points")) === 0n);
  await device.call("read_rois", []);
  const ended = performance.now();
  await device.call("stop_acq");
  return ended - began;
}
