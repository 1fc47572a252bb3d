// SPDX-License-Identifier: MIT
// Our client on the servers facilities have: C++ TangoTest and PyTango of both generations, through the real database.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ControlSystem, DeviceProxy } from "../../tango/index.ts";
import { connect, controlSystem, DevFailed } from "../../tango/index.ts";
import { everythingServer, type PyTango } from "../world/everything.ts";
import { describeWith } from "../world/peers.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

const numbers = (Type: { from(values: number[]): unknown }, value: number, other: number) => ({
  scalar: [value, other],
  spectrum: [Type.from([value, value, value]), Type.from([other, value])],
  image: [Type.from(Array(6).fill(value)), Type.from([other, value, other, value])],
});
const lists = <T>(value: T, other: T) => ({
  scalar: [value, other],
  spectrum: [
    [value, value, value],
    [other, value],
  ],
  image: [Array(6).fill(value), [other, value, other, value]],
});
const bigs = (Type: { from(values: bigint[]): unknown }, value: bigint, other: bigint) => ({
  scalar: [value, other],
  spectrum: [Type.from([value, value, value]), Type.from([other, value])],
  image: [Type.from(Array(6).fill(value)), Type.from([other, value, other, value])],
});
/** What everything.py starts with, and another value to write, by type and format. */
const attributes = {
  boolean: lists(true, false),
  uchar: numbers(Uint8Array, 7, 255),
  short: numbers(Int16Array, -3, -32768),
  ushort: numbers(Uint16Array, 3, 65535),
  long: numbers(Int32Array, -70000, -2147483648),
  ulong: numbers(Uint32Array, 70000, 4294967295),
  long64: bigs(BigInt64Array, -5000000000n, -9223372036854775808n),
  ulong64: bigs(BigUint64Array, 5000000000n, 18446744073709551615n),
  float: numbers(Float32Array, 1.5, -0.25),
  double: numbers(Float64Array, 0.1, Number.MAX_VALUE),
  string: lists("text", "caf\u00e9"),
  state: lists("MOVING", "FAULT"),
} as const;

/** An argument for each echo command. */
const echoes: Readonly<Record<string, unknown>> = {
  Boolean: true,
  Short: -32768,
  Long: -2147483648,
  Long64: -9223372036854775808n,
  UShort: 65535,
  ULong: 4294967295,
  ULong64: 18446744073709551615n,
  Float: -0.25,
  Double: Math.PI,
  String: "caf\u00e9",
  State: "RUNNING",
  VarBooleanArray: [true, false],
  VarCharArray: Uint8Array.of(0, 255),
  VarShortArray: Int16Array.of(-1, 2),
  VarLongArray: Int32Array.of(-1, 2),
  VarLong64Array: BigInt64Array.of(-1n, 2n),
  VarUShortArray: Uint16Array.of(1, 65535),
  VarULongArray: Uint32Array.of(1, 4294967295),
  VarULong64Array: BigUint64Array.of(1n, 18446744073709551615n),
  VarFloatArray: Float32Array.of(1.5, -2),
  VarDoubleArray: Float64Array.of(0.1, Number.NaN),
  VarStringArray: ["a", "", "c"],
  VarLongStringArray: { lvalue: Int32Array.of(1, 2), svalue: ["x", "y"] },
  VarDoubleStringArray: { dvalue: Float64Array.of(1.5), svalue: ["x"] },
  Encoded: { format: "fmt", data: Uint8Array.of(1, 2, 3) },
};

const failed = (work: Promise<unknown>): Promise<DevFailed> =>
  work.then(
    () => expect.unreachable("it should have failed"),
    (error) => {
      expect(error).toBeInstanceOf(DevFailed);
      return error as DevFailed;
    },
  );
const levels = (error: DevFailed) => error.errors.map(({ reason, desc }) => [reason, desc]);

