// SPDX-License-Identifier: MIT
// Servers of IDL 1 to 5 behind one face: the C++ TangoTest's own answers to the operations of each interface.
import { afterAll, beforeAll, expect, test } from "vitest";
import { ObjectReference } from "../../tango/giop/index.ts";
import type { DeviceProxy } from "../../tango/index.ts";
import {
  command, connect, controlSystem, DevDouble, DevFailed, DevLong, DevShort, DevString, DevVoid, defineInterface,
  deviceClass, parseTrl, readable, spectrum, startServer, writable,
} from "../../tango/index.ts"; // biome-ignore format: a list
import { oldDevice, olderThan } from "../world/old-device.ts";
import { describeWith } from "../world/peers.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

const name = "sys/tg_test/1";
const admin = "dserver/TangoTest/test";
const reason = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => expect.unreachable("it should have failed"),
    (error) => (error instanceof DevFailed ? error.reason : String(error)),
  );

describeWith(["DataBaseds on MariaDB", "TangoTest"], "older servers", () => {
  let stack: TangoStack;
  beforeAll(async () => {
    stack = await tangoStack();
    await using device = await connect(name, { host: stack.host });
    await device.polling.start("attribute", "double_scalar", 50);
    await device.polling.start("attribute", "long_spectrum_ro", 50);
    await device.polling.start("command", "Status", 50);
    await device.configure("double_scalar", { absChange: "0.1" });
  }, 60_000);
  afterAll(() => stack?.[Symbol.asyncDispose]());

  test.each([1, 2, 3, 4, 5] as const)(
    "IDL %s: found in the database",
    async (version) => {
      await using old = await oldDevice(stack, name, admin, version);
      await using system = controlSystem({ host: stack.host });
      await using device = await connect(name, { system });
      expect(await device.idlVersion()).toBe(version);
      await values(device, version);
      await commands(device);
      await configuration(device, version);
      await histories(device, version);
      if (version < 5) expect(await reason(device.pipes.read("string_long_short_ro"))).toBe("API_UnsupportedFeature");
      else expect((await device.pipes.list()).length).toBeGreaterThan(0);
      await events(device, version);
      // The version is chosen once: nothing newer was tried.
      expect(old.asked).not.toContain("_is_a");
      expect(old.asked.filter((operation) => Number(/_(\d)$/.exec(operation)?.[1] ?? 1) > version)).toEqual([]);
    },
    30_000,
  );

  test.each([1, 2, 3, 4, 5] as const)("IDL %s: asked for when only a name is known", async (version) => {
    await using old = await oldDevice(stack, name, admin, version);
    await using device = await connect(`tango://${old.address}/${name}#dbase=no`);
    expect(await device.idlVersion()).toBe(version);
    expect(old.asked.filter((operation) => operation === "_is_a").length).toBe(7 - version);
    expect(await device.call("DevDouble", 2.5)).toBe(2.5);
    expect(await device.read("double_spectrum_ro")).toBeInstanceOf(Float64Array);
  });
});

