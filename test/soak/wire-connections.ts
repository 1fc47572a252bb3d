// SPDX-License-Identifier: MIT
// What clients in number and clients in bad faith cost a server: `node test/soak/wire-connections.ts`. The server runs
// in a process of its own, so that its memory is its own; figures are printed, and a broken promise exits 1.
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { ClientConnection, GiopServer } from "../../tango/giop/index.ts";
import { tcp } from "../../tango/transport/index.ts";
import { requestBytes } from "../unit/giop/raw-client.ts";

const key = Buffer.from("k");
const MiB = 1 << 20;

/** In the server's process: answers at once, with much, or never. */
async function serve(): Promise<void> {
  const big = new Uint8Array(100 * MiB);
  const adapter = {
    exists: () => true,
    dispatch: ({ operation }: { operation: string }) => {
      if (operation === "never") return new Promise<() => void>(() => {});
      if (operation === "big") return (writer: { octets(bytes: Uint8Array): void }) => writer.octets(big);
      return () => {};
    },
  };
  const server = await GiopServer.listen(tcp(), { host: "127.0.0.1", port: 0 }, adapter);
  process.on("SIGTERM", async () => {
    await server[Symbol.asyncDispose]();
    process.exit(0);
  });
  process.on("message", () => {
    const { rss } = process.memoryUsage();
    process.send?.({ rss, connections: server.connections });
  });
  process.send?.({ port: "port" in server.endpoint ? server.endpoint.port : 0 });
}

if (process.send) await serve();
else await judge();

async function judge(): Promise<void> {
  const child = fork(import.meta.filename);
  const message = async <T>() => (await once(child, "message"))[0] as T;
  const { port } = await message<{ port: number }>();
  const state = async () => {
    child.send("state");
    return message<{ rss: number; connections: number }>();
  };
  const open = () => ClientConnection.open(tcp(), { host: "127.0.0.1", port }, { timeout: 10_000 });
  await using probe = await open();
  /** The longest ping of many while something else goes on, in milliseconds. */
  const slowestPing = async (times = 200) => {
    let slowest = 0;
    for (let turn = 0; turn < times; turn++) {
      const start = performance.now();
      await probe.invoke(key, "ping", () => {}, { timeout: 10_000 });
      slowest = Math.max(slowest, performance.now() - start);
    }
    return slowest;
  };
  let broken = 0;
  const report = (name: string, figure: number, limit: number, unit: string) => {
    if (figure > limit) broken++;
    console.log(
      `${name.padEnd(66)} ${figure.toFixed(1).padStart(8)} ${unit} (limit ${limit})${figure > limit ? " BROKEN" : ""}`,
    );
  };
  const grown = async (before: { rss: number }) => ((await state()).rss - before.rss) / MiB;
  await slowestPing(5000);
  const start = await state();

  const clients = await Promise.all(Array.from({ length: 1000 }, open));
  await Promise.all(clients.map((client) => client.invoke(key, "ping", () => {}, { timeout: 10_000 })));
  report("1,000 clients: memory", await grown(start), 60, "MiB");
  report("1,000 clients: slowest ping of another", await slowestPing(), 100, "ms");
  await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));

  const started = performance.now();
  for (let turn = 0; turn < 200; turn++) {
    const round = await Promise.all(Array.from({ length: 50 }, open));
    await Promise.all(round.map((client) => client[Symbol.asyncDispose]()));
  }
  report("10,000 connections opened and closed: seconds", (performance.now() - started) / 1000, 60, "s");
  await slowestPing();
  report("... connections left", (await state()).connections - 1, 0, "");

  const raw = async (): Promise<Socket> => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("error", () => {});
    await once(socket, "connect");
    return socket.pause();
  };
  const before = await state();
  const deaf = await Promise.all(Array.from({ length: 10 }, raw));
  for (let turn = 0; turn < 50; turn++) for (const socket of deaf) socket.write(requestBytes("big", { id: turn }));
  report("10 clients that ask for 50 x 100 MiB and never read: slowest ping", await slowestPing(), 200, "ms");
  report("... memory (the array itself is shared)", await grown(before), 60, "MiB");
  for (const socket of deaf) socket.destroy();

  const announcers = await Promise.all(Array.from({ length: 100 }, raw));
  for (const socket of announcers) socket.write(Buffer.from("47494f5001020100f0ffff0f", "hex"));
  report("100 clients that announce 256 MiB each and send nothing: memory", await grown(before), 60, "MiB");
  for (const socket of announcers) socket.destroy();

  const patient = await raw();
  for (let id = 0; id < 100_000; id++) patient.write(requestBytes("never", { id }));
  report("100,000 calls that are never answered: slowest ping", await slowestPing(), 200, "ms");
  report("... memory", await grown(before), 60, "MiB");
  patient.destroy();

  const reading = await raw();
  reading.write(requestBytes("big"));
  await once(reading.resume(), "data");
  reading.pause();
  const asked = performance.now();
  child.kill("SIGTERM");
  await once(child, "exit");
  report("SIGTERM during a reply of 100 MiB: milliseconds to the end", performance.now() - asked, 3000, "ms");
  reading.destroy();
  console.log(broken === 0 ? "all promises kept" : `${broken} promises broken`);
  process.exitCode = broken === 0 ? 0 : 1;
}
