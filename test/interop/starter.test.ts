// SPDX-License-Identifier: MIT
// Hosts administered in Astor's order of calls, on the embedded database: C++ and TypeScript servers under our Starter and
// under the original one. Both must look the same to Astor.
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { connect, controlSystem } from "../../tango/index.ts";
import { type EmbeddedDatabase, embeddedDatabase } from "../world/embedded-database.ts";
import { debianPython, describeWith, python } from "../world/peers.ts";
import { run } from "../world/process.ts";

const bin = join(import.meta.dirname, "../../bin");
const host = hostname().toLowerCase().split(".")[0] ?? "";
const ready = /Ready to accept request/;

interface HostWorld extends AsyncDisposable {
  readonly database: EmbeddedDatabase;
  readonly servers: readonly string[];
  readonly folder: string;
}

/** A database that knows a Starter and two servers of this host; what was started is ended, whoever started it. */
async function hostWorld(): Promise<HostWorld> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "starter-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const database = stack.use(await embeddedDatabase());
  // The process list is the whole machine's: instances of this test alone.
  const instance = `s${process.pid}x${database.host.split(":")[1]}`;
  const servers = [`TangoTest/${instance}`, `SimulatedMotor/${instance}`];
  const register = (server: string, name: string, device: string) =>
    execFileSync("tango_admin", ["--add-server", server, name, device], { env: database.env });
  register(`Starter/${host}`, "Starter", `tango/admin/${host}`);
  for (const server of servers) register(server, server.split("/")[0] ?? "", `${server.toLowerCase()}/1`);
  const property = (name: string, value: string) =>
    execFileSync("tango_admin", ["--add-property", `tango/admin/${host}`, name, value], { env: database.env });
  property("StartDsPath", `/usr/lib/tango,${bin}`);
  property("LogFileHome", folder);
  stack.defer(() => {
    for (const pid of pidsOf(instance)) process.kill(pid, "SIGKILL");
  });
  const owned = stack.move();
  return { database, servers, folder, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function pidsOf(instance: string): number[] {
  const lines = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.split(/\s+/).includes(instance)).map((line) => Number.parseInt(line.trim(), 10));
}

async function administer(interpreter: string, { database, servers }: HostWorld): Promise<unknown> {
  const script = join(import.meta.dirname, "../world/astor.py");
  const options = { env: database.env, timeout: 150_000 };
  return JSON.parse((await promisify(execFile)(interpreter, [script, host, ...servers], options)).stdout);
}

const expected = ([first = "", last = ""]: readonly string[]) => ({
  starters: [`tango/admin/${host}`],
  listed: ["FAULT", "FAULT"],
  started: ["ON", "ON"],
  again: { reason: "ALREADY_RUNNING", desc: `${first} is already running !` },
  "no file": "CANNOT_RUN_FILE",
  controlled: true,
  "all on": "ON",
  "host state": 0,
  running: [first, last].sort(),
  hosts: [host, host],
  stopped: ["FAULT", "ON"],
  alarm: "ALARM",
  "alarm status": "At least one of the  controlled servers is not running",
  "stop again": { reason: "SERVER_NOT_RUNNING", desc: `${first} is NOT running !` },
  "stop unknown": { reason: "NoSuchServer/x: Unknown Server !", desc: "NoSuchServer/x: Unknown Server !" },
  "not running": true,
  "started again": ["ON", "ON"],
  killed: ["ON", "FAULT"],
  "kill again": { reason: "SERVER_NOT_RUNNING", desc: `Server ${last} is not running !` },
  "started after kill": ["ON", "ON"],
  "all down": ["FAULT", "FAULT"],
  off: "OFF",
  "off status": "All controlled servers are not running",
  "all up": ["ON", "ON"],
  "on status": ["ON", "All controlled servers are running"],
  log: [`${last} stopped`, `${first} stopped`],
  statistics: true,
  "server log": true,
  "no log": true,
  reset: ["ON", "ON"],
  events: ["servers", "state"],
  gone: ["FAULT", "FAULT"],
});

describeWith(["PyTango 10.3", "PyTango 9.3", "TangoTest", "tango_admin"], "our Starter", () => {
  test.each([python, debianPython])(
    "is administered in Astor's way from %s",
    { timeout: 180_000 },
    async (interpreter) => {
      await using world = await hostWorld();
      await using _starter = await run(join(bin, "Starter"), [host], { env: world.database.env, ready });
      expect(await administer(interpreter, world)).toEqual(expected(world.servers));
    },
  );
});

