// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import {
  addressesOf,
  alternateAddressComponent,
  codeSetsComponent,
  ObjectReference,
  unixSocketComponent,
} from "../../../tango/giop/index.ts";

// Printed by omniORB 4.2.5: code sets, an IPv6 address and a unix socket as components.
const printed =
  "IOR:010000001700000049444c3a54616e676f2f4465766963655f353a312e3000000100000000000000b8000000010102000a0000003139322e302e322e320071c80e000000fee4b1036b0000100f000000000000000400000000000000080000000100000000545441010000001c0000000100000001000100010000000100010509010100010000000901010003000000120000000100000008000000666430303a3a320071c8000002545441340000000100000003000000766d0000240000002f746d702f6f6d6e692d726f6f742f3030303030343131312d3137393534303432363000";

test("an IOR of omniORB is read", () => {
  const { typeId, profiles } = ObjectReference.parse(printed);
  expect(typeId).toBe("IDL:Tango/Device_5:1.0");
  expect(profiles).toHaveLength(1);
  const profile = profiles[0]!;
  expect(profile).toMatchObject({ minor: 2, host: "192.0.2.2", port: 51313 });
  expect(Buffer.from(profile.key).toString("hex")).toBe("fee4b1036b0000100f0000000000");
  expect(profile.components.map(({ tag }) => tag)).toEqual([0, 1, 3, 0x41545402]);
  expect(profile.components[1]).toEqual(codeSetsComponent());
  expect(profile.components[2]).toEqual(alternateAddressComponent("fd00::2", 51313));
  const path = "/tmp/omni-root/000004111-1795404260";
  expect(profile.components[3]).toEqual(unixSocketComponent("vm", path));
  expect(addressesOf(profile, "vm")).toEqual([
    { path },
    { host: "192.0.2.2", port: 51313 },
    { host: "fd00::2", port: 51313 },
  ]);
  expect(addressesOf(profile, "elsewhere")[0]).toEqual({ host: "192.0.2.2", port: 51313 });
});

test("it is printed byte for byte as omniORB printed it", () => {
  expect(ObjectReference.parse(printed).toString()).toBe(printed);
});

test.each([
  ["corbaloc:iiop:host:10000/database", { minor: 0, host: "host", port: 10000 }, "database"],
  ["corbaloc:iiop:1.2@host:1/a/b/c", { minor: 2, host: "host", port: 1 }, "a/b/c"],
  ["corbaloc::host/k", { minor: 0, host: "host", port: 2809 }, "k"],
  ["corbaloc:iiop:[::1]:5/k%20%ff", { minor: 0, host: "::1", port: 5 }, "k \u00ff"],
])("%s", (text, expected, key) => {
  const profile = ObjectReference.parse(text).profiles[0]!;
  expect(profile).toMatchObject(expected);
  expect(Buffer.from(profile.key).toString("latin1")).toBe(key);
});

test("a corbaloc may have several addresses", () => {
  const { profiles } = ObjectReference.parse("corbaloc:iiop:a:1,iiop:1.2@b:2/k");
  expect(profiles.map(({ host, minor }) => [host, minor])).toEqual([
    ["a", 0],
    ["b", 2],
  ]);
});

test.each([
  ["nonsense", "IOR:<hexadecimal> or corbaloc:iiop:... expected"],
  ["IOR:0", "expected"],
  ["IOR:00", "damaged"],
  [printed.slice(0, 200), "damaged"],
  ["corbaloc:iiop:/k", "is no address"],
  ["corbaloc:iiop:host:99999/k", "is no address"],
  ["corbaloc:iiop:host:1/%zz", "two hexadecimal digits"],
])("%s is refused with a reason", (text, reason) => {
  expect(() => ObjectReference.parse(text)).toThrow(reason);
});
