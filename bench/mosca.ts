// SPDX-License-Identifier: MIT
// Points a second of 8 detectors x 4096 channels with 10 summed ROIs, blocks of 100, gated by the simulator's own clock:
// our server and, when it is there, the simulated FalconX of the original, by turns with the same client, median of three;
// how often an acquisition stalled. And the time from start_acq, and from the closing edge of hw_trig, to the ROI value of
// a point. Run: node bench/mosca.ts
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { mosca } from "../devices/index.ts";
import { gateModes, statuses, type TriggerMode, triggerModes } from "../devices/mosca/words.ts";
import { connect, type DeviceProxy } from "../tango/index.ts";
import { moscaWorld } from "../test/world/mosca.ts";
import { originalMosca, originalMoscaMissing } from "../test/world/original-mosca.ts";

type Mosca = DeviceProxy<typeof mosca>;
const RUNNING = statuses.indexOf("RUNNING");
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
const REALTIMES = [5e-4, 3e-4, 2e-4, 1e-4] as const;
/** ms between two looks of a client that has nothing to read. */
const POLL = 10;
/** ms without a new point: the acquisition has stalled. */
const PATIENCE = 2000;
const POINTS = 3000;
const ROUNDS = 3;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function main(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const ours = stack.use(await ourServer());
  const servers: Server[] = [{ name: "ours", ...(await open(stack, ours.trl)) }];
  if (originalMoscaMissing) console.log(`original: not measured, ${originalMoscaMissing}`);
  else {
    const { device, host } = stack.use(await originalMosca());
    servers.push({ name: "original", ...(await open(stack, device, host)) });
  }
  for (const reading of [false, true]) {
    const best = servers.map(() => 0);
    for (const realtime of REALTIMES)
      for (const [at, rate] of (await rates(servers, realtime, reading)).entries())
        best[at] = Math.max(best[at] ?? 0, rate);
    const [mine = 0, theirs = 0] = best;
    const ratio = theirs ? `, original ${Math.round(theirs)}: ratio ${(mine / theirs).toFixed(2)}` : "";
    console.log(`${how(reading)}, most without a stall: ours ${Math.round(mine)} points/s${ratio}`);
  }
  await latencies(servers);
}

interface Server {
  readonly name: string;
  readonly device: Mosca;
  readonly generator: DeviceProxy;
}
async function open(stack: AsyncDisposableStack, trl: string, host?: string): Promise<Omit<Server, "name">> {
  const at = host ? { host } : {};
  const device = stack.use(await connect(mosca, trl, at));
  const generator = stack.use(await connect(trl.replace(/\/mosca\/(\w+)/, "/generator/$1"), at));
  await device.call("clear_rois");
  for (let roi = 0; roi < 10; roi++)
    await device.call("add_roi_sum", [`r${roi}`, `${roi * 400}`, `${roi * 400 + 200}`]);
  await device.write("poll_interval", 0.001);
  return { device, generator };
}

const how = (reading: boolean) => (reading ? "spectra, statistics and ROIs read" : "nothing read");

/** Points a second of each server; 0 for one that stalled. */
async function rates(servers: readonly Server[], realtime: number, reading: boolean): Promise<number[]> {
  const results = servers.map(() => ({ rates: [] as number[], stalls: 0 }));
  for (let round = 0; round < ROUNDS; round++)
    for (const [at, { device }] of servers.entries()) {
      const { points, seconds } = await acquire(device, POINTS, realtime, 100, reading);
      if (points < POINTS) (results[at] ?? { stalls: 0 }).stalls++;
      else results[at]?.rates.push(points / seconds);
    }
  const said = results.map(({ rates: all, stalls }, at) => {
    const rate = all.length ? `${Math.round(median(all))} points/s` : "none";
    return `${servers[at]?.name} ${rate}${stalls ? `, ${stalls} of ${ROUNDS} STALLED` : ""}`;
  });
  console.log(`${realtime * 1000} ms a point, ${how(reading)}: ${said.join("; ")}`);
  return results.map(({ rates: all, stalls }) => (stalls ? 0 : median(all)));
}

async function latencies(servers: readonly Server[]): Promise<void> {
  for (const { name, device, generator } of servers) {
    const [started, triggered]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < 20; turn++) {
      started.push(await latency(device));
      triggered.push(await triggerLatency(device, generator));
    }
    await generator.write("use_external_trigger", false);
    console.log(
      `${name}: to the ROI value of a point: from start_acq (10 ms) ${median(started).toFixed(1)} ms, ` +
        `from its closing trigger ${median(triggered).toFixed(1)} ms`,
    );
  }
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

const readAll = (device: Mosca, range: readonly bigint[]) =>
  Promise.all((["read_spectra", "read_stats", "read_rois"] as const).map((command) => settled(device, command, range)));

/** The original tells of points a moment before each of its arrays has them. */
async function settled(device: Mosca, command: "read_spectra" | "read_stats" | "read_rois", range: readonly bigint[]) {
  for (let more = 100; ; more--) {
    try {
      return await device.call(command, [...range]);
    } catch (error) {
      if (more === 0 || !/not available yet|no point yet/.test(String(error))) throw error;
      await pause(2);
    }
  }
}

async function setUp(device: Mosca, points: number, realtime: number, block: number, trigger: TriggerMode = "GATE") {
  await device.write("trigger_mode", triggerModes.indexOf(trigger));
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
    const [status, available] = await progress(device);
    if (available > got) {
      const range = [BigInt(got), BigInt(reading ? Math.min(available, got + 100) : available)];
      if (reading) await readAll(device, range);
      got = Number(range[1]);
      last = performance.now();
    } else if (status !== RUNNING || performance.now() - last > PATIENCE) break;
    else await pause(POLL);
  }
  await stopped(device);
  return { points: got, seconds: (last - began) / 1000 };
}

async function latency(device: Mosca): Promise<number> {
  await setUp(device, 1, 0.01, 1);
  const began = performance.now();
  await device.call("start_acq");
  await firstPoint(device);
  await readAll(device, []);
  const ended = performance.now();
  await stopped(device);
  return ended - began;
}

/** An edge ends the only point of the acquisition: how long until its ROIs are read. */
async function triggerLatency(device: Mosca, generator: DeviceProxy): Promise<number> {
  await generator.write("use_external_trigger", true);
  await setUp(device, 1, 0.01, 1, "EXT_TRIG");
  await device.call("start_acq");
  // The original's simulator needs a moment to listen.
  await pause(40);
  const began = performance.now();
  await generator.call("hw_trig");
  await firstPoint(device);
  await readAll(device, []);
  const ended = performance.now();
  await stopped(device);
  await generator.write("use_external_trigger", false);
  return ended - began;
}

async function progress(device: Mosca): Promise<readonly [status: number | undefined, available: number]> {
  const [status, available] = await device.readAttributes(["acquisition_status", "n_available_points"]);
  return [status.value, Number(available.value ?? 0n)];
}

/** Stops, and waits until nothing acquires any more. */
async function stopped(device: Mosca): Promise<void> {
  await device.call("stop_acq");
  while ((await device.read("acquisition_status")) === RUNNING) await pause(POLL);
}

async function firstPoint(device: Mosca): Promise<void> {
  const began = performance.now();
  while ((await device.read("n_available_points")) === 0n)
    if (performance.now() - began > PATIENCE) throw new Error(`${device.name}: no point within ${PATIENCE} ms`);
}

if (process.argv[2] === "serve") {
  const server = await moscaWorld({ Detectors: ["8"] });
  process.stdout.write(`${server.trl("a/mosca/1")}\n`);
} else await main();
