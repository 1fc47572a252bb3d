// SPDX-License-Identifier: MIT
// `bandoneon ping | info | read | write | call | monitor | list | tree | properties` on the C++ TangoTest and the real database.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, controlSystem } from "../../tango/index.ts";
import { describeWith } from "../world/peers.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

const main = join(import.meta.dirname, "../../cli/main.ts");
const device = "sys/tg_test/1";

describeWith(["DataBaseds on MariaDB", "TangoTest"], "at the prompt", () => {
  let stack: TangoStack;
  beforeAll(async () => {
    stack = await tangoStack();
  }, 60_000);
  afterAll(() => stack?.[Symbol.asyncDispose]());

  const run = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, ...args], { env: stack.env, timeout: 30_000 }, (error, out, err) =>
        resolve({ code: error ? Number(error.code ?? -1) : 0, out: out.trimEnd(), err: err.trimEnd() }),
      );
    });
  const ok = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await run(...args);
    expect([code, err], args.join(" ")).toEqual([0, ""]);
    return out;
  };

  test("ping tells who answers", async () => {
    expect(await ok("ping", device)).toMatch(/^sys\/tg_test\/1 {2}[\d.]+ ms$/);
    const { code, out } = await run("ping", "--json", device, "a/b/nobody");
    expect(code).toBe(1);
    const [good, bad] = out.split("\n").map((line) => JSON.parse(line));
    expect(good).toEqual({ device, milliseconds: expect.any(Number) });
    expect(bad).toEqual({ device: "a/b/nobody", error: expect.stringContaining("DB_DeviceNotDefined") });
  });

  test("info shows class, attributes and commands", async () => {
    const text = await ok("info", device);
    expect(text).toMatch(/class TangoTest, server TangoTest\/test on .*, IDL \d/);
    expect(text).toMatch(/double_scalar_w +DevDouble +write/);
    expect(text).toMatch(/DevVarLongStringArray +DevVarLongStringArray -> DevVarLongStringArray/);
    expect(JSON.parse(await ok("info", device, "--json"))).toMatchObject({
      class: "TangoTest",
      attributes: expect.any(Array),
    });
  });

  test("what is written is read back", async () => {
    for (const [attribute, words, text, json] of [
      ["double_scalar_w", ["-2.5"], "-2.5", -2.5],
      ["boolean_scalar", ["true"], "true", true],
      ["string_scalar", ["two words"], "two words", "two words"],
      ["long64_scalar", ["-9223372036854775808"], undefined, undefined],
      ["short_spectrum", ["1", "-2", "3"], undefined, undefined],
      ["ushort_image", ["[[1,2],[3,4],[5,6]]"], undefined, undefined],
    ] as const) {
      expect(await ok("write", device, attribute, ...words)).toBe("");
      if (text === undefined) continue;
      expect(await ok("read", `${device}/${attribute}`)).toBe(text);
      expect(JSON.parse(await ok("read", device, attribute, "--json"))).toEqual({ name: attribute, value: json });
    }
    await using proxy = await connect(device, { host: stack.host });
    expect((await proxy.readAttribute("long64_scalar")).set).toBe(-9223372036854775808n);
    expect((await proxy.readAttribute("short_spectrum")).set).toEqual(Int16Array.of(1, -2, 3));
    expect((await proxy.readAttribute("ushort_image")).set).toEqual({
      data: Uint16Array.of(1, 2, 3, 4, 5, 6),
      shape: [3, 2],
    });
    const all = await ok("read", device);
    expect(all).toMatch(/^State = \w+$/m);
    expect(all).toMatch(/^throw_exception = .*exception test/m);
  });

  test("an attribute is named by four fields or by its alias", async () => {
    await using system = controlSystem({ host: stack.host });
    await system.database().putAttributeAlias(`${device}/ampli`, "amplitude");
    expect(await ok("write", "amplitude", "2.5")).toBe("");
    expect(await ok("read", "amplitude")).toBe("2.5");
    expect(await ok("write", `${device}/ampli`, "-1.5")).toBe("");
    expect(await ok("read", `//${stack.host}/amplitude`, "--json")).toBe('{"name":"ampli","value":-1.5}');
    expect(await ok("monitor", "amplitude", "--poll", "20", "--count", "1")).toMatch(/ampli {2}-1.5$/);
    expect((await run("write", "amplitude")).err).toMatch(/missing required argument/);
    expect((await run("write", device, "ampli")).err).toMatch(/write what\?/);
    expect((await run("read", "nobody")).err).toMatch(/DB_DeviceNotDefined/);
  });

  test("commands take and give every kind of value", async () => {
    expect(await ok("call", device, "DevDouble", "-1.5")).toBe("-1.5");
    expect(await ok("call", device, "DevString", "hello world")).toBe("hello world");
    expect(await ok("call", device, "DevVarLongArray", "1", "2", "--json")).toBe("[1,2]");
    expect(await ok("call", device, "DevVarStringArray", '["a","b c"]', "--json")).toBe('["a","b c"]');
    expect(JSON.parse(await ok("call", device, "DevVarLongStringArray", "1", "2", "x", "--json"))).toEqual({
      lvalue: [1, 2],
      svalue: ["x"],
    });
    expect(await ok("call", device, "DevVoid")).toBe("");
  });

  test("what fails says why, with status 1", async () => {
    for (const [args, text] of [
      [["read", device, "nosuch"], /API_AttrNotFound/],
      [["write", device, "double_scalar_w", "abc"], /double_scalar_w is a DevDouble: "abc" is not a number/],
      [["write", device, "short_spectrum", "x"], /short_spectrum is a spectrum of DevShort: "x" is not a whole number/],
      [["call", device, "NoSuch"], /API_CommandNotFound/],
      [["call", device, "DevVoid", "1"], /takes no argument/],
      [["call", device, "DevDouble"], /DevDouble takes DevDouble: one value expected, not 0/],
      [["monitor", device, "float_scalar"], /API_AttributePollingNotStarted.*--poll 500 reads float_scalar/s],
      [["read", "a/b/nobody"], /DB_DeviceNotDefined/],
      [["read", device, "--host", "127.0.0.1:1"], /API_CantConnectToDatabase/],
      [["monitor", device], /monitor which attribute/],
    ] as const) {
      const { code, out, err } = await run(...args);
      expect([code, out, err], args.join(" ")).toEqual([1, "", expect.stringMatching(text)]);
    }
  });

  test("monitor prints events, or what it reads", async () => {
    await using admin = await connect("dserver/TangoTest/test", { host: stack.host });
    await admin.call("AddObjPolling", { lvalue: [100], svalue: [device, "attribute", "double_scalar"] });
    const lines = (
      await ok("monitor", `${device}/double_scalar`, "--event", "periodic", "--count", "2", "--json")
    ).split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { name: "double_scalar", event: "periodic", value: expect.any(Number) },
      { name: "double_scalar", event: "periodic", value: expect.any(Number) },
    ]);
    expect(await ok("monitor", device, "long_scalar", "--poll", "20", "--count", "3")).toMatch(
      /^(.*Z {2}long_scalar {2}-?\d+\n?){3}$/,
    );
  });

  test("the database: devices, servers, tree, properties", async () => {
    expect(await ok("list", "sys/tg*")).toBe(device);
    expect((await ok("list", "--servers")).split("\n")).toContain("TangoTest/test");
    expect((await ok("list", "--classes")).split("\n")).toContain("TangoTest");
    expect(await ok("tree", "sys/*")).toMatch(/^sys\n( {2}\w+\n {4}.*\n)* {2}tg_test\n {4}1 {2}TangoTest \*$/m);
    expect(await ok("properties", device, "Host", "one", "two words")).toBe("");
    expect(await ok("properties", device, "Host")).toBe("one\ntwo words");
    expect(JSON.parse(await ok("properties", device, "Host", "--json"))).toEqual(["one", "two words"]);
    expect(await ok("properties", device)).toContain("Host: one\n  two words");
    expect(await ok("properties", device, "Host", "--history")).toMatch(/one {2}two words$/);
    await ok("properties", device, "Host", "--delete");
    expect((await run("properties", device, "Host")).err).toMatch(/has no property Host/);
    await ok("properties", "--object", "CtrlSystem", "Services", "x");
    expect(await ok("properties", "--object", "CtrlSystem", "Services")).toBe("x");
  });

  test("help lists every command", async () => {
    expect(await ok("--help")).toMatch(/ping[\s\S]*info[\s\S]*monitor[\s\S]*tree/);
  });
});
