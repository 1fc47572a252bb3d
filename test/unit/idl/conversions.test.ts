// SPDX-License-Identifier: MIT
import { describe, expect, test } from "vitest";
import { Reader, type TypeCode, Writer } from "../../../tango/cdr/index.ts";
import {
  any,
  fromAny,
  fromUnion,
  isA,
  noData,
  operationNamed,
  operations,
  readArgs,
  toAny,
  toUnion,
  writeArgs,
} from "../../../tango/idl/index.ts";

const limits: readonly (readonly [name: string, code: number, good: readonly unknown[], bad: readonly unknown[]])[] = [
  ["DevBoolean", 1, [true, false], [2, "true", null]],
  ["DevShort", 2, [-32768, 32767], [-32769, 32768, 1.5, "1", Number.NaN]],
  ["DevLong", 3, [-2147483648, 2147483647], [2147483648, 1.5]],
  ["DevFloat", 4, [1.5, Number.POSITIVE_INFINITY], ["1", undefined]],
  ["DevDouble", 5, [Number.MAX_VALUE, -0], ["1"]],
  ["DevUShort", 6, [0, 65535], [-1, 65536]],
  ["DevULong", 7, [0, 4294967295], [-1, 4294967296]],
  ["DevString", 8, ["", "caf\u00e9"], [1, undefined]],
  ["DevState", 19, ["ON", "UNKNOWN"], ["on", 0]],
  ["DevUChar", 22, [0, 255], [256, -1]],
  ["DevLong64", 23, [-(2n ** 63n), 2n ** 63n - 1n], [2n ** 63n, 1.5]],
  ["DevULong64", 24, [0n, 2n ** 64n - 1n], [-1n, 2n ** 64n]],
  ["DevEnum", 29, [3], [1.5]],
];

describe("scalars in an any", () => {
  test.each(limits)("%s", (_, code, good, bad) => {
    for (const value of good) {
      const writer = new Writer();
      any.write(writer, toAny(code, value));
      const back = fromAny(any.read(new Reader(writer.bytes())));
      expect(back).toEqual({ code: code === 29 ? 2 : code, value });
    }
    for (const value of bad) expect(() => toAny(code, value), String(value)).toThrow(/is not/);
  });

  test("errors name the type, the value and what is wanted", () => {
    expect(() => toAny(2, 40000)).toThrow("DevShort: 40000 is not an integer from -32768 to 32767");
    expect(() => toAny(13, "abc")).toThrow('DevVarDoubleArray: "abc" is not a Float64Array or an array of numbers');
    expect(() => toAny(10, [1, 99999])).toThrow("DevShort: 99999");
    expect(() => toAny(28, { format: "x" })).toThrow(
      "DevEncoded: [object Object] is not { format: string, data: Uint8Array }",
    );
    expect(() => toAny(27, 1)).toThrow("Tango type 27 cannot travel in an any");
  });
});

describe("what is given may be", () => {
  test.each([
    [11, [1, 2], Int32Array.of(1, 2)],
    [11, new Float64Array([1, 2]), Int32Array.of(1, 2)],
    [25, [1, 2n], BigInt64Array.of(1n, 2n)],
    [13, [1n, 2.5], Float64Array.of(1, 2.5)],
    [21, [true, 0], [true, false]],
    [17, { lvalue: [1], svalue: ["a"] }, { lvalue: Int32Array.of(1), svalue: ["a"] }],
  ])("for type %d, case %#", (code, given, expected) => {
    expect(toAny(code, given).value).toEqual(expected);
  });

  test("a typed array of the right kind, which is not copied", () => {
    const data = Float64Array.of(1);
    expect(toAny(13, data).value).toBe(data);
    expect(toUnion(5, data).value).toBe(data);
  });
});

test("encoded data change names on the way to the wire and back", () => {
  const value = { format: "JPEG", data: Uint8Array.of(1, 2) };
  expect(toAny(28, value).value).toEqual({ encoded_format: "JPEG", encoded_data: value.data });
  expect(fromAny(toAny(28, value))).toEqual({ code: 28, value });
  expect(fromAny(toAny(28, [value]))).toEqual({ code: 28, value: [value] });
  expect(fromUnion(toUnion(28, [value]))).toEqual({ code: 28, value: [value] });
});

test("types without names are known by their structure", () => {
  const longs: TypeCode = { kind: "sequence", element: { kind: "long" }, bound: 0 };
  const strings: TypeCode = { kind: "sequence", element: { kind: "string", bound: 0 }, bound: 0 };
  const pair: TypeCode = {
    kind: "struct",
    id: "",
    name: "",
    members: [
      { name: "", type: longs },
      { name: "", type: strings },
    ],
  };
  const value = { member0: Int32Array.of(1), member1: ["a"] };
  expect(fromAny({ type: pair, value })).toEqual({ code: 17, value: { lvalue: Int32Array.of(1), svalue: ["a"] } });
  expect(fromAny({ type: longs, value: Int32Array.of(1) }).code).toBe(11);
  const alias: TypeCode = {
    kind: "alias",
    id: "IDL:Tango/DevString:1.0",
    name: "DevString",
    content: { kind: "string", bound: 0 },
  };
  expect(fromAny({ type: alias, value: "x" })).toEqual({ code: 8, value: "x" });
  expect(() => fromAny({ type: { kind: "any" }, value: 1 })).toThrow("an any of any is of no Tango type");
});

test("attribute values go into the branch of their type", () => {
  expect(toUnion(29, [1]).type).toBe("ATT_SHORT");
  expect(toUnion(19, ["ON"])).toEqual({ type: "ATT_STATE", value: ["ON"] });
  expect(fromUnion({ type: "DEVICE_STATE", value: "ON" })).toEqual({ code: 19, value: ["ON"] });
  expect(fromUnion(toUnion(22, [1]))).toEqual({ code: 22, value: Uint8Array.of(1) });
  expect(fromUnion(noData)).toBeUndefined();
  expect(() => toUnion(9, [1])).toThrow("no attribute can have Tango type 9");
});

test("operations are typed and found by name", () => {
  const writer = new Writer();
  writeArgs(writer, "command_query_2", ["State"]);
  expect(readArgs(new Reader(writer.bytes()), "command_query_2")).toEqual(["State"]);
  expect(operationNamed("ping")).toBe(operations.ping);
  expect(operationNamed("toString")).toBeUndefined();
  // @ts-expect-error: a command's name is a string
  expect(() => writeArgs(new Writer(), "command_query_2", [1])).toThrow();
});

test("a device of version 5 is all interfaces up to Device_5", () => {
  const ids = ["Device", "Device_2", "Device_5", "Device_6", "Database"].map((name) => isA(5, `IDL:Tango/${name}:1.0`));
  expect(ids).toEqual([true, true, true, false, false]);
  expect(isA(1, "IDL:omg.org/CORBA/Object:1.0")).toBe(true);
});