describeWith(["DataBaseds on MariaDB", "TangoTest", "PyTango 9.3", "PyTango 10.3"], "through the real database", () => {
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
    "%s: every type and format is read and written",
    async (which: PyTango) => {
      await using server = await everythingServer(stack, which, `types${which.slice(8, 9)}`);
      await using device = await connect(server.device, { system });
      for (const [type, formats] of Object.entries(attributes)) {
        for (const [format, [initial, other]] of Object.entries(formats)) {
          const name = `${type}_${format}`;
          const asValue = (data: unknown, rows: number, columns: number) =>
            format === "image" ? { data, shape: [rows, columns] } : data;
          expect(await device.read(name), name).toEqual(asValue(initial, 2, 3));
          await device.write(name, asValue(other, 2, 2));
          const back = await device.readAttribute(name);
          expect(back, name).toMatchObject({
            value: asValue(other, 2, 2),
            set: asValue(other, 2, 2),
            quality: "VALID",
            format: format.toUpperCase(),
            error: undefined,
          });
          expect(Math.abs(back.time - Date.now())).toBeLessThan(5000);
        }
      }
      expect(await device.read("encoded_scalar")).toEqual({ format: "fmt", data: Uint8Array.of(1, 2, 3) });
      await device.write("encoded_scalar", { format: "other", data: Uint8Array.of(9) });
      expect(await device.read("encoded_scalar")).toEqual({ format: "other", data: Uint8Array.of(9) });
      await device.write("choice_enum", "THREE");
      expect(await device.readAttribute("choice_enum")).toMatchObject({ value: 2, set: 2, type: "DevEnum" });

      for (const [name, argument] of Object.entries(echoes))
        expect(await device.call(`Echo${name}`, argument), name).toEqual(argument);
      await everyCall(device);
      await everyFailure(device);
    },
    60_000,
  );

  test("C++ TangoTest: types, commands, configuration, information", async () => {
    await using device = await connect("sys/tg_test/1", { system });
    expect(await device.info()).toMatchObject({ class: "TangoTest", server: "TangoTest/test" });
    await device.write("double_scalar_w", 4.25);
    expect(await device.read("double_scalar_w")).toBe(4.25);
    await device.write("double_spectrum", [1, 2, 3]);
    expect((await device.readAttribute("double_spectrum")).set).toEqual(Float64Array.of(1, 2, 3));
    await device.write("ushort_image", [
      [1, 2],
      [3, 4],
    ]);
    expect((await device.readAttribute("ushort_image")).set).toEqual({
      data: Uint16Array.of(1, 2, 3, 4),
      shape: [2, 2],
    });
    expect(await device.call("DevString", "hello")).toBe("hello");
    expect(await device.call("DevVarDoubleArray", [1, 2])).toEqual(Float64Array.of(1, 2));
    const names = (await device.attributes()).map(({ name }) => name);
    expect(names).toContain("double_image_ro");
    const readings = await device.readAttributes(names);
    expect(readings.map(({ name }) => name)).toEqual(names);
    expect(readings.filter(({ error }) => error).map(({ name }) => name)).toEqual(["no_value", "throw_exception"]);
    const commands = await device.commands();
    expect(commands.find(({ name }) => name === "DevVarLongStringArray")).toMatchObject({
      input: "DevVarLongStringArray",
      output: "DevVarLongStringArray",
    });
    await device.configure("double_scalar", { unit: "mm", maxAlarm: "1e9" });
    expect(await device.attribute("double_scalar")).toMatchObject({ unit: "mm", maxAlarm: "1e9" });
    expect(await device.adminName()).toBe("dserver/TangoTest/test");
    expect((await device.blackBox(3)).length).toBe(3);
  });

  test("a name that leads nowhere says why, as C++ clients do", async () => {
    const database = system.database();
    await database.addServer("Ghost/1", [{ device: "a/ghost/1", class: "Ghost" }]);
    expect(levels(await failed(connect("a/ghost/1", { system })))).toEqual([
      ["API_DeviceNotExported", "Device a/ghost/1 is not exported (hint: try starting the device server)"],
    ]);
    const undefined_ = await failed(connect("a/b/nowhere", { system }));
    expect(undefined_.errors.map(({ reason }) => reason)).toEqual([
      "DB_DeviceNotDefined",
      "API_CommandFailed",
      "API_DeviceNotDefined",
    ]);
    expect((await failed(connect("nobody", { system }))).reason).toBe("DB_DeviceNotDefined");
    expect((await failed(connect("a/b", { system }))).reason).toBe("API_WrongDeviceNameSyntax");
    await using lost = controlSystem({ host: "127.0.0.1:1" });
    const noDatabase = await failed(connect("a/b/c", { system: lost }));
    expect(noDatabase.is("API_CantConnectToDatabase")).toBe(true);
    await using nowhere = controlSystem({ env: {} });
    if (!nowhere.environment("TANGO_HOST"))
      expect((await failed(connect("a/b/c", { system: nowhere }))).reason).toBe("API_TangoHostNotSet");
    const direct = await failed(connect("tango://127.0.0.1:1/a/b/c#dbase=no", { system }));
    expect(direct.is("API_ServerNotRunning")).toBe(true);
  });

  test("aliases, full names and upper case lead to the same device", async () => {
    await system.database().putAlias("sys/tg_test/1", "tester");
    const byName = `tango://localhost:${stack.host.split(":")[1]}/sys/tg_test/1`;
    for (const name of [
      "tester",
      "SYS/TG_TEST/1",
      `tango://${stack.host}/sys/tg_test/1`,
      `//${stack.host}/tester`,
      byName,
    ]) {
      await using device = await connect(name, { system });
      expect(await device.call("DevLong", 5), name).toBe(5);
    }
    await using failover = controlSystem({ host: `127.0.0.1:1,${stack.host}` });
    await using device = await connect("tester", { system: failover });
    expect(await device.state()).toBe("RUNNING");
  });

  test("a call that lasts does not hold up the others of its server", async () => {
    await using server = await everythingServer(stack, "PyTango 9.3", "lasting");
    await using device = await connect(server.device, { system });
    await using admin = await connect(await device.adminName(), { system });
    let hasEnded = false;
    const lasting = device.call("Sleep", 1.5).then(() => {
      hasEnded = true;
    });
    // omniORB looks at a connection whose thread is busy only every 50 ms: by that one these would take 3 s.
    for (let count = 0; count < 60; count++) await admin.state();
    expect(hasEnded).toBe(false);
    await lasting;
  });

  test("a killed server costs errors that say so, then the same proxy reaches the new one", async () => {
    await using server = await everythingServer(stack, "PyTango 10.3", "restarts");
    await using quick = controlSystem({ host: stack.host, retryDelay: 0 });
    await using device = await connect(server.device, { system: quick });
    expect(await device.read("double_scalar")).toBe(0.1);
    await server.stop();
    const gone = await failed(device.read("double_scalar"));
    expect(gone.is("API_CantConnectToDevice"), gone.message).toBe(true);
    await server.start();
    expect(await device.read("double_scalar")).toBe(0.1);
    await server.restart("SIGTERM");
    expect(await device.call("EchoLong", 3)).toBe(3);
    // A restarted database is found again too.
    await stack.restartDatabase();
    expect((await quick.database().importDevice(server.device)).exported).toBe(true);
  }, 60_000);
});

