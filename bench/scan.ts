// SPDX-License-Identifier: MIT
// What scans cost: over real Tango to servers in processes of their own, published to Redis Stack and saved as NeXus; and with
// soft devices beside bluesky 1.15 in the same run. Run: node bench/scan.ts
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openAxis, openCounters } from "../devices/index.ts";
import {
  type Axis, ascan, basicPolicy, type Counter, loopscan, type Scan, Session, type Sink, sinksTogether, softAxis, softCounters, spooled,
} from "../scanning/index.ts"; // biome-ignore format: a list
import { controlSystem } from "../tango/index.ts";
import { ophydPython } from "../test/world/peers.ts";
import { freePort } from "../test/world/ports.ts";
import { run } from "../test/world/process.ts";
import { redisStack } from "../test/world/redis-stack.ts";
import { nexusSink, openDataStore, streamSink } from "../writers/index.ts";

const root = join(import.meta.dirname, "..");
const ready = /Ready to accept request/;
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const line = (what: string, ...cells: string[]) =>
  console.log(what.padEnd(56), ...cells.map((cell) => cell.padStart(13)));
const ms = (value: number) => `${value.toFixed(3)} ms`;

/** Milliseconds of whole scans, the middle one of `repeat`. */
async function timed(session: Session, make: () => Scan, repeat: number): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < repeat; turn++) {
    const begun = performance.now();
    await session.start(make()).done();
    times.push(performance.now() - begun);
    session.scans.length = 0;
  }
  return median(times);
}

interface Bench {
  readonly axis: Axis;
  readonly counters: readonly Counter[];
  readonly points: number;
  /** Length of a step. */
  readonly step: number;
}
interface Figures {
  readonly loopscan: number;
  readonly ascan: number;
  readonly one: number;
}

/** Milliseconds a point of a loopscan and an ascan, and of a whole scan of one point. */
async function figures(session: Session, { axis, counters, points, step }: Bench, save: boolean): Promise<Figures> {
  const far = step * (points - 1);
  let back = false;
  // There and back: no scan begins with a long move.
  const along = () => {
    back = !back;
    return back ? ascan(axis, 0, far, points - 1, 0, ...counters, { save }) : ascan(axis, far, 0, points - 1, 0, ...counters, { save }); // biome-ignore format: one glance
  };
  await axis.move(0);
  await timed(session, () => loopscan(20, 0, ...counters, { save }), 5);
  await timed(session, along, 2);
  return {
    one: await timed(session, () => loopscan(1, 0, ...counters, { save }), 41),
    loopscan: (await timed(session, () => loopscan(5 * points, 0, ...counters, { save }), 3)) / points / 5,
    ascan: (await timed(session, along, 4)) / points,
  };
}

/** Milliseconds of a step of 0.001 mm at 40 mm/s^2, by the motor's kinematics: it never reaches its velocity. */
const kinematics = 2000 * Math.sqrt(0.001 / 40);

/** Milliseconds of one awaited step without a scan. */
async function motion({ axis, points, step }: Bench): Promise<number> {
  await axis.move(0);
  const begun = performance.now();
  for (let point = 1; point < points; point++) await axis.move(point * step);
  return (performance.now() - begun) / (points - 1);
}

interface Recording extends AsyncDisposable {
  /** Data stream alone, and with the file. */
  readonly published: Sink;
  readonly saved: Sink;
  readonly folder: string;
  readonly url: string;
}
async function recording(): Promise<Recording> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "bandoneon-bench-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const { url } = stack.use(await redisStack());
  // As a session records: kept in a local file where one of them is away.
  const kept = (what: string, sink: Sink) => stack.use(spooled(sink, { what, folder: join(folder, what) }));
  const stream = kept("stream", streamSink(stack.use(await openDataStore(url, { init: true }))));
  const file = kept("file", stack.use(await nexusSink()));
  const owned = stack.move();
  const dispose = () => owned.disposeAsync();
  return { published: stream, saved: sinksTogether(stream, file), folder, url, [Symbol.asyncDispose]: dispose };
}

const sessionOf = (name: string, { folder }: Recording, sink?: Sink) =>
  new Session({ name, policy: basicPolicy(name, { base_path: folder }), warn: () => {}, ...(sink && { sink }) });

