// SPDX-License-Identifier: MIT
// Where the log of a device goes: to consumers, to files that are kept short, to the console. As it was recorded on cppTango
// servers, with a consumer and a client of PyTango.
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  command, controlSystem, DevString, DevVoid, defineInterface, deviceClass, type RunningServer, startServer,
} from "../../tango/index.ts"; // biome-ignore format: a list
import { pyTangos } from "../world/everything.ts";
import { describeWith } from "../world/peers.ts";
import { run } from "../world/process.ts";
import { type PyTangoClient, pyTangoClient } from "../world/pytango.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

const talking = defineInterface({
  name: "Talking",
  commands: { Say: command(DevString, DevVoid), SayMuch: command(DevVoid, DevVoid) },
});
/** Says everything at every level, or 20 kB at one. */
const Talking = deviceClass(talking, ({ log }) => ({
  Say: (text) => {
    log.debug(`dbg ${text}`);
    log.info(`inf ${text}`);
    log.warn(`wrn ${text}`);
    log.error(`err ${text}`);
    log.fatal(`fat ${text}`);
  },
  SayMuch: () => log.info("x".repeat(20_000)),
}));

describeWith(["DataBaseds on MariaDB", "PyTango 10.3"], "logging", () => {
  const folder = mkdtempSync(join(tmpdir(), "server-logging-"));
  const resources = new AsyncDisposableStack();
  let stack: TangoStack;
  let server: RunningServer;
  let client: PyTangoClient;
  beforeAll(async () => {
    stack = resources.use(await tangoStack({ tangoTest: false }));
    await using system = controlSystem({ host: stack.host });
    const database = system.database();
    await database.addServer("Talking/t", ["1", "2"].map((name) => ({ device: `log/talking/${name}`, class: "Talking" }))); // biome-ignore format: one thing
    await database.addServer("LogConsumer/t", [{ device: "log/consumer/1", class: "LogConsumer" }]);
    const script = join(import.meta.dirname, "../world/log-consumer.py");
    resources.use(await run(pyTangos["PyTango 10.3"], [script, "t"], { env: stack.env, ready: /Ready to accept/ }));
    server = resources.use(
      await startServer({
        server: "Talking/t",
        classes: [Talking],
        database: stack.host,
        write: () => {},
      }),
    );
    client = resources.use(await pyTangoClient("PyTango 10.3", { TANGO_HOST: stack.host }));
    await client.py(`
      import json
      d, c, a = (tango.DeviceProxy(n) for n in ("log/talking/1", "log/consumer/1", "dserver/Talking/t"))
      def targets(name="log/talking/1"): return sorted(a.GetLoggingTarget(name))
      def heard(): return json.loads(c.Heard())
    `);
  });
  afterAll(async () => {
    await resources.disposeAsync();
    rmSync(folder, { recursive: true, force: true });
  });
  const py = (source: string) => client.py(source);

  test("a log consumer of PyTango gets every message, with its level and its device", async () => {
    expect(server.trl("log/talking/1")).toContain("log/talking/1");
    const before = (await py(`targets()`)) as string[];
    await py(`
      a.SetLoggingLevel(([5], ["log/talking/1"]))
      a.AddLoggingTarget(["log/talking/1", "device::log/consumer/1"])
      d.Say("todev")
    `);
    expect(await py(`targets()`)).toEqual([...before, "device::log/consumer/1"].sort());
    expect(await py(`until(lambda: len(heard()) >= 5)`)).toBe(true);
    const said = (await py(`heard()`)) as string[][];
    // cppTango's arrive in any order.
    expect(said.map(([, level, device, message, ndc]) => [level, device, message, ndc]).sort()).toEqual([
      ["DEBUG", "log/talking/1", "dbg todev", ""],
      ["ERROR", "log/talking/1", "err todev", ""],
      ["FATAL", "log/talking/1", "fat todev", ""],
      ["INFO", "log/talking/1", "inf todev", ""],
      ["WARN", "log/talking/1", "wrn todev", ""],
    ]);
    for (const [milliseconds] of said) expect(Math.abs(Number(milliseconds) - Date.now())).toBeLessThan(60_000);
    await py(`a.RemoveLoggingTarget(["log/talking/1", "device::log/consumer/1"]); d.Say("again")`);
    expect([await py(`targets()`), await py(`len(heard())`)]).toEqual([before, 5]);
    expect(await py(`errors_of(lambda: a.AddLoggingTarget(["log/talking/1", "device::a/b/c"]))[0]`)).toEqual([
      "API_ConnectionFailed",
      expect.stringContaining("a/b/c"),
    ]);
  });

  test("targets are named once, by pattern too; a file without a name has one", async () => {
    await py(`
      for target in ("console", "console::cout", "file", "file::"): a.AddLoggingTarget(["log/talking/1", target])
    `);
    expect(await py(`targets()`)).toEqual([
      "console::cout",
      expect.stringMatching(/^file::.*\/Talking\/t\/log_talking_1\.log$/),
    ]);
    await py(`a.RemoveLoggingTarget(["log/talking/1", "file::*"])`);
    expect(await py(`targets()`)).toEqual(["console::cout"]);
    await py(`a.AddLoggingTarget(["*", "console::cout"])`);
    expect(await py(`targets("log/talking/2")`)).toEqual(["console::cout"]);
    expect(await py(`errors_of(lambda: a.GetLoggingTarget("*"))[0]`)).toEqual([
      "API_DeviceNotFound",
      "Device * not found",
    ]);
    await py(`a.RemoveLoggingTarget(["*", "console::cout"])`);
    // Init keeps what clients have set.
    await py(`a.SetLoggingLevel(([4], ["log/talking/1"])); d.Init()`);
    expect(await py(`[int(a.GetLoggingLevel(["log/talking/1"])[0][0]), targets()]`)).toEqual([4, []]);
  });

  test("a file that has grown beyond logging_rft goes on as a new one, and one old one is kept", async () => {
    const file = join(folder, "rotated.log");
    await py(`
      tango.Database().put_device_property("log/talking/2", {"logging_rft": ["500"], "logging_level": ["INFO"],
                                                             "logging_target": ["file::${file}"]})
      a.DevRestart("log/talking/2")
      e = tango.DeviceProxy("log/talking/2")
      for _ in range(70): e.SayMuch()
    `);
    const sizes = () => readdirSync(folder).filter((name) => name.startsWith("rotated")).sort().map((name) => [name, statSync(join(folder, name)).size] as const); // biome-ignore format: one thing
    await expect
      .poll(() => sizes().map(([name]) => name), { timeout: 10_000 })
      .toEqual(["rotated.log", "rotated.log.1"]);
    // 70 messages of 20 kB: two files were full, one of which is gone.
    await expect.poll(() => sizes()[0]?.[1] ?? 0, { timeout: 10_000 }).toBeGreaterThan(300_000);
    for (const [, size] of sizes()) expect(size).toBeLessThan(560_000);
  });

  test("started with -v5 every device says everything, on the console", async () => {
    await using system = controlSystem({ host: stack.host });
    await system.database().addServer("TangoTest/v", [{ device: "log/v/1", class: "TangoTest" }]);
    const launcher = join(import.meta.dirname, "../../bin/TangoTest");
    await using started = await run(launcher, ["v", "-v5"], { env: stack.env, ready: /Ready to accept request/ });
    expect(
      await py(`
        v = tango.DeviceProxy("dserver/TangoTest/v")
        [[int(x) for x in v.GetLoggingLevel(["*"])[0]], list(v.GetLoggingTarget("log/v/1"))]
      `),
    ).toEqual([[5, 5], ["console::cout"]]);
    await py(`tango.DeviceProxy("log/v/1").command_inout("State")`);
    expect(started.output()).toContain("Ready to accept request");
  });
});