/** What every device can be asked. */
async function everyCall(device: DeviceProxy): Promise<void> {
  expect(await device.ping()).toBeGreaterThan(0);
  expect(await device.state()).toBe("ON");
  expect(await device.status()).toBe("All is well");
  expect(await device.call("State")).toBe("ON");
  expect(await device.read("State")).toBe("ON");
  expect(await device.info()).toMatchObject({ class: "Everything", server: `Everything/${device.name.split("/")[2]}` });
  expect(await device.writeRead("double_scalar", 7.5)).toMatchObject({ value: 7.5, set: 7.5 });
  const both = await device.writeReadAttributes({ short_scalar: 5, long_scalar: 6 }, [
    "long_scalar",
    "short_scalar",
    "failing",
  ]);
  expect(both.map(({ value, error }) => error?.reason ?? value)).toEqual([6, 5, "MyReason"]);
  await expect(device.writeReadAttributes({ short_scalar: 1, limited: 1000 }, ["short_scalar"])).rejects.toMatchObject({
    name: "MultiDevFailed",
    errors: [{ name: "limited", index_in_call: 1 }],
  });
  await device.writeAttributes({ short_scalar: 1, string_scalar: "two" });
  expect((await device.readAttributes(["short_scalar", "string_scalar"])).map(({ value }) => value)).toEqual([
    1,
    "two",
  ]);
  const many = await Promise.all(Array.from({ length: 200 }, (_, index) => device.call("EchoLong", index)));
  expect(many).toEqual(Array.from({ length: 200 }, (_, index) => index));
  // Nobody waits for it, nor hears that it failed; it is done all the same.
  await device.send("Fail");
  await device.send("EchoLong", 5);
  await expect.poll(() => device.blackBox(5).then((calls) => calls.join())).toMatch(/cmd = EchoLong.*cmd = Fail/s);
  expect(await device.attribute("limited")).toMatchObject({
    type: "DevDouble",
    unit: "mm",
    label: "Position",
    minValue: "-100",
    maxAlarm: "50",
    displayFormat: "%8.3f",
    memorized: "restored",
  });
  expect(await device.attribute("choice_enum")).toMatchObject({ enumLabels: ["ONE", "TWO", "THREE"] });
  const big = new Float64Array(4096).fill(Math.E);
  await device.write("double_spectrum", big);
  expect(await device.read("double_spectrum")).toEqual(big);
}

