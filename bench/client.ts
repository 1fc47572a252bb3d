// SPDX-License-Identifier: MIT
// Our client beside PyTango's, on the same C++ servers (TangoTest, bench/peers/target.cpp), in one run: node bench/client.ts
// node bench/client.ts image: only the rows with that in their name. Both over TCP; BANDONEON_BENCH=unix gives both omniORB's unix sockets, which clients on the server's host use by default.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import type { AttributeEvent, ControlSystem, DeviceProxy, EventStream } from "../tango/index.ts";
import { connect, controlSystem } from "../tango/index.ts";
import { tcp } from "../tango/transport/index.ts";
import { python } from "../test/world/peers.ts";
import { run } from "../test/world/process.ts";
import { tangoStack } from "../test/world/tango-stack.ts";
import { compiled } from "./cpp.ts";

const ROUNDS = 5;
/** Milliseconds in which a server has pushed a burst of 900. */
const PAUSE = 200;
const unix = process.env.BANDONEON_BENCH === "unix";
/** The server's queue holds a whole burst: what is lost is then the subscriber's doing. */
const queues = { TANGO_DS_EVENT_BUFFER_HWM: "200000" };

const names = [
  "double_scalar", "float_scalar", "long_scalar", "short_scalar", "boolean_scalar", "string_scalar", "ulong_scalar",
  "ushort_scalar", "uchar_scalar", "long64_scalar", "ulong64_scalar", "double_scalar_rww", "double_scalar_w", "State",
  "Status", "wave", "double_spectrum_ro", "long_spectrum_ro", "float_spectrum_ro", "short_spectrum_ro",
] as const; // biome-ignore format: a list
const devices = Array.from({ length: 20 }, (_, index) => `bench/tg_test/${index + 1}`);
const many = Array.from({ length: 1000 }, (_, index) => `bench/target/${index + 1}`);
const target = many[0] as string;

type Job = (turns: number) => Promise<unknown>;

const oneAfterAnother =
  (job: () => Promise<unknown>): Job =>
  async (turns) => {
    for (let turn = 0; turn < turns; turn++) await job();
  };
/** `width` callers, each awaiting its own calls. */
const inFlight =
  (width: number, job: (caller: number) => Promise<unknown>): Job =>
  (turns) =>
    Promise.all(Array.from({ length: width }, (_, caller) => oneAfterAnother(() => job(caller))(turns / width)));

/** A burst of events, from its command to the last of them. */
class Burst {
  readonly #source: DeviceProxy;
  readonly #stream: EventStream<AttributeEvent>;

  constructor(source: DeviceProxy) {
    this.#source = source;
    this.#stream = source.events("event_scalar", "change", { queue: 1_000_000 });
  }

  get ready(): Promise<void> {
    return this.#stream.ready;
  }

  /** Gives how many did not come. */
  push = async (count: number): Promise<number> => {
    this.#stream.take();
    const pushed = this.#source.call("Burst", count, { timeout: 60_000 });
    const came = await this.#until(count - 1);
    await pushed;
    return count - came;
  };

  /** Microseconds an event when all of them wait already: this process holds still meanwhile. */
  drain = async (count: number): Promise<number> => {
    this.#stream.take();
    const pushed = this.#source.call("Burst", count, { timeout: 60_000 });
    await setImmediate();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    const start = performance.now();
    await this.#until(count - 1);
    const spent = performance.now() - start;
    await pushed;
    return (spent * 1000) / count;
  };

  async #until(last: number): Promise<number> {
    for (let came = 0; ; ) {
      const { value: event } = await this.#stream.next();
      if (!event) throw new Error("the subscription has ended");
      if (!event.error) came++;
      if (event.value === last) return came;
    }
  }
}

interface Row {
  /** Ours must be at most this many times PyTango's. */
  readonly promised?: number;
  readonly turns: number;
  readonly job: Job;
  /** The job itself gives the figure. */
  readonly gives?: "time" | "count";
}

