// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { AccessControl } from "../../../tango/client/access-control.ts";
import type { Database, Service } from "../../../tango/database/index.ts";
import { devFailed } from "../../../tango/errors.ts";

interface World {
  readonly variables?: Readonly<Record<string, string>>;
  readonly services?: readonly Service[];
  readonly answer?: (command: string, argument: unknown) => unknown;
}

function world({ variables = {}, services = [], answer = () => "write" }: World) {
  const asked: string[] = [];
  const database = {
    services: async () => {
      asked.push("Services");
      return services;
    },
    classOf: async () => "Motor",
  } as unknown as Database;
  const access = new AccessControl({
    environment: (name) => variables[name],
    database,
    call: async (device, command, _type, argument) => {
      asked.push(`${device} ${command}`);
      return answer(command, argument);
    },
  });
  return { access, asked };
}
const services = [{ name: "accessControl", instance: "tango", device: "sys/access_control/1" }];
const reader = (command: string) => (command === "GetAllowedCommands" ? ["State", "Status", "Where"] : "read");

test("a facility without access control lets everybody write, and is asked once", async () => {
  const { access, asked } = world({ services: [{ name: "Other", instance: "x", device: "a/b/c" }] });
  expect(await Promise.all([access.right("a/b/c"), access.right("a/b/d")])).toEqual(["WRITE", "WRITE"]);
  await access.permit("a/b/c", "write", "here");
  expect(asked).toEqual(["Services"]);
});

test("the right on a device is asked for once; several addresses by the newer command", async () => {
  const { access, asked } = world({ services, answer: reader });
  expect([await access.right("a/b/c"), await access.right("a/b/c")]).toEqual(["READ", "READ"]);
  expect(asked).toEqual(["Services", "sys/access_control/1 GetAccessForMultiIP"]);
  const old = world({
    services,
    answer: (command) => {
      if (command === "GetAccessForMultiIP") throw devFailed("API_CommandNotFound", "no");
      return "write";
    },
  });
  expect(await old.access.right("a/b/c")).toBe("WRITE");
  expect(old.asked.at(-1)).toBe("sys/access_control/1 GetAccess");
});

test("readers may do what their class allows, whatever its case, and State and Status", async () => {
  const { access } = world({ services, answer: reader });
  for (const command of ["where", "WHERE", "state", "Status"]) await access.permit("a/b/c", { command }, "here");
  await expect(access.permit("a/b/c", { command: "Move" }, "here")).rejects.toMatchObject({
    errors: [{ reason: "API_ReadOnlyMode", desc: "Command Move on device a/b/c is not authorized", origin: "here" }],
  });
  await expect(access.permit("a/b/c", "write", "here")).rejects.toMatchObject({
    errors: [{ reason: "API_ReadOnlyMode", desc: "Writing attribute(s) on device a/b/c is not authorized" }],
  });
});

test("an access control that does not answer leaves reading, and is asked again", async () => {
  let isThere = false;
  const { access } = world({
    services,
    answer: () => {
      if (!isThere) throw devFailed("API_DeviceNotExported", "away");
      return "write";
    },
  });
  expect(await access.right("a/b/c")).toBe("READ");
  await expect(access.permit("a/b/c", { command: "Move" }, "")).rejects.toThrow(
    "not authorized because an error occurs while talking to the Controlled Access Service",
  );
  isThere = true;
  expect(await access.right("a/b/c")).toBe("WRITE");
});

test("SUPER_TANGO lifts it, ACCESS_DEVNAME names another", async () => {
  const lifted = world({ services, answer: reader, variables: { SUPER_TANGO: "True" } });
  expect(await lifted.access.right("a/b/c")).toBe("WRITE");
  expect(lifted.asked).toEqual([]);
  const other = world({ services, answer: reader, variables: { ACCESS_DEVNAME: "other/access/1" } });
  expect(await other.access.right("a/b/c")).toBe("READ");
  expect(other.asked).toEqual(["other/access/1 GetAccessForMultiIP"]);
});

test("a database that does not answer is an error, and asked again", async () => {
  let isThere = false;
  const database = {
    services: async () => {
      if (!isThere) throw devFailed("API_CantConnectToDatabase", "away");
      return [];
    },
  } as unknown as Database;
  const access = new AccessControl({ environment: () => undefined, database, call: async () => "read" });
  await expect(access.right("a/b/c")).rejects.toThrow("API_CantConnectToDatabase");
  isThere = true;
  expect(await access.right("a/b/c")).toBe("WRITE");
});