test.each([2, 3] as const)("IDL %s: histories, of our own server", async (version) => {
  const meter = defineInterface({
    name: "Meter",
    attributes: {
      Level: writable(DevDouble, { pollingPeriod: 20 }),
      Profile: readable(spectrum(DevShort, 4), { pollingPeriod: 20 }),
      Broken: readable(DevLong, { pollingPeriod: 20 }),
    },
    commands: { Text: command(DevVoid, DevString, { pollingPeriod: 20 }) },
  });
  const meterClass = deviceClass(meter, async () => ({
    Level: { read: () => 1.5, write: () => {} },
    Profile: () => [1, 2, 3],
    Broken: () => {
      throw new Error("broken");
    },
    Text: () => "hello",
  }));
  const device = "a/meter/1";
  await using server = await startServer({
    server: "Meter/1", classes: [meterClass], devices: { Meter: { [device]: {} } }, port: 0,
  }); // biome-ignore format: one line of options
  const { host } = parseTrl(server.trl(device));
  const reference = ObjectReference.parse(`corbaloc:iiop:1.2@${host?.host}:${host?.port}/${device}`);
  await using old = await olderThan(version, { [device]: reference });
  await using proxy = await connect(`tango://${old.address}/${device}#dbase=no`);
  expect(await proxy.idlVersion()).toBe(version);
  await expect
    .poll(() =>
      proxy.attributeHistory("Level", 3).then(
        ({ length }) => length,
        () => 0,
      ),
    )
    .toBe(3);
  expect(await proxy.attributeHistory("Level", 2)).toMatchObject(
    Array(2).fill({ value: 1.5, set: 0, format: "SCALAR", quality: "VALID", error: undefined }),
  );
  expect(await proxy.attributeHistory("Profile", 1)).toMatchObject([
    { value: Int16Array.of(1, 2, 3), format: "SPECTRUM" },
  ]);
  const [broken] = await proxy.attributeHistory("Broken", 1);
  expect([broken?.value, broken?.error?.message]).toEqual([undefined, expect.stringContaining("broken")]);
  expect(await proxy.commandHistory("Text", 2)).toMatchObject(Array(2).fill({ value: "hello", error: undefined }));
});

async function values(device: DeviceProxy, version: number): Promise<void> {
  expect(await device.readAttribute("double_scalar_rww")).toMatchObject({
    value: expect.any(Number), set: expect.any(Number), type: "DevDouble", format: "SCALAR", quality: "VALID",
  }); // biome-ignore format: a record
  await device.write("double_scalar_w", version + 0.5);
  expect(await device.read("double_scalar_w")).toBe(version + 0.5);
  await device.writeAttributes({ string_scalar: `of IDL ${version}`, boolean_scalar: true });
  expect(await device.readAttribute("string_scalar")).toMatchObject({ set: `of IDL ${version}`, type: "DevString" });
  expect(await device.read("boolean_scalar")).toBeTypeOf("boolean");
  await device.write("long64_scalar", 2n ** 60n);
  expect(await device.readAttribute("long64_scalar")).toMatchObject({ set: 2n ** 60n, format: "SCALAR" });

  expect(await device.readAttribute("double_spectrum_ro")).toMatchObject({ format: "SPECTRUM", type: "DevDouble" });
  // Only newer operations give back TangoTest's lock on its generated images.
  if (version >= 4) {
    expect(await device.read("double_image_ro")).toEqual({ data: expect.any(Float64Array), shape: [251, 251] });
  }
  expect(await device.state()).toBe("RUNNING");
  if (version >= 4) expect(await device.writeRead("string_scalar", "x")).toMatchObject({ set: "x" });
  else expect(await reason(device.writeRead("string_scalar", "x"))).toBe("API_UnsupportedFeature");
  const several = device.writeReadAttributes({ string_scalar: "y", double_scalar: 1 }, ["double_scalar"]);
  if (version >= 5) expect((await several).map(({ set }) => set)).toEqual([1]);
  else expect(await reason(several)).toBe("API_UnsupportedFeature");
  if (version >= 3) return arraysAndFailures(device, version);
  expect(await reason(device.read("double_spectrum"))).toBe("API_NotSupportedFeature");
  expect(await reason(device.write("double_spectrum", [1, 2]))).toBe("API_AttrIncorrectDataNumber");
  expect(await reason(device.read("nosuch"))).toBe("API_AttrNotFound");
}

async function arraysAndFailures(device: DeviceProxy, version: number): Promise<void> {
  await device.write("short_spectrum", [version, 2]);
  expect(await device.readAttribute("short_spectrum")).toMatchObject({
    value: expect.any(Int16Array), set: Int16Array.of(version, 2), format: "SPECTRUM", type: "DevShort",
  }); // biome-ignore format: a record
  await device.write("ushort_image", [[1, 2, 3], [version, 5, 6]]); // biome-ignore format: rows
  expect((await device.readAttribute("ushort_image")).set).toEqual({
    data: Uint16Array.of(1, 2, 3, version, 5, 6),
    shape: [2, 3],
  });
  const [good, bad] = await device.readAttributes(["double_scalar", "throw_exception"]);
  expect([good?.value, bad?.error?.is("API_AttributeFailed")]).toEqual([expect.any(Number), true]);
  expect(await device.read("State")).toBe("RUNNING");
  expect(await reason(device.read("nosuch"))).toBe("API_AttrNotFound");
}