async function rows(system: ControlSystem, fresh: () => ControlSystem): Promise<Record<string, Row>> {
  const test = await connect("sys/tg_test/1", { system });
  const big = await connect(target, { system });
  const twenty = await Promise.all(devices.map((name) => connect(name, { system })));
  const burst = new Burst(big);
  await burst.ready;
  const connecting = async () => {
    await using own = fresh();
    await Promise.all(many.map((name) => connect(name, { system: own })));
  };
  const double = oneAfterAnother(() => test.read("double_scalar"));
  const doubles = inFlight(100, () => test.read("double_scalar"));
  const each = inFlight(20, async (caller) => twenty[caller]?.readAttributes(names));
  return {
    "one scalar read, awaited": { turns: 4000, promised: 1, job: double },
    "one command, awaited": { turns: 4000, job: oneAfterAnother(() => test.call("DevDouble", 1.5)) },
    "100 scalar reads in flight": { turns: 4000, promised: 1 / 3, job: doubles },
    "20 attributes of one device": { turns: 1000, job: oneAfterAnother(() => test.readAttributes(names)) },
    "20 attributes of 20 devices at once": { turns: 1000, promised: 1 / 3, job: each },
    "an event of 900 that wait": { turns: 900, promised: 1 / 2, gives: "time", job: burst.drain },
    "an event of 900 as they are pushed": { turns: 900, job: burst.push },
    "events lost of a burst of 20000": { turns: 20_000, gives: "count", job: burst.push },
    "image of 126 kB": { turns: 1000, job: oneAfterAnother(() => test.read("short_image_ro")) },
    "image of 2 MB": { turns: 100, job: oneAfterAnother(() => big.read("ushort_image")) },
    "image of 32 MB": { turns: 10, promised: 1, job: oneAfterAnother(() => big.read("big_image")) },
    "connecting to one of 1000 devices": { turns: many.length, promised: 1 / 3, job: connecting },
  };
}

/** Microseconds a turn, or what the job gives. */
async function round({ turns, job, gives }: Row): Promise<number> {
  const start = performance.now();
  const given = await job(turns);
  return gives ? Number(given) : ((performance.now() - start) * 1000) / turns;
}

await using resources = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), "bench-client-"));
resources.defer(() => rmSync(folder, { recursive: true, force: true }));
const stack = resources.use(await tangoStack());
const env = { ...stack.env, ...queues };
{
  await using system = controlSystem({ host: stack.host });
  const declare = (server: string, all: readonly string[], name: string) =>
    system.database().addServer(
      server,
      all.map((device) => ({ device, class: name })),
    );
  await declare("TangoTest/bench", devices, "TangoTest");
  await declare("target/bench", many, "BenchTarget");
}
const ready = { env, ready: /Ready to accept request/, patience: 120_000 };
resources.use(await run("/usr/lib/tango/TangoTest", ["bench"], ready));
resources.use(await run(compiled("target", folder), ["bench"], ready));

const fresh = () => controlSystem({ host: stack.host, ...(unix ? {} : { transport: tcp() }) });
await using system = fresh();
const mine = await rows(system, fresh);
const script = [
  join(import.meta.dirname, "peers/client.py"),
  JSON.stringify({ names, devices, many, target, pause: PAUSE }),
];
const peer = spawn(python, script, {
  env: { ...env, ...(unix ? {} : { ORBclientTransportRule: "* tcp" }) },
  stdio: ["pipe", "pipe", "inherit"],
});
resources.defer(() => void peer.stdin.end());
const answers = createInterface(peer.stdout)[Symbol.asyncIterator]();
async function theirs(name: string, { turns }: Row): Promise<number> {
  peer.stdin.write(`${JSON.stringify([name, turns])}\n`);
  return Number((await answers.next()).value);
}

const columns = (first: string, ...rest: string[]) =>
  console.log(first.padEnd(38), ...rest.map((text) => text.padStart(10)));
columns(`us, best of ${ROUNDS}, ${unix ? "unix sockets" : "TCP"}`, "ours", "PyTango", "ratio", "promised");
const wanted = process.argv[2] ?? "";
for (const [name, row] of Object.entries(mine)) {
  if (!name.includes(wanted)) continue;
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as [number, number];
  // In turn, so that what else the machine does meets both.
  for (let count = 0; count < ROUNDS; count++) {
    best[0] = Math.min(best[0], await round(row));
    best[1] = Math.min(best[1], await theirs(name, row));
  }
  const [ours, other] = best;
  const digits = row.gives === "count" ? 0 : 1;
  const ratio = row.gives === "count" ? "" : (ours / other).toFixed(2);
  columns(name, ours.toFixed(digits), other.toFixed(digits), ratio, row.promised?.toFixed(2) ?? "");
}
