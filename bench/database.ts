// SPDX-License-Identifier: MIT
// The embedded database beside the real DataBaseds on MariaDB and PyTango's own on SQLite, with the same PyTango client in
// one run: single calls, 100,000 devices, 200 servers starting at once. Run: node bench/database.ts
// The tables of the real one are MyISAM, which does not wait for the disk: neither do ours unless asked (--power-safe).
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { addDevice } from "../servers/database/commands/registration.ts";
import { openStore } from "../servers/database/store/store.ts";
import { controlSystem } from "../tango/index.ts";
import { python } from "../test/world/peers.ts";
import { freePort } from "../test/world/ports.ts";
import { type Running, run } from "../test/world/process.ts";
import { tangoStack } from "../test/world/tango-stack.ts";

const many = 100_000;
const startups = { servers: 200, devices: 50 };
type Figures = Readonly<Record<string, number>>;

interface Peer {
  readonly name: string;
  readonly host: string;
}

async function client(host: string, ...args: string[]): Promise<Figures> {
  const env = { ...process.env, TANGO_HOST: host };
  const { stdout } = await promisify(execFile)(python, [join(import.meta.dirname, "database-client.py"), ...args], {
    env,
    timeout: 600_000,
  });
  return JSON.parse(stdout);
}

/** One line a figure: of every peer, and the first as a part of the second. */
function print(title: string, peers: readonly Peer[], figures: readonly Figures[]): void {
  console.log(`\n${title.padEnd(38)}${peers.map(({ name }) => name.padStart(18)).join("")}       ratio`);
  for (const name of Object.keys(figures[0] ?? {})) {
    const values = figures.map((each) => each[name] ?? Number.NaN);
    const cells = values.map((value) => value.toFixed(value < 10 ? 3 : 0).padStart(18)).join("");
    console.log(`${name.padEnd(38)}${cells}${((values[0] ?? 0) / (values[1] ?? 1)).toFixed(2).padStart(12)}`);
  }
}

/** Each peer in turn, several times over: what else the machine does meets all of them. */
async function bestOf(times: number, peers: readonly Peer[]): Promise<Figures[]> {
  const best: Record<string, number>[] = peers.map(() => ({}));
  for (let turn = 0; turn < times; turn++)
    for (const [index, { host }] of peers.entries()) {
      const mine = (best[index] ??= {});
      for (const [name, value] of Object.entries(await client(host, "calls", "500")))
        mine[name] = Math.min(mine[name] ?? value, value);
    }
  return best;
}

/** Ours on a file of its own, from the launcher to ready. */
async function ours(
  file: string,
  ...options: readonly string[]
): Promise<Peer & { process: Running; milliseconds: number }> {
  const host = `127.0.0.1:${await freePort()}`;
  const launcher = join(import.meta.dirname, "../bin/DataBaseds");
  const begun = performance.now();
  const args = ["2", "--file", file, ...options, "-ORBendPoint", `giop:tcp:${host}`];
  const started = await run(launcher, args, { ready: /Ready to accept request/, patience: 60_000 });
  return { name: ["ours", ...options].join(" "), host, process: started, milliseconds: performance.now() - begun };
}

async function pytangos(folder: string): Promise<Peer & { process: Running }> {
  const port = await freePort();
  const args = ["-m", "tango.databaseds.database", "--host=127.0.0.1", `--port=${port}`, "2"];
  const env = { ...process.env, TANGO_HOST: `127.0.0.1:${port}` };
  const started = await run(python, args, { cwd: folder, env, ready: /Ready to accept request/, patience: 30_000 });
  return { name: "PyTango", host: `127.0.0.1:${port}`, process: started };
}

/** Puts 100,000 devices of 2,000 servers into both, each in the way that is quick for it. */
function fillOurs(file: string): void {
  using store = openStore(file);
  store.database.exec("BEGIN");
  for (let at = 1; at <= many; at++) {
    const number = String(at).padStart(6, "0");
    addDevice(store, `Bench/${at % 2000}`, `bench/${at % 20}/${number}`, "Bench", "");
  }
  store.database.exec("UPDATE device SET exported = 1 WHERE domain = 'bench' AND name LIKE '%7'; COMMIT");
}

