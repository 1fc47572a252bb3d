// SPDX-License-Identifier: MIT
// Names of devices and attributes, as C++ clients take them.
import { expect, test } from "vitest";
import {
  corbalocOf,
  describeTangoHost,
  parseAttributeTrl,
  parseTangoHost,
  parseTrl,
} from "../../../tango/client/trl.ts";
import type { DevFailed } from "../../../tango/errors.ts";

const host = { host: "host", port: 10000 };

test.each([
  ["a/b/c", { device: "a/b/c", alias: false, database: true }],
  ["  A/b/C ", { device: "A/b/C", alias: false, database: true }],
  ["tango:a/b/c", { device: "a/b/c", alias: false, database: true }],
  ["TANGO://Host:10000/a/b/c", { device: "a/b/c", alias: false, database: true, host }],
  ["//host:10000/a/b/c", { device: "a/b/c", alias: false, database: true, host }],
  ["//a/b/c", { device: "a/b/c", alias: false, database: true }],
  ["tango://host:10000/alias", { device: "alias", alias: true, database: true, host }],
  ["roby", { device: "roby", alias: true, database: true }],
  ["a/b/c/d", { device: "a/b/c", alias: false, attribute: "d", database: true }],
  ["a/b/c/d->unit", { device: "a/b/c", alias: false, attribute: "d", property: "unit", database: true }],
  ["a/b/c->Host", { device: "a/b/c", alias: false, property: "Host", database: true }],
  ["a/b/c#dbase=yes", { device: "a/b/c", alias: false, database: true }],
  ["//host:10000/a/b/c#DBASE=NO", { device: "a/b/c", alias: false, database: false, host }],
  [
    "//[::1]:10000/a/b/c#dbase=no",
    { device: "a/b/c", alias: false, database: false, host: { host: "::1", port: 10000 } },
  ],
])("%s", (text, parsed) => {
  expect(parseTrl(text)).toEqual(parsed);
});

test.each([
  ["", "API_WrongDeviceNameSyntax"],
  ["a/b", "API_WrongDeviceNameSyntax"],
  ["a//c", "API_WrongDeviceNameSyntax"],
  ["a/b/c/d/e", "API_WrongDeviceNameSyntax"],
  ["a/b/c d", "API_WrongDeviceNameSyntax"],
  ["http://host:80/a/b/c", "API_UnsupportedProtocol"],
  ["a/b/c#dbase=maybe", "API_UnsupportedDBaseModifier"],
  ["a/b/c#dbase=no", "API_WrongDeviceNameSyntax"],
  ["//host:10000/alias#dbase=no", "API_WrongDeviceNameSyntax"],
  ["//host:x/a/b/c", "API_WrongDeviceNameSyntax"],
  ["//host:99999/a/b/c", "API_WrongDeviceNameSyntax"],
  ["taco:a/b/c", "API_WrongDeviceNameSyntax"],
  ["al:ias", "API_WrongDeviceNameSyntax"],
])('"%s" is refused: %s', (text, reason) => {
  expect(() => parseTrl(text)).toThrow(expect.objectContaining({ reason } satisfies Partial<DevFailed>));
});

test("an attribute has four fields, or is an alias", () => {
  expect(parseAttributeTrl("a/b/c/d")).toMatchObject({ device: "a/b/c", attribute: "d" });
  expect(parseAttributeTrl("//host:10000/speed")).toMatchObject({ device: "speed", alias: true, host });
  for (const text of ["a/b/c", "a/b", ""])
    expect(() => parseAttributeTrl(text)).toThrow(expect.objectContaining({ reason: "API_WrongAttributeNameSyntax" }));
  expect(() => parseAttributeTrl("http://h:1/a/b/c/d")).toThrow(
    expect.objectContaining({ reason: "API_UnsupportedProtocol" }),
  );
});

test("TANGO_HOST names one database server or several", () => {
  expect(parseTangoHost("One:10000, two:20000")).toEqual([
    { host: "one", port: 10000 },
    { host: "two", port: 20000 },
  ]);
  expect(describeTangoHost(parseTangoHost("[fe80::1]:10000,b:2"))).toBe("fe80::1:10000,b:2");
  for (const text of ["host", "host:", ":10000", "host:70000", "a:1,,b:2"])
    expect(() => parseTangoHost(text), text).toThrow(/is not host:port/);
});

test("several servers are several ways to one object", () => {
  const { profiles } = corbalocOf(parseTangoHost("one:10000,[::1]:20000"), "database");
  expect(profiles.map(({ host: name, port, minor, key }) => [name, port, minor, Buffer.from(key).toString()])).toEqual([
    ["one", 10000, 0, "database"],
    ["::1", 20000, 0, "database"],
  ]);
});