describeWith(["PyTango 10.3", "TangoTest", "tango_admin"], "servers of a Starter", () => {
  test("outlive it, are found again, and two starts at once are one", async () => {
    await using world = await hostWorld();
    const { env, host: tangoHost } = world.database;
    const [server = ""] = world.servers;
    const instance = server.split("/")[1] ?? "";
    await using system = controlSystem({ host: tangoHost });
    await system.database().exportDevice({ device: `dserver/${server}`, ior: "null", host, pid: 0, version: "null" });
    await system.database().unexportDevice(`dserver/${server}`);
    await using starter = await connect(`tango/admin/${host}`, { system, lazy: true });
    const line = async () => ((await starter.read("Servers")) as string[]).find((text) => text.startsWith(server));
    const shows = (text: string) => expect.poll(line, { timeout: 15_000 }).toBe(`${server}\t${text}`);
    {
      await using _first = await run(join(bin, "Starter"), [host], { env, ready });
      const starts = await Promise.allSettled([1, 2, 3].map(() => starter.call("DevStart", server)));
      expect(starts.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
      await shows("ON\t0\t0\t1");
    }
    expect(pidsOf(instance)).toHaveLength(1);
    await system.database().putServerInfo({ server, host, mode: 1, level: 1 });
    await using second = await run(join(bin, "Starter"), [host], { env, ready });
    await shows("ON\t1\t1\t1");
    await expect(starter.call("DevStart", server)).rejects.toThrow("is already running !");
    // Init reads the properties again and forgets nobody.
    await system
      .database()
      .deviceProperties(`tango/admin/${host}`)
      .write({ StartDsPath: [world.folder] });
    await starter.call("Init");
    const nowhere = `not found in 'StartDsPath' property:\n - ${world.folder}\n`;
    await expect(starter.call("DevStart", "NoSuchServer/x")).rejects.toThrow(nowhere);
    await shows("ON\t1\t1\t1");
    await system
      .database()
      .deviceProperties(`tango/admin/${host}`)
      .write({ StartDsPath: ["/usr/lib/tango"] });
    await starter.call("DevStop", server);
    await shows("FAULT\t1\t1\t0");
    expect(await second.stop()).toBe(0);
    const log = readFileSync(join(world.folder, "ds.log/Starter.log"), "utf8").split("\n");
    expect(log.map((text) => text.split("\t")[1])).toEqual([
      "Starter shutdown", `${server} stopped`, "Starter startup",
      "Starter shutdown", `${server} started`, "Starter startup", undefined,
    ]); // biome-ignore format: newest first
    // One that is to run is started with the Starter.
    await using _third = await run(join(bin, "Starter"), [host], { env, ready });
    await shows("ON\t1\t1\t1");
  });

  test("are started again when they fail, unless they were stopped", async () => {
    await using world = await hostWorld();
    const [, server = ""] = world.servers;
    await using system = controlSystem({ host: world.database.host });
    const database = system.database();
    await database.exportDevice({ device: `dserver/${server}`, ior: "null", host, pid: 0, version: "null" });
    await database.unexportDevice(`dserver/${server}`);
    await database.putServerInfo({ server, host, mode: 1, level: 1 });
    await database.deviceProperties(`tango/admin/${host}`).write({ AutoRestartDuration: ["2"] });
    const env = { ...world.database.env, DEBUG: "true" }; // seconds for minutes
    await using _starter = await run(join(bin, "Starter"), [host], { env, ready });
    await using starter = await connect(`tango/admin/${host}`, { system });
    const statistics = async () => String(await starter.call("DevReadLog", "Statistics").catch(() => "")).split("\n");
    const statisticsSay = (count: number, text: RegExp) =>
      expect
        .poll(async () => (await statistics()).filter((line) => text.test(line)).length, { timeout: 20_000 })
        .toBe(count);
    await statisticsSay(1, /\tON\t/);
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    await starter.call("HardKillServer", server);
    await statisticsSay(1, /\tON\t.*\ttrue$/);
    await statisticsSay(1, /\tFAULT\t/);
    await starter.call("DevStop", server);
    await statisticsSay(2, /\tFAULT\t/);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await statisticsSay(2, /\tON\t/);
  });

  test("are not taken over by a Starter of another host", async () => {
    const refused = promisify(execFile)(join(bin, "Starter"), ["elsewhere"], { env: { ...process.env, DEBUG: "" } });
    const stderr = `This server must run on elsewhere and not on ${host}\n`;
    await expect(refused).rejects.toMatchObject({ code: 255, stderr });
  });
});

describeWith(["PyTango 10.3", "Starter", "TangoTest", "tango_admin"], "the original Starter", () => {
  test("runs C++ and TypeScript servers of the embedded database alike", { timeout: 180_000 }, async () => {
    await using world = await hostWorld();
    await using _starter = await run("/usr/lib/tango/Starter", [host], { env: world.database.env, ready });
    expect(await administer(python, world)).toEqual(expected(world.servers));
  });
});
