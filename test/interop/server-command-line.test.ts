// SPDX-License-Identifier: MIT
// How a server starts, refuses to, and ends: our TangoTest beside the C++ one, with the same arguments and signals.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, controlSystem } from "../../tango/index.ts";
import { describeWith } from "../world/peers.ts";
import { freePorts } from "../world/ports.ts";
import { run } from "../world/process.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

const programs = {
  cpp: "/usr/lib/tango/TangoTest",
  ours: join(import.meta.dirname, "../../bin/TangoTest"),
} as const;
type Program = keyof typeof programs;
const ready = /Ready to accept request/;

describeWith(["DataBaseds on MariaDB", "TangoTest"], "a server's command line", () => {
  let stack: TangoStack;
  const folder = mkdtempSync(join(tmpdir(), "command-line-"));
  beforeAll(async () => {
    stack = await tangoStack({ tangoTest: false });
    await using system = controlSystem({ host: stack.host });
    const both = [
      { device: "line/cpp/1", class: "TangoTest" },
      { device: "line/cpp/2", class: "TangoTest" },
    ];
    await system.database().addServer("TangoTest/cpp", both);
    await system.database().addServer("TangoTest/ours", [{ device: "line/ours/1", class: "TangoTest" }]);
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Exit code and what was said, without the program's own path. */
  async function ended(program: Program, args: readonly string[], env: NodeJS.ProcessEnv = stack.env) {
    const child = spawn(programs[program], args, { env, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
    const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
    const [code] = await once(child, "close");
    clearTimeout(timer);
    const plain = said.replaceAll(programs[program], "TangoTest").replaceAll(/\s+\n/g, "\n");
    return { code, said: plain.trim() };
  }

  const endpoint = ["-ORBendPoint", "giop:tcp:127.0.0.1:1"];
  test.each([
    ["no instance", []],
    ["help", ["-?"]],
    ["an instance the database does not know", ["nosuch"]],
    ["no database and no endpoint", ["x", "-nodb"]],
    ["a device without family", ["x", "-nodb", "-dlist", "a/b", ...endpoint]],
  ] as const)("%s: the same words and the same status", async (_, args) => {
    const [cpp, ours] = await Promise.all([ended("cpp", args), ended("ours", args)]);
    expect(cpp.code).toBe(255);
    expect(ours).toEqual(cpp);
  });

  test("what the C++ server ends with an exception for, ours refuses in one line", async () => {
    const refusals: readonly (readonly [readonly string[], RegExp])[] = [
      [["x", "-nodb", "-dlist", "Foo::a/b/c", ...endpoint], /Foo/i],
      [["x", `-file=${join(folder, "missing")}`, ...endpoint], /missing/],
      [["x", "-nodb", "-dlist", "a/b/c", "-ORBendPoint", "nonsense"], /ORBendPoint/],
      [["x", "-unknown"], /-unknown/],
    ];
    for (const [args, words] of refusals) {
      const { code, said } = await ended("ours", args);
      expect([args, code]).toEqual([args, 255]);
      expect(said).toMatch(words);
      expect(said).not.toMatch(/\n\s+at /);
    }
  });

  test("no control system: said so, status 255", async () => {
    const [port = 0] = await freePorts(1);
    const nobody = { ...stack.env, TANGO_HOST: `127.0.0.1:${port}` };
    const [cpp, ours] = await Promise.all([ended("cpp", ["cpp"], nobody), ended("ours", ["ours"], nobody)]);
    expect([ours.code, cpp.code]).toEqual([255, 255]);
    for (const { said } of [cpp, ours])
      expect(said).toContain("Can't build connection to TANGO database server, exiting");
    expect(ours.said.split("\n").length).toBeLessThan(4);
  });

  test("TANGO_HOST and ports of events from ~/.tangorc", async () => {
    const [event = 0, heartbeat = 0] = await freePorts(2);
    const lines = [
      `TANGO_HOST=${stack.host} # ours`,
      `TANGO_ZMQ_EVENT_PORT = ${event}`,
      `TANGO_ZMQ_HEARTBEAT_PORT=${heartbeat}`,
    ];
    writeFileSync(join(folder, ".tangorc"), lines.join("\n"));
    const { TANGO_HOST: _, ...without } = stack.env;
    await using _server = await run(programs.ours, ["ours"], { env: { ...without, HOME: folder }, ready });
    rmSync(join(folder, ".tangorc"));
    await using system = controlSystem({ host: stack.host });
    await using admin = await connect("dserver/TangoTest/ours", { system });
    const subscription = ["line/ours/1", "State", "subscribe", "change", "5"];
    const { svalue } = (await admin.call("ZmqEventSubscriptionChange", subscription)) as { svalue: readonly string[] };
    expect([svalue[0], svalue[1]]).toEqual([
      expect.stringMatching(`:${heartbeat}$`),
      expect.stringMatching(`:${event}$`),
    ]);
  });

  test("TANGO_LOG_PATH: where files of logs are by default", async () => {
    const targets = async (program: Program) => {
      const env = { ...stack.env, TANGO_LOG_PATH: join(folder, "logs") };
      await using _server = await run(programs[program], [program], { env, ready, cwd: folder });
      await using system = controlSystem({ host: stack.host });
      await using admin = await connect(`dserver/TangoTest/${program}`, { system });
      await admin.call("AddLoggingTarget", [`line/${program}/1`, "file"]);
      const found = (await admin.call("GetLoggingTarget", `line/${program}/1`)) as readonly string[];
      return found.map((target) => target.replaceAll(program, "NAME"));
    };
    const cpp = await targets("cpp");
    expect(cpp).toEqual([`file::${join(folder, "logs/TangoTest/NAME/line_NAME_1.log")}`]);
    expect(await targets("ours")).toEqual(cpp);
  });

  test.each(["cpp", "ours"] as const)("%s: a second one does not start, a signal ends the first", async (program) => {
    const server = await run(programs[program], [program], { env: stack.env, ready, cwd: folder });
    await using system = controlSystem({ host: stack.host });
    const exported = async () => (await system.database().importDevice(`line/${program}/1`)).exported;
    expect(await exported()).toBe(true);
    expect(await ended(program, [program])).toMatchObject({
      code: 255,
      said: expect.stringContaining("This server is already running, exiting!"),
    });
    await server.stop("SIGTERM");
    expect(await exported()).toBe(false);
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      await using again = await run(programs[program], [program], { env: stack.env, ready, cwd: folder });
      await again.stop(signal);
      // One that was killed is still exported; the next start takes no notice of that.
      expect(await exported()).toBe(signal === "SIGKILL");
    }
  });

  test.each(["-v", "-v2", "-v4", "-v5"])("%s: the levels are those of the C++ server", async (verbosity) => {
    const levels = async (program: Program) => {
      await using _server = await run(programs[program], [program, verbosity], {
        env: stack.env,
        ready,
        cwd: folder,
      });
      await using system = controlSystem({ host: stack.host });
      await using admin = await connect(`dserver/TangoTest/${program}`, { system });
      const { lvalue } = (await admin.call("GetLoggingLevel", ["*/1", "dserver/*"])) as { lvalue: Int32Array };
      return [...lvalue];
    };
    const [cpp, ours] = await Promise.all([levels("cpp"), levels("ours")]);
    expect(ours).toEqual(cpp);
  });
});
