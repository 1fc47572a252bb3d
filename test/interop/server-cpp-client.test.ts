// SPDX-License-Identifier: MIT
// A C++ client cannot tell our TangoTest from the C++ one: the same program, run on both, prints the same lines. Over TCP, and
// over the unix socket that a server of the real database offers to clients of its host.
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addressesOf, ObjectReference } from "../../tango/giop/index.ts";
import { controlSystem } from "../../tango/index.ts";
import { describeWith } from "../world/peers.ts";
import { type Running, run } from "../world/process.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

const execute = promisify(execFile);
const launcher = join(import.meta.dirname, "../../bin/TangoTest");
const ready = /Ready to accept request/;

describeWith(["DataBaseds on MariaDB", "TangoTest", "a C++ compiler and libtango"], "a C++ client", () => {
  let stack: TangoStack;
  let server: Running;
  const folder = mkdtempSync(join(tmpdir(), "cpp-client-"));
  const program = join(folder, "client");
  let overTcp: readonly string[] = [];
  beforeAll(async () => {
    const flags = execFileSync("pkg-config", ["--cflags", "--libs", "tango"], { encoding: "utf8" }).trim().split(/\s+/);
    const source = join(import.meta.dirname, "../world/cpp-client.cpp");
    const compiling = execute("g++", ["-std=c++17", "-w", source, "-o", program, ...flags, "-lpthread"]);
    stack = await tangoStack();
    await using system = controlSystem({ host: stack.host });
    await system.database().addServer("TangoTest/cpp", [{ device: "test/cpp/ours", class: "TangoTest" }]);
    server = await run(launcher, ["cpp"], { env: stack.env, ready });
    await compiling;
  }, 120_000);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the client prints, line by line, without the device's own name. */
  async function lines(device: string, rule?: string): Promise<string[]> {
    const env = { ...stack.env, ...(rule && { ORBclientTransportRule: rule }) };
    const { stdout } = await execute(program, [device], { env, encoding: "latin1", timeout: 60_000 });
    return stdout.split("\n");
  }
  test("prints the same on the C++ server and on ours", async () => {
    const [theirs, ours] = await Promise.all([lines("sys/tg_test/1", "* tcp"), lines("test/cpp/ours", "* tcp")]);
    expect(ours.length).toBeGreaterThan(70);
    expect(ours).toEqual(theirs);
    overTcp = ours;
  });

  test("and over the unix socket that our server offers on the real database", async () => {
    const running = lines("test/cpp/ours");
    const path = await socketPath();
    // State 03: connected. The server's own end has the path, and there is one more for each client.
    await expect.poll(() => connections(path) > 0, { interval: 5, timeout: 10_000 }).toBe(true);
    expect(await running).toEqual(overTcp);
  });

  /** What the reference that our server has given to the database says. */
  async function socketPath(): Promise<string> {
    await using system = controlSystem({ host: stack.host });
    const { ior } = await system.database().importDevice("test/cpp/ours");
    const [profile] = ObjectReference.parse(ior).profiles;
    const local = profile && addressesOf(profile, hostname()).find((address) => "path" in address);
    return local && "path" in local ? local.path : "none offered";
  }
  const connections = (path: string) =>
    readFileSync("/proc/net/unix", "utf8")
      .split("\n")
      .filter((line) => line.endsWith(` ${path}`) && /^\S+ \S+ \S+ \S+ 0001 03 /.test(line)).length;
});
