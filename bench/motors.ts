// SPDX-License-Identifier: MIT
// What a motor server costs: the time of one awaited 1-step move beside a PyTango server of the same kinematics, and the
// CPU of 200 axes that move at once with position events at 10 Hz each. Run: node bench/motors.ts
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openAxis } from "../devices/axis.ts";
import { type ControlSystem, connect, controlSystem } from "../tango/index.ts";
import { python } from "../test/world/peers.ts";
import { freePort } from "../test/world/ports.ts";
import { delay, run } from "../test/world/process.ts";

const root = join(import.meta.dirname, "..");
const line = (name: string, figure: string) => console.log(name.padEnd(62), figure.padStart(14));
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

/** Median milliseconds of a move by one step: write, State until it rests, read. */
async function oneStep(system: ControlSystem, trl: string): Promise<number> {
  await using axis = await openAxis("m", trl, { system });
  const times: number[] = [];
  for (let turn = 0; turn < 120; turn += 1) {
    const begun = performance.now();
    await axis.move((turn % 2) / 1000);
    if (turn >= 20) times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

async function moves(system: ControlSystem): Promise<void> {
  await using mine = await ours("a/motor/1");
  await using peer = await pytango();
  // In turns, so that what else the machine does meets both.
  const rounds: { readonly mine: number; readonly peer: number }[] = [];
  for (let round = 0; round < 3; round += 1)
    rounds.push({
      mine: await oneStep(system, mine.trl("a/motor/1")),
      peer: await oneStep(system, peer.trl("a/motor/1")),
    });
  const best = (pick: (round: (typeof rounds)[number]) => number) => Math.min(...rounds.map(pick));
  const [own, other] = [best((round) => round.mine), best((round) => round.peer)];
  line("one step by its kinematics alone", `${kinematics.toFixed(2)} ms`);
  line("one awaited step, bandoneon", `${own.toFixed(2)} ms`);
  line("one awaited step, PyTango", `${other.toFixed(2)} ms`);
  line("overhead, bandoneon / PyTango", ((own - kinematics) / (other - kinematics)).toFixed(2));
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