async function commands(device: DeviceProxy): Promise<void> {
  expect(await device.call("DevString", "caf\u00e9")).toBe("caf\u00e9");
  expect(await device.call("DevVarLong64Array", [1n, -2n])).toEqual(BigInt64Array.of(1n, -2n));
  expect(await device.call("DevVarDoubleStringArray", { dvalue: [1.5], svalue: ["x"] })).toEqual({
    dvalue: Float64Array.of(1.5),
    svalue: ["x"],
  });
  expect(await device.call("DevVoid")).toBeUndefined();
  expect(await reason(device.call("NoSuch"))).toBe("API_CommandNotFound");
  expect(await device.command("DevVarLongStringArray")).toMatchObject({ input: "DevVarLongStringArray" });
  expect((await device.commands()).length).toBeGreaterThan(20);
}

async function configuration(device: DeviceProxy, version: number): Promise<void> {
  const all = await device.attributes();
  expect(all.find((each) => each.name === "double_image_ro")).toMatchObject({
    type: "DevDouble", format: "IMAGE", access: "READ", maxX: 251,
  }); // biome-ignore format: a record
  await device.configure("long_scalar_w", { unit: `mm${version}`, minValue: "-5" });
  expect(await device.attribute("long_scalar_w")).toMatchObject({ unit: `mm${version}`, minValue: "-5" });
  expect(await device.info()).toMatchObject({ class: "TangoTest", server: "TangoTest/test" });
  expect(await device.ping()).toBeGreaterThan(0);
  expect((await device.blackBox(2)).length).toBe(2);
}

async function histories(device: DeviceProxy, version: number): Promise<void> {
  if (version === 1) {
    expect(await reason(device.attributeHistory("double_scalar", 3))).toBe("API_UnsupportedFeature");
    expect(await reason(device.commandHistory("Status", 3))).toBe("API_UnsupportedFeature");
  }
  // cppTango 9.3 and 10.3 both die of being asked for histories in the manner of IDL 2 and 3: see the test below.
  if (version < 4) return;
  await expect.poll(async () => (await device.attributeHistory("double_scalar", 5).catch(() => [])).length).toBe(5);
  const scalars = await device.attributeHistory("double_scalar", 3);
  expect(scalars.map(({ value, format }) => [typeof value, format])).toEqual(Array(3).fill(["number", "SCALAR"]));
  expect(scalars.map(({ time }) => time)).toEqual(scalars.map(({ time }) => time).toSorted());
  const [spectrum] = await device.attributeHistory("long_spectrum_ro", 1);
  expect(spectrum).toMatchObject({ format: "SPECTRUM", quality: "VALID" });
  expect(spectrum?.value).toHaveLength(256);
  const texts = await device.commandHistory("Status", 2);
  expect(texts.map(({ value }) => value)).toEqual(Array(2).fill(expect.stringContaining("RUNNING")));
}

async function events(device: DeviceProxy, version: number): Promise<void> {
  await using stream = device.events("double_scalar", "change");
  if (version < 4) {
    await expect(stream.ready).rejects.toThrow("API_CommandNotFound");
    return;
  }
  const first = await stream.next();
  const second = await stream.next();
  for (const { value } of [first, second])
    expect(value).toMatchObject({ value: expect.any(Number), error: undefined, type: "DevDouble", format: "SCALAR" });
  await using configured = device.events("double_scalar", "attr_conf");
  expect((await configured.next()).value?.config).toMatchObject({ name: "double_scalar" });
  await device.configure("double_scalar", { unit: `V${version}` });
  expect((await configured.next()).value?.config).toMatchObject({ unit: `V${version}` });
}