async function everyFailure(device: DeviceProxy): Promise<void> {
  const { name } = device;
  const mine = ["MyReason", "my description"];
  // PyTango puts a level of its own between them.
  const command = levels(await failed(device.call("Fail")));
  expect([command[0], command.at(-1)]).toEqual([
    mine,
    ["API_CommandFailed", `Failed to execute command_inout on device ${name}, command Fail`],
  ]);
  const attribute = levels(await failed(device.read("failing")));
  expect([attribute[0], attribute.at(-1)]).toEqual([
    mine,
    ["API_AttributeFailed", `Failed to read_attribute on device ${name}, attribute failing`],
  ]);
  expect(await device.readAttribute("invalid")).toMatchObject({ value: undefined, quality: "INVALID" });
  expect((await failed(device.read("invalid"))).reason).toBe("API_EmptyDeviceAttribute");
  expect((await failed(device.read("nosuch"))).reason).toBe("API_AttrNotFound");
  expect((await failed(device.call("NoSuch"))).reason).toBe("API_CommandNotFound");
  expect((await failed(device.write("limited", 101))).reason).toBe("API_WAttrOutsideLimit");
  expect((await failed(device.write("double_spectrum", 1))).reason).toBe("API_IncompatibleAttrArgumentType");
  expect((await failed(device.write("uchar_scalar", 256))).reason).toBe("API_IncompatibleAttrArgumentType");
  expect((await failed(device.call("EchoLong", "x"))).reason).toBe("API_IncompatibleCmdArgumentType");
  const [good, bad] = await device.readAttributes(["double_scalar", "failing"]);
  expect(good).toMatchObject({ value: 7.5, error: undefined });
  expect(bad?.error?.reason).toBe("MyReason");
  expect(bad?.error?.errors.at(-1)?.reason).toBe("API_AttributeFailed");
  await expect(device.writeAttributes({ double_scalar: 1, limited: 200 })).rejects.toMatchObject({
    name: "MultiDevFailed",
    errors: [{ name: "limited", index_in_call: 1 }],
  });

  const late = await failed(device.call("Sleep", 0.4, { timeout: 150 }));
  expect(levels(late)).toEqual([
    ["API_CorbaException", expect.stringContaining("TRANSIENT_CallTimedout")],
    ["API_DeviceTimedOut", `Timeout (150 mS) exceeded on device ${name}, command Sleep`],
  ]);
  const stop = new AbortController();
  const waiting = device.call("Sleep", 0.3, { signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await expect(device.call("Sleep", 0, { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
  // The device is as well as before.
  expect(await device.call("EchoLong", 1)).toBe(1);
}
