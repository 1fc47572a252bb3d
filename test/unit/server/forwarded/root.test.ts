// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { devFailed } from "../../../../tango/errors.ts";
import { problemOf, RootProblem, rootNamed } from "../../../../tango/server/forwarded/root.ts";

const host = "tango:10000";

test.each([
  ["Dom/Fam/mem/Attr", { text: "tango://tango:10000/dom/fam/mem/attr", trl: "dom/fam/mem", isOwn: true }],
  [
    "tango://tango:10000/a/b/c/d",
    { text: "tango://tango:10000/a/b/c/d", trl: "tango://tango:10000/a/b/c", isOwn: true },
  ],
  ["//other:10000/a/b/c/d", { text: "tango://other:10000/a/b/c/d", trl: "tango://other:10000/a/b/c", isOwn: false }],
  [
    "tango://h:7/a/b/c/d#dbase=no",
    { text: "tango://h:7/a/b/c/d#dbase=no", trl: "tango://h:7/a/b/c#dbase=no", isOwn: false },
  ],
] as const)("%s is an attribute of another device", (text, root) => {
  expect(rootNamed(text, host)).toMatchObject(root);
});

test.each([
  ["", "Missing or wrong root attribute definition"],
  ["Not defined", "Missing or wrong root attribute definition"],
  ["bad", "Wrong syntax in root attribute definition"],
  ["a/b/c", "Wrong syntax in root attribute definition"],
  ["a/b/c/d/e", "Wrong syntax in root attribute definition"],
])("%j is none", (text, problem) => {
  expect(() => rootNamed(text, host)).toThrow(problem);
});

test("what a failure to reach a root means: somebody must mend it, or it is worth waiting", () => {
  const kinds = [
    new RootProblem("wrong"),
    devFailed("API_DeviceNotDefined", "x"),
    devFailed("API_AttrNotFound", "x"),
    devFailed("API_DeviceNotExported", "x"),
    new Error("anything"),
  ].map((error) => problemOf(error).kind);
  expect(kinds).toEqual(["configuration", "configuration", "attribute", "device", "device"]);
});
