// SPDX-License-Identifier: MIT
// Tango values as words of a command line, and back.
import { expect, test } from "vitest";
import { attributeValue, brief, commandArgument, json, shown } from "../../../cli/tango-values.ts";

test.each([
  ["DevBoolean", "yes", true],
  ["DevBoolean", "0", false],
  ["DevUChar", "0xff", 255],
  ["DevShort", "-7", -7],
  ["DevLong64", "-9223372036854775808", -(2n ** 63n)],
  ["DevULong64", "+1", 1n],
  ["DevDouble", "1e-3", 0.001],
  ["DevDouble", "-inf", Number.NEGATIVE_INFINITY],
  ["DevFloat", "nan", Number.NaN],
  ["DevString", "-1", "-1"],
  ["DevEnum", "ON", "ON"],
  ["DevEnum", "2", 2],
  ["DevState", "moving", "MOVING"],
  ["DevEncoded", "raw:AQID", { format: "raw", data: Uint8Array.of(1, 2, 3) }],
])("%s %s", (type, word, value) => {
  expect(attributeValue(type, "SCALAR", [word])).toEqual(value);
});

test("spectra are words or a JSON list, images JSON rows", () => {
  expect(attributeValue("DevLong", "SPECTRUM", ["1", "2"])).toEqual([1, 2]);
  expect(attributeValue("DevLong64", "SPECTRUM", ["[1, 2]"])).toEqual([1n, 2n]);
  expect(attributeValue("DevString", "SPECTRUM", [])).toEqual([]);
  expect(attributeValue("DevShort", "IMAGE", ["[[1,2],[3,4]]"])).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test("arguments of commands, by the type of the command", () => {
  expect(commandArgument("DevVoid", [])).toBeUndefined();
  expect(commandArgument("DevVarStringArray", ['["a","b c"]'])).toEqual(["a", "b c"]);
  expect(commandArgument("DevVarDoubleArray", ["1", "2.5"])).toEqual([1, 2.5]);
  expect(commandArgument("DevVarLongStringArray", ["1", "-2", "x", "3"])).toEqual({
    lvalue: [1, -2],
    svalue: ["x", "3"],
  });
  expect(commandArgument("DevVarDoubleStringArray", ["1.5", "/", "2"])).toEqual({ dvalue: [1.5], svalue: ["2"] });
});

test.each([
  ["a word that is no number", () => attributeValue("DevLong", "SCALAR", ["1.5"]), /"1.5" is not a whole number/],
  ["nothing", () => attributeValue("DevDouble", "SCALAR", [""]), /"" is not a number/],
  ["two words for one", () => attributeValue("DevDouble", "SCALAR", ["1", "2"]), /one value expected, not 2/],
  ["a truth that is none", () => attributeValue("DevBoolean", "SCALAR", ["maybe"]), /neither true nor false/],
  ["broken JSON", () => attributeValue("DevLong", "SPECTRUM", ["[1,"]), /is not a JSON list/],
  ["an argument for none", () => commandArgument("DevVoid", ["1"]), /takes no argument/],
  ["a type that has no words", () => commandArgument("DevVarEncodedArray", ["x"]), /cannot be given on a command line/],
])("%s is refused", (_what, read, problem) => {
  expect(read).toThrow(problem);
});

test("values as JSON: what it cannot hold is text", () => {
  expect(json(2n ** 53n)).toBe('"9007199254740992"');
  expect(json(5n)).toBe("5");
  expect(json(Number.NaN)).toBe('"NaN"');
  expect(json(Float64Array.of(1, 2.5))).toBe("[1,2.5]");
  expect(json({ data: Int16Array.of(1, 2, 3, 4), shape: [2, 2] })).toBe("[[1,2],[3,4]]");
  expect(json({ format: "raw", data: Uint8Array.of(1, 2, 3) })).toBe('{"format":"raw","data":"AQID"}');
});

test("values for people, and on one line of bounded length", () => {
  expect(shown(undefined)).toBe("-");
  expect(shown(["a", "b"])).toBe("[a,b]");
  expect(shown({ data: [1, 2, 3, 4], shape: [2, 2] })).toBe("[1,2]\n[3,4]");
  expect(brief({ data: [1, 2, 3, 4], shape: [2, 2] })).toBe("2 x 2 image");
  expect(brief(Array.from({ length: 100 }, (_, index) => index))).toMatch(/^\[0,1,2,.*\.\.\. 100 values$/);
});