interface Servers extends AsyncDisposable {
  readonly motor: string;
  readonly counter: string;
}
async function servers(): Promise<Servers> {
  await using stack = new AsyncDisposableStack();
  const serve = async (server: string, device: string) => {
    const port = await freePort();
    const args = ["bench", "-nodb", "-dlist", device, "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
    stack.use(await run(join(root, "bin", server), args, { ready }));
    return `tango://127.0.0.1:${port}/${device}#dbase=no`;
  };
  const [motor, counter] = await Promise.all([
    serve("SimulatedMotor", "a/motor/1"),
    serve("SimulatedCounter", "a/counter/1"),
  ]);
  const owned = stack.move();
  return { motor, counter, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
const attributes = { diode: "Diode", monitor: "Monitor", current: "Current", temp: "Temperature", press: "Pressure" };

async function overTango(record: Recording, { motor, counter }: Servers): Promise<void> {
  await using system = controlSystem();
  await using axis = await openAxis("m", motor, { system });
  await using counters = await openCounters(counter, attributes, { system });
  const bench = { axis, counters: Object.values(counters), points: 100, step: 0.001 };
  await using published = sessionOf("published", record, record.published);
  await using saved = sessionOf("saved", record, record.saved);
  const alone = await motion(bench);
  const [unsaved, kept] = [await figures(published, bench, false), await figures(saved, bench, true)];
  console.log("\nOver Tango: 5 attributes of one server, a motor of another; published to Redis Stack");
  line("", "not saved", "saved", "bound", "BLISS 2.4 *");
  line("loopscan, a point", ms(unsaved.loopscan), ms(kept.loopscan), "0.3 ms", "0.75 / 1.0 ms");
  const beyond = (figure: number) => ms(figure - kinematics);
  line("ascan, a point beyond the motion itself", beyond(unsaved.ascan), beyond(kept.ascan), "0.8 ms", "7.8 ms");
  line("  an awaited step without a scan, beyond the motion", beyond(alone));
  line("whole scan of one point", ms(unsaved.one), ms(kept.one), "5 / 10 ms", "22 / 70 ms");
  console.log("* as measured once with its own soft devices in its own process, on a machine like this one");
}

const bluesky = async (points: number): Promise<Readonly<Record<string, number>>> => {
  const args = [join(root, "bench/peers/bluesky-scans.py"), String(points)];
  const { stdout } = await promisify(execFile)(ophydPython, args);
  const all = stdout.trim().split("\n").map((text) => JSON.parse(text) as { what: string; points: number; seconds: number }); // biome-ignore format: one glance
  return Object.fromEntries(all.map(({ what, points: count, seconds }) => [what, (seconds * 1000) / count]));
};

async function soft(record: Recording): Promise<void> {
  const { a, b, c, d, e } = softCounters("device", { a: () => 0, b: () => 0, c: () => 0, d: () => 0, e: () => 0 });
  const bench = { axis: softAxis("m"), counters: [a, b, c, d, e], points: 1000, step: 1 };
  await using bare = sessionOf("bare", record);
  await using saved = sessionOf("soft", record, record.saved);
  const [ours, kept, theirs] = [
    await figures(bare, bench, false),
    await figures(saved, bench, true),
    await bluesky(bench.points),
  ];
  console.log(
    "\nSoft devices that take no time; bluesky saves lines of JSON, we publish to Redis Stack and save NeXus",
  );
  line("", "bandoneon", "bluesky", "ratio");
  const compare = (what: string, own: number, other = Number.NaN) =>
    line(what, ms(own), ms(other), (own / other).toFixed(3));
  compare("loopscan, a point", ours.loopscan, theirs.loopscan);
  compare("loopscan, a point, saved", kept.loopscan, theirs["loopscan saved"]);
  compare("ascan, a point", ours.ascan, theirs.ascan);
  compare("ascan, a point, saved", kept.ascan, theirs["ascan saved"]);
  compare("whole scan of one point", ours.one, theirs.one);
  compare("whole scan of one point, saved", kept.one, theirs["one saved"]);
}

/** From the start of the process until a line typed has been answered: later than the prompt. */
async function start(record: Recording, { motor, counter }: Servers): Promise<void> {
  const file = join(record.folder, "session.yml");
  const objects = Object.entries(attributes).map(([name, attribute]) => `  ${name}: { kind: counter, device: "${counter}", attribute: ${attribute} }`); // biome-ignore format: one glance
  const head = ["name: start", `stream: ${record.url}`, "objects:", `  m: { kind: motor, device: "${motor}" }`];
  writeFileSync(file, [...head, ...objects, "groups: { all: [diode, monitor] }", ""].join("\n"));
  const env = { ...process.env, XDG_STATE_HOME: record.folder };
  const times: number[] = [];
  for (let turn = 0; turn < 9; turn++) {
    const begun = performance.now();
    const shell = promisify(execFile)(join(root, "bin/bandoneon"), ["shell", file], { env });
    shell.child.stdout?.once("data", () => times.push(performance.now() - begun));
    shell.child.stdin?.end("session.objects.size\n");
    const { stdout } = await shell;
    if (stdout.trim() !== "7") throw new Error(`the shell said ${stdout}`);
  }
  console.log("");
  line(
    "start to prompt: session with a motor and 5 counters",
    `${median(times).toFixed(0)} ms`,
    "",
    "400 ms",
    "3200 ms",
  );
}

await using record = await recording();
await using tango = await servers();
await overTango(record, tango);
await soft(record);
await start(record, tango);
