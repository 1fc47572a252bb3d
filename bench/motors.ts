// SPDX-License-Identifier: MIT
// What a motor server costs: the time of one awaited 1-step move beside a PyTango server of the same kinematics, and the
// CPU of 200 axes that move at once with position events at 10 Hz each. Run: node bench/motors.ts
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { openAxis, type TangoAxis } from "../devices/axis.ts";
import { type ControlSystem, connect, controlSystem } from "../tango/index.ts";
import { python } from "../test/world/peers.ts";
import { freePort } from "../test/world/ports.ts";
import { delay, run } from "../test/world/process.ts";

const root = join(import.meta.dirname, "..");
const line = (name: string, figure: string) => console.log(name.padEnd(60), figure.padStart(16));
const ready = /Ready to accept request/;

/** Milliseconds of one step (0.001 mm) at 40 mm/s^2: it never reaches its velocity. */
const kinematics = 2000 * Math.sqrt(0.001 / 40);

interface Served extends AsyncDisposable {
  readonly pid: number;
  trl(device: string): string;
}

async function serve(command: string, args: readonly string[], devices: string): Promise<Served> {
  const port = await freePort();
  const all = [...args, "bench", "-nodb", "-dlist", devices, "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
  const server = await run(command, all, { ready });
  return {
    pid: server.child.pid ?? 0,
    trl: (device) => `tango://127.0.0.1:${port}/${device}#dbase=no`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
const ours = (devices: string) => serve(join(root, "bin/SimulatedMotor"), [], devices);
const pytango = () => serve(python, [join(root, "bench/motor-server.py")], "a/motor/1");

/** Median milliseconds of a move by one step through the handle that scans use. */
async function oneStep(axis: TangoAxis, turns: number): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const begun = performance.now();
    await axis.move((turn % 2) / 1000);
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

/** The same from a Python script: write, State until it rests with `pause` seconds between two looks, read. */
async function scripted(trl: string, pause = 0): Promise<number> {
  const { stdout } = await promisify(execFile)(python, [join(root, "bench/motor-client.py"), trl, String(pause)]);
  return Number(stdout);
}

async function moves(system: ControlSystem): Promise<void> {
  await using mine = await ours("a/motor/1");
  await using peer = await pytango();
  const [here, there] = [mine.trl("a/motor/1"), peer.trl("a/motor/1")];
  await using own = await openAxis("own", here, { system });
  await using other = await openAxis("other", there, { system });
  for (const axis of [own, other]) await oneStep(axis, 300); // a server that has just started is slower
  // In turns, so that what else the machine does meets all of them; the best round counts.
  const best = { own: Infinity, other: Infinity, script: Infinity, mixed: Infinity };
  for (let round = 0; round < 6; round += 1) {
    best.own = Math.min(best.own, await oneStep(own, 60));
    best.other = Math.min(best.other, await oneStep(other, 60));
    best.script = Math.min(best.script, await scripted(there));
    best.mixed = Math.min(best.mixed, await scripted(here));
  }
  const patient = await scripted(there, 0.01);
  const over = (total: number) => total - kinematics;
  const figure = (name: string, total: number) => line(name, `${kinematics.toFixed(1)} + ${over(total).toFixed(2)} ms`);
  line("one step (0.001 mm) by its kinematics alone", `${kinematics.toFixed(1)} ms`);
  figure("one awaited step: our server, our axis handle", best.own);
  figure("the same: PyTango server, script that asks without a pause", best.script);
  figure("the same: PyTango server, script that asks every 10 ms", patient);
  figure("the same: PyTango server, our axis handle", best.other);
  figure("the same: our server, script that asks without a pause", best.mixed);
  const ratio = (name: string, total: number) => line(name, `${(over(best.own) / over(total)).toFixed(2)} x`);
  ratio("overhead, ours / script that asks without a pause", best.script);
  ratio("overhead, ours / script that asks every 10 ms", patient);
  ratio("overhead, ours / PyTango server with our handle", best.other);
}

/** Seconds of CPU a process has used (Linux). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function many(system: ControlSystem, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, i) => `a/motor/${i + 1}`);
  await using server = await ours(names.join(","));
  let events = 0;
  await using streams = new AsyncDisposableStack();
  for (const name of names) {
    const motor = streams.use(await connect(server.trl(name), { system }));
    const stream = streams.use(motor.events("Position", "change"));
    await stream.ready;
    void (async () => {
      for await (const _ of stream) events += 1;
    })();
    await motor.write("Position", 1000);
  }
  await delay(1000);
  const [cpu, from, seen] = [cpuSeconds(server.pid), performance.now(), events];
  await delay(8000);
  const seconds = (performance.now() - from) / 1000;
  line(`${count} axes moving: position events received`, `${((events - seen) / seconds).toFixed(0)} /s`);
  line(`${count} axes moving: CPU of the server`, `${(((cpuSeconds(server.pid) - cpu) / seconds) * 100).toFixed(0)} %`);
}

await using system = controlSystem();
await moves(system);
await many(system, 200);
process.exit();