type SqlEnv = Readonly<Record<string, string>>;

function mysql({ MYSQL_HOST = "" }: SqlEnv, account: readonly string[], input: string): void {
  const [host = "", port = ""] = MYSQL_HOST.split(":");
  execFileSync("mysql", ["--no-defaults", "-h", host, "-P", port, ...account], { input });
}

function fillMariaDb(env: SqlEnv): void {
  const sql = `INSERT INTO device (name, domain, family, member, server, class, exported, ior, host, version)
    SELECT CONCAT('bench/', seq % 20, '/', LPAD(seq, 6, '0')), 'bench', seq % 20, LPAD(seq, 6, '0'),
      CONCAT('Bench/', seq % 2000), 'Bench', seq % 10 = 7, 'nada', 'nada', '0' FROM seq_1_to_${many}`;
  mysql(env, ["-utango", "-ptango", "tango"], `${sql};`);
}

/** What 200 servers of 50 devices do at their start, all at once; milliseconds until the last is exported. */
async function startAll(host: string): Promise<number> {
  await using setup = controlSystem({ host });
  const names = Array.from({ length: startups.servers }, (_, index) => `Start/${index}`);
  const devicesOf = (server: string) =>
    Array.from({ length: startups.devices }, (_, index) => `start/${server.split("/")[1]}/${index}`);
  for (const server of names) {
    const declared = devicesOf(server).map((device) => ({ device, class: "Start" }));
    await setup.database().addServer(server, [...declared, { device: `dserver/${server}`, class: "DServer" }]);
  }
  const ior = `IOR:${"0123456789abcdef".repeat(20)}`;
  const begun = performance.now();
  await Promise.all(
    names.map(async (server) => {
      await using system = controlSystem({ host });
      const database = system.database();
      await database.serverCache(server, "bench%%10");
      await database.unexportEvent(`dserver/${server}`).catch(() => {});
      const devices = [...devicesOf(server), `dserver/${server}`];
      const record = { ior, host: "bench", pid: 1, version: "6" };
      await Promise.all(devices.map((device) => database.exportDevice({ device, ...record })));
    }),
  );
  return performance.now() - begun;
}

/** The original loses connections when so many come at once: three tries, each told, then no figure. */
async function patiently(attempt: () => Promise<number>): Promise<number> {
  for (let left = 3; left > 0; left--)
    try {
      return await attempt();
    } catch (error) {
      console.log(`the original fails: ${(error as Error).message.split("\n")[0]}`);
    }
  return Number.NaN;
}

const residentMiB = (pid: number | undefined) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

const folder = mkdtempSync(join(tmpdir(), "bench-database-"));
try {
  await using stack = await tangoStack({ tangoTest: false });
  const real: Peer = { name: "MariaDB", host: stack.host };
  {
    const quick = await ours(join(folder, "quick.sqlite"));
    await using _quick = quick.process;
    const safe = await ours(join(folder, "safe.sqlite"), "--power-safe");
    await using _safe = safe.process;
    const pytango = await pytangos(folder);
    await using _pytango = pytango.process;
    const peers = [quick, real, pytango, safe];
    print("one call, ms (best median of 3 x 500)", peers, await bestOf(3, peers));
    const name = `${startups.servers} servers of ${startups.devices} devices`;
    const [mine, theirs] = [await startAll(quick.host), await patiently(() => startAll(real.host))];
    print("starting at once, ms", [quick, real], [{ [name]: mine }, { [name]: theirs }]);
  }
  const file = join(folder, "large.sqlite");
  fillOurs(file);
  fillMariaDb(stack.sqlEnv);
  const large = await ours(file);
  await using embedded = large.process;
  const peers = [large, real];
  const figures: Figures[] = [];
  for (const peer of peers) figures.push(await client(peer.host, "lists"));
  print(`${many} devices, ms (median)`, peers, figures);
  console.log(`ours with ${many} devices: start to ready ${large.milliseconds.toFixed(0)} ms`);
  console.log(`ours with ${many} devices: resident after the lists ${residentMiB(embedded.child.pid).toFixed(0)} MiB`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
