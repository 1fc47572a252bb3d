// SPDX-License-Identifier: MIT
// What a whole device server stands: `node test/soak/tango-server.ts`. 1,000 clients at once, clients that never read, a
// handler that never returns, handlers that throw every kind of value, 10,000 clients that come and go, SIGTERM in the middle
// of 100 MB. The server runs in a process of its own, so that its memory is its own; figures are printed, a broken promise
// exits 1.
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect as connectSocket, type Socket } from "node:net";
import type { Writer } from "../../tango/cdr/index.ts";
import { operations } from "../../tango/idl/index.ts";
import { connect, controlSystem, DevFailed, type DeviceProxy, serve } from "../../tango/index.ts";
import { tcp } from "../../tango/transport/index.ts";
import { requestBytes } from "../unit/giop/raw-client.ts";
import { freePorts } from "../world/ports.ts";
import { delay } from "../world/process.ts";
import { Soaked, thrown } from "./soaked.ts";

const MiB = 1 << 20;
const [device, other] = ["soak/one/1", "soak/one/2"] as const;

async function judge(): Promise<void> {
  const [port = 0] = await freePorts(1);
  const endpoint = ["-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
  const child = fork(import.meta.filename, ["soak", "-nodb", "-dlist", `${device},${other}`, ...endpoint], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  let output = "";
  for await (const text of child.stdout ?? []) {
    output += text;
    if (output.includes("Ready")) break;
  }
  const rss = async (): Promise<number> => {
    child.send("state");
    return ((await once(child, "message"))[0] as { rss: number }).rss / MiB;
  };
  const trl = (name: string) => `tango://127.0.0.1:${port}/${name}#dbase=no`;
  const client = async () => {
    const system = controlSystem({ transport: tcp() });
    return Object.assign(await connect(trl(device), { system }), { system });
  };
  await using probe = await connect(trl(other));
  let broken = 0;
  const report = (name: string, figure: number, limit: number, unit: string) => {
    const isBroken = !(figure <= limit);
    if (isBroken) broken++;
    console.log(
      `${name.padEnd(72)} ${figure.toFixed(1).padStart(8)} ${unit} (limit ${limit})${isBroken ? " BROKEN" : ""}`,
    );
  };
  /** The slowest of many reads by somebody else while something goes on, in milliseconds. */
  const slowestRead = async (times = 200) => {
    let slowest = 0;
    for (let turn = 0; turn < times; turn++) {
      const start = performance.now();
      await probe.read("value", { timeout: 10_000 });
      slowest = Math.max(slowest, performance.now() - start);
    }
    return slowest;
  };
  await slowestRead(3000);

  try {
    await thousandClients(client, rss, slowestRead, report);
    await comeAndGo(client, rss, report);
    await neverReading(port, rss, slowestRead, report);
    await neverReturning(trl(device), rss, slowestRead, report);
    await everyThrow(trl(other), report);
    await slowestRead();
    await termination(port, child, report);
  } finally {
    child.kill("SIGKILL");
  }
  console.log(broken === 0 ? "all promises kept" : `${broken} promises broken`);
  process.exitCode = broken === 0 ? 0 : 1;
}

type Report = (name: string, figure: number, limit: number, unit: string) => void;
type Client = () => Promise<DeviceProxy & { readonly system: AsyncDisposable }>;

async function thousandClients(
  client: Client,
  rss: () => Promise<number>,
  slowestRead: () => Promise<number>,
  report: Report,
): Promise<void> {
  const before = await rss();
  const clients = await Promise.all(Array.from({ length: 1000 }, client));
  const start = performance.now();
  const rounds = 20;
  for (let round = 0; round < rounds; round++)
    await Promise.all(clients.map((one) => one.read("value", { timeout: 20_000 })));
  const rate = (1000 * rounds) / ((performance.now() - start) / 1000);
  console.log(`1,000 clients: ${rate.toFixed(0)} reads a second, client and server on the same cores`);
  report("1,000 clients: memory", (await rss()) - before, 100, "MiB");
  report("1,000 clients: slowest read of another", await slowestRead(), 200, "ms");
  await Promise.all(clients.map(({ system }) => system[Symbol.asyncDispose]()));
}

async function comeAndGo(client: Client, rss: () => Promise<number>, report: Report): Promise<void> {
  let before = 0;
  const start = performance.now();
  for (let turn = 0; turn < 200; turn++) {
    if (turn === 50) before = await rss();
    const round = await Promise.all(Array.from({ length: 50 }, client));
    await Promise.all(round.map((one) => one.state()));
    await Promise.all(round.map(({ system }) => system[Symbol.asyncDispose]()));
  }
  report("10,000 clients that connect, ask and go: seconds", (performance.now() - start) / 1000, 120, "s");
  report("... memory that the last 7,500 of them cost", (await rss()) - before, 40, "MiB");
}

/** A request for an attribute of 100 MB, as bytes. */
function bigRequest(id: number): Uint8Array {
  const values = [["big"], "DEV", { type: "CPP", value: 1 }];
  return requestBytes("read_attributes_5", { id, key: device }, (writer: Writer) => {
    for (const [index, codec] of operations.read_attributes_5.args.entries())
      codec.write(writer, values[index] as never);
  });
}

async function open(port: number): Promise<Socket> {
  const socket = connectSocket({ host: "127.0.0.1", port });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket.pause();
}

async function neverReading(
  port: number,
  rss: () => Promise<number>,
  slowestRead: () => Promise<number>,
  report: Report,
): Promise<void> {
  const before = await rss();
  const deaf = await Promise.all(Array.from({ length: 10 }, () => open(port)));
  for (let id = 0; id < 50; id++) for (const socket of deaf) socket.write(bigRequest(id));
  report("10 clients that ask for 50 x 100 MB and never read: slowest read of another", await slowestRead(), 500, "ms");
  report("... memory, beside the device's own array", (await rss()) - before, 120, "MiB");
  for (const socket of deaf) socket.destroy();
}

/** A device whose handler never returns keeps its callers waiting, for 3.2 s, and nobody else. */
async function neverReturning(
  trl: string,
  rss: () => Promise<number>,
  slowestRead: () => Promise<number>,
  report: Report,
): Promise<void> {
  const before = await rss();
  await using stuck = await connect(trl, { timeout: 10_000 });
  const abort = new AbortController();
  const never = stuck.call("Never", undefined, { signal: abort.signal }).catch(() => {});
  await delay(300);
  const waiting = Array.from({ length: 500 }, () => stuck.read("value").then(() => "", reasonOf));
  report("a handler that never returns: slowest read of another device", await slowestRead(), 200, "ms");
  const reasons = await Promise.all(waiting);
  if (reasons[0] !== "API_CommandTimedOut") console.log(`  ${reasons[0]}`);
  report(
    "... callers of its device that were not told so",
    reasons.filter((one) => one !== "API_CommandTimedOut").length,
    0,
    "",
  );
  report("... memory", (await rss()) - before, 60, "MiB");
  // The client gives up: the handler's signal is aborted, and the device is free again.
  abort.abort(new Error("enough"));
  await never;
  const start = performance.now();
  await stuck.read("value");
  report("... the device answers again after the call was cancelled, within", performance.now() - start, 3300, "ms");
}

const reasonOf = (error: unknown): string => (error instanceof DevFailed ? error.reason : String(error));

async function everyThrow(trl: string, report: Report): Promise<void> {
  await using victim = await connect(trl, { timeout: 10_000 });
  let silent = 0;
  for (const [index, kind] of thrown.names.entries()) {
    const ways = {
      command: () => victim.call("Throw", index),
      "command, later": () => victim.call("ThrowLater", index),
      read: () => victim.read("throwing"),
      write: () => victim.write("throwing", index),
    };
    await victim.call("Select", index);
    for (const [way, run] of Object.entries(ways)) {
      const error = await run().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error instanceof DevFailed && (error.errors[0]?.desc.length ?? 0) > 0) continue;
      silent++;
      console.log(`  ${kind} from a ${way}: ${String(error)}`);
    }
  }
  const count = thrown.names.length * 4;
  report(
    `${count} throws of ${thrown.names.length} kinds of values: not told as a DevFailed with a text`,
    silent,
    0,
    "",
  );
}

async function termination(port: number, child: ReturnType<typeof fork>, report: Report): Promise<void> {
  const socket = await open(port);
  socket.write(bigRequest(1));
  await once(socket.resume(), "data");
  socket.pause();
  const start = performance.now();
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number | null];
  report("SIGTERM during a reply of 100 MB that nobody reads: to the end", performance.now() - start, 3000, "ms");
  report("... exit code", code ?? Number.NaN, 0, "");
  socket.destroy();
}

if (process.send) {
  process.on("message", () => process.send?.({ rss: process.memoryUsage().rss }));
  await serve({ server: "Soaked", classes: [Soaked] });
  process.disconnect();
} else await judge();
