// SPDX-License-Identifier: MIT
// The decisions of Tango's TangoAccessControl, as measured on the original.
import { expect, test } from "vitest";
import { accessCommands } from "../../../servers/access-control/commands.ts";
import { fitsAddress, fitsDevice } from "../../../servers/access-control/rules.ts";
import { openStore } from "../../../servers/database/store/store.ts";

test.each([
  ["*.*.*.*", "10.1.2.3", true],
  ["*.*.*.*", "::1", true],
  ["10.*.*.*", "10.1.2.3", true],
  ["10.1.*.*", "10.1.2.3", true],
  ["10.1.2.*", "10.1.2.3", true],
  ["10.1.2.3", "10.1.2.3", true],
  ["10.1.2.3", "10.1.2.30", false],
  ["10.*.2.*", "10.1.2.3", false],
  ["10.1", "10.1.2.3", false],
])("address %s fits %s: %s", (pattern, address, fits) => expect(fitsAddress(pattern, address)).toBe(fits));

test.each([
  ["*/*/*", "a/b/c", true],
  ["a/b/c", "A/B/C", true],
  ["a/*/c", "a/bbb/c", true],
  ["*bc/b/c", "abcd/b/c", true],
  ["ab*/b/c", "abcd/b/c", true],
  ["a*b/b/c", "axb/b/c", true],
  ["a*b/b/c", "axbz/b/c", true],
  ["a*b/b/c", "ab/b/c", false],
  ["a*b/b/c", "axxb/b/c", false],
  ["t*t/b/c", "txt/b/c", false],
  ["a/b", "a/b/c", false],
])("device pattern %s fits %s: %s", (pattern, device, fits) => expect(fitsDevice(pattern, device)).toBe(fits));

test("own rows before everyone's, read before write", () => {
  using store = openStore(":memory:");
  const { AddDeviceForUser, AddAddressForUser, GetAccess, GetAccessForMultiIP } = accessCommands;
  const right = (user: string, device: string, address = "10.0.0.1") => GetAccess(store, [user, address, device]);
  expect(right("ann", "a/b/c")).toBe("write");
  AddDeviceForUser(store, ["ann", "a/b/*", "read"]);
  AddDeviceForUser(store, ["ann", "a/b/c", "write"]);
  expect(right("ann", "a/b/c")).toBe("read");
  expect(right("ann", "a/x/c")).toBe("write");
  AddDeviceForUser(store, ["ben", "a/b/c", "weird"]);
  expect(right("ben", "a/b/c")).toBe("weird");
  AddAddressForUser(store, ["cat", "10.0.0.*"]);
  expect(right("cat", "a/b/c")).toBe("write");
  expect(right("cat", "a/b/c", "10.0.1.1")).toBe("read");
  expect(GetAccessForMultiIP(store, ["cat", "a/b/c", "10.0.1.1", "10.0.0.9"])).toBe("write");
  store.sql.run`DELETE FROM access_device WHERE user = '*'`;
  expect(right("ann", "x/y/z")).toBe("unknown");
  store.sql.run`DELETE FROM access_device`;
  expect(right("ann", "x/y/z")).toBe("read");
});

test("users, clones, services and what is refused", () => {
  using store = openStore(":memory:");
  const run = accessCommands;
  run.AddAddressForUser(store, ["ann", "10.0.0.1"]);
  run.AddDeviceForUser(store, ["ben", "a/*/*", "write"]);
  expect(run.GetUsers(store)).toEqual(["*", "ann", "ben"]);
  expect(() => run.AddAddressForUser(store, ["ann", "10.0.0.1"])).toThrow(
    "AC_AlreadyExists: This record already exists",
  );
  expect(() => run.AddDeviceForUser(store, ["ann", "a"])).toThrow(
    "AC_IncorrectArguments: Needs at least 3 input arguments",
  );
  run.CloneUser(store, ["ben", "ann"]);
  expect(run.GetAddressByUser(store, "ann")).toEqual([]);
  expect(run.GetDeviceByUser(store, "ann")).toEqual(["a/*/*", "write"]);
  run.RemoveUser(store, "ann");
  expect(run.GetUsers(store)).toEqual(["*", "ben"]);

  run.RegisterService(store);
  run.RegisterService(store);
  const services = () => store.properties.property.values(["CtrlSystem"], "Services");
  expect(services()).toEqual(["AccessControl/tango:sys/access_control/1"]);
  run.UnregisterService(store);
  expect(services()).toEqual([]);

  expect(run.GetAllowedCommandClassList(store)).toEqual(["Database", "DServer", "Starter", "TangoAccessControl"]);
  expect(run.GetAllowedCommands(store, "Starter")[0]).toBe("State");
  expect(run.GetAllowedCommands(store, "sys/access_control/1")).toContain("GetUsers");
  expect(run.GetAllowedCommands(store, "Nosuch")).toEqual(["State", "Status"]);
  expect(() => run.GetAllowedCommands(store, "no/such/dev")).toThrow("Class not found for no/such/dev");
});
