// SPDX-License-Identifier: MIT
// Polling, histories, pipes, logging, locks and groups on real servers.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ControlSystem, DeviceProxy } from "../../tango/index.ts";
import { connect, controlSystem, group } from "../../tango/index.ts";
import { everythingServer, type PyTango } from "../world/everything.ts";
import { describeWith, python } from "../world/peers.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

/** Asks until the answer fits. */
async function eventually<T>(what: string, ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > end) throw new Error(`${what}: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describeWith(["DataBaseds on MariaDB", "TangoTest", "PyTango 9.3", "PyTango 10.3"], "control of real servers", () => {
  let stack: TangoStack;
  let system: ControlSystem;
  beforeAll(async () => {
    stack = await tangoStack();
    system = controlSystem({ host: stack.host });
  }, 60_000);
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
  });

  test.each(["PyTango 9.3", "PyTango 10.3"] as const)(
    "%s: polling, histories, logging, locks",
    async (which: PyTango) => {
      await using server = await everythingServer(stack, which, `control${which === "PyTango 9.3" ? 9 : 10}`);
      await using device = await connect(server.device, { system });
      await polled(device);
      await logged(device);
      await locked(device, stack);
      if (which === "PyTango 9.3") await piped(device);
    },
  );

  test("C++ TangoTest: histories of spectra, images and commands; logging; locks", async () => {
    await using device = await connect("sys/tg_test/1", { system });
    for (const name of ["double_spectrum_ro", "long_scalar", "ushort_image_ro"]) {
      await device.polling.start("attribute", name, 100);
      const history = await eventually(
        name,
        () => device.attributeHistory(name, 3).catch(() => []),
        ({ length }) => length === 3,
      );
      for (const reading of history) expect(reading).toMatchObject({ name, quality: "VALID", error: undefined });
      expect(history.map(({ time }) => time)).toEqual(history.map(({ time }) => time).toSorted());
      const now = await device.readAttribute(name);
      const shape = (value: unknown) => (value as { shape?: number[] }).shape ?? (value as { length?: number }).length;
      expect(shape(history[2]?.value)).toEqual(shape(now.value));
      expect(history[2]?.type).toBe(now.type);
      await device.polling.stop("attribute", name);
    }
    await device.polling.start("command", "State", 100);
    const states = await eventually(
      "states",
      () => device.commandHistory("State", 2).catch(() => []),
      ({ length }) => length === 2,
    );
    expect(states).toMatchObject([{ value: "RUNNING" }, { value: "RUNNING" }]);
    await device.polling.stop("command", "State");
    await logged(device);
    await locked(device, stack);
  });

  test.each(["PyTango 9.3", "PyTango 10.3"] as const)("%s: a lock that somebody breaks is lost", async (which) => {
    await using server = await everythingServer(stack, which, `broken${which === "PyTango 9.3" ? 9 : 10}`);
    await using device = await connect(server.device, { system });
    await using lock = await device.lock({ validity: 2 });
    const broken = new Promise((resolve) => lock.lost.addEventListener("abort", resolve, { once: true }));
    await unlockElsewhere(device.name, stack);
    await broken;
    expect(lock.lost.reason).toMatchObject({
      errors: [{ reason: "API_DeviceNotLocked" }, { reason: "API_CommandFailed" }],
    });
    await expect(device.write("double_scalar", 2)).rejects.toThrow(/API_DeviceUnlocked/);
  });

  test("groups: patterns, trees, partial failures", async () => {
    await using server = await everythingServer(stack, "PyTango 10.3", "grouped");
    await system.database().addServer("Ghost/1", [{ device: "a/ghost/1", class: "Ghost" }]);
    const inner = await group("inner", ["a/ghost/*"], { system });
    const all = await group("all", ["sys/tg_test/*", server.device, inner], { system });
    expect(all.devices.map(({ name }) => name)).toEqual(["sys/tg_test/1", server.device, "a/ghost/1"]);
    expect(all.find("INNER")).toBe(inner);
    const read = await all.read("double_scalar");
    expect(read.map(({ device, value }) => [device, typeof value])).toEqual([
      ["sys/tg_test/1", "number"],
      [server.device, "number"],
      ["a/ghost/1", "undefined"],
    ]);
    expect(read[2]?.error).toHaveProperty("reason", "API_DeviceNotExported");
    const written = await all.writeEach("double_scalar", [1, 2, 3]);
    expect(written.map(({ error }) => error === undefined)).toEqual([true, true, false]);
    expect((await all.readAttributes(["double_scalar"]))[1]?.value?.[0]).toMatchObject({ set: 2 });
    expect((await all.call("State")).map(({ value }) => value)).toEqual(["RUNNING", "ON", undefined]);
    expect((await all.ping())[0]?.value).toBeGreaterThan(0);
    expect(() => all.callEach("State", [1])).toThrow(/1 values for 3 devices/);
    expect((await all.callEach("DevDouble", [1.5, 2, 3])).map(({ value }) => value)).toEqual([
      1.5,
      undefined,
      undefined,
    ]);

    expect([all.device("SYS/tg_test/1")?.name, all.device("a/b/c")]).toEqual(["sys/tg_test/1", undefined]);
    expect(["a/ghost/*", "inner", "*/tg_test/1", "tg_test"].map((name) => all.contains(name))).toEqual([
      true, true, true, false,
    ]); // biome-ignore format: short
    expect((await all.without("*/ghost/*").ping()).every(({ error }) => error === undefined)).toBe(true);
    expect(all.without("Inner").devices.length).toBe(2);
    expect(all.devices.length).toBe(3);
    const [first] = all.devices;
    if (!first) throw new Error("the group has devices");
    const more = await group("more", [first, all.without("sys*")], { system });
    expect(more.devices.map(({ name }) => name)).toEqual(["sys/tg_test/1", server.device, "a/ghost/1"]);
  });
});

async function polled(device: DeviceProxy): Promise<void> {
  await device.polling.start("attribute", "double_scalar", 100);
  await device.polling.start("attribute", "double_scalar", 50);
  await device.polling.start("attribute", "failing", 100);
  expect(await device.polling.list()).toMatchObject(
    expect.arrayContaining([expect.objectContaining({ kind: "attribute", name: "double_scalar", period: 50 })]),
  );
  await device.write("double_scalar", 1.25);
  const history = await eventually(
    "history",
    () => device.attributeHistory("double_scalar", 4).catch(() => []),
    (readings) => readings.length === 4 && readings.at(-1)?.value === 1.25 && readings[0]?.value === 1.25,
  );
  for (const reading of history)
    expect(reading).toMatchObject({ value: 1.25, set: 1.25, type: "DevDouble", format: "SCALAR" });
  const failures = await eventually(
    "failures",
    () => device.attributeHistory("failing", 2).catch(() => []),
    ({ length }) => length === 2,
  );
  for (const { error, value } of failures) expect([error?.reason, value]).toEqual(["MyReason", undefined]);
  await expect(device.attributeHistory("short_scalar", 1)).rejects.toMatchObject({
    errors: [{ reason: "API_AttrNotPolled" }],
  });
  device.source = "CACHE";
  expect(await device.read("double_scalar")).toBe(1.25);
  device.source = "CACHE_DEV";
  await device.polling.stop("attribute", "double_scalar");
  await device.polling.stop("attribute", "failing");
  expect((await device.polling.list()).map(({ name }) => name)).not.toContain("double_scalar");
}

async function logged(device: DeviceProxy): Promise<void> {
  await device.logging.setLevel("DEBUG");
  expect(await device.logging.level()).toBe("DEBUG");
  await device.logging.setLevel("WARN");
  expect(await device.logging.level()).toBe("WARN");
  await device.logging.addTarget("console::cout");
  expect(await device.logging.targets()).toContain("console::cout");
  await device.logging.removeTarget("console::cout");
  expect(await device.logging.targets()).not.toContain("console::cout");
}

/** A write by another process: "ok", or the reason of the refusal. */
async function writeElsewhere(device: string, { env }: TangoStack): Promise<string> {
  const script = `
import sys, tango
try:
    tango.DeviceProxy(sys.argv[1]).write_attribute("double_scalar", 3.0)
    print("ok")
except tango.DevFailed as error:
    print(error.args[0].reason)`;
  const { stdout } = await promisify(execFile)(python, ["-c", script, device], { env, timeout: 20_000 });
  return stdout.trim();
}

/** Another process breaks the lock. */
const unlockElsewhere = (device: string, { env }: TangoStack) =>
  promisify(execFile)(python, ["-c", "import sys, tango; tango.DeviceProxy(sys.argv[1]).unlock(True)", device], {
    env,
    timeout: 20_000,
  });

async function locked(device: DeviceProxy, stack: TangoStack): Promise<void> {
  {
    await using lock = await device.lock({ validity: 2 });
    expect(await device.lockStatus()).toMatchObject({ locked: true, pid: process.pid });
    await device.write("double_scalar", 2);
    // Longer than it is valid for without being renewed.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(await writeElsewhere(device.name, stack)).toBe("API_DeviceLocked");
    expect(lock.lost.aborted).toBe(false);
  }
  expect(await device.lockStatus()).toMatchObject({
    locked: false,
    pid: undefined,
    text: `Device ${device.name} is not locked`,
  });
  expect(await writeElsewhere(device.name, stack)).toBe("ok");
  await expect(device.lock({ validity: 1 })).rejects.toThrow(/lower than 2 seconds/);
}

async function piped(device: DeviceProxy): Promise<void> {
  expect((await device.pipes.list()).map(({ name, label, writable }) => [name, label, writable])).toEqual([
    ["a_pipe", "A pipe", true],
  ]);
  expect((await device.pipes.read("a_pipe")).value).toMatchObject({
    name: "root",
    elements: [{ name: "a" }, { name: "b" }, { name: "c" }],
  });
  const value = {
    name: "mine",
    elements: [
      { name: "x", value: { type: "DevDouble", value: 2.5 } },
      {
        name: "deep",
        value: { name: "in", elements: [{ name: "s", value: { type: "DevVarStringArray", value: ["a", "b"] } }] },
      },
    ],
  };
  await device.pipes.write("a_pipe", value);
  expect((await device.pipes.read("a_pipe")).value).toEqual(value);
  await device.pipes.configure("a_pipe", { label: "Another" });
  expect((await device.pipes.list(["a_pipe"]))[0]).toMatchObject({ label: "Another", writable: true });
  await device.pipes.configure("a_pipe", { label: "A pipe" });
  await expect(device.pipes.read("nosuch")).rejects.toMatchObject({
    errors: [{ reason: "API_PipeNotFound" }, { reason: "API_PipeFailed" }],
  });
}
