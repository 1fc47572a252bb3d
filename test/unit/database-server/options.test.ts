// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { takeOptions } from "../../../servers/database/options.ts";

const place = { XDG_STATE_HOME: "/state" };

test("the file is what the command line says, else the environment, else the state folder", () => {
  const file = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    takeOptions(args, { ...place, ...env }).file;
  expect(file([])).toBe("/state/bandoneon/database.sqlite");
  expect(file([], { BANDONEON_DATABASE: "/mine" })).toBe("/mine");
  expect(file(["--file", ":memory:"], { BANDONEON_DATABASE: "/mine" })).toBe(":memory:");
  expect(file(["--file=/a=b"])).toBe("/a=b");
});

test("it listens on loopback and answers before the disk, unless told otherwise; the rest is Tango's", () => {
  expect(takeOptions(["2", "-v3"], place)).toMatchObject({ host: "127.0.0.1", powerSafe: false, rest: ["2", "-v3"] });
  expect(takeOptions(["--power-safe", "2", "--host", "0.0.0.0"], place)).toMatchObject({
    host: "",
    powerSafe: true,
    rest: ["2"],
  });
});

test("an option without its value says so", () => {
  for (const args of [["--file"], ["2", "--host="]])
    expect(() => takeOptions(args, place)).toThrow(/^--(file|host) needs a value$/);
});
