// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import type { Identity } from "../../../../tango/server/device/identity.ts";
import { DeviceLock } from "../../../../tango/server/device/lock.ts";

const client = (pid: number): Identity => ({
  host: "127.0.0.1",
  peer: "giop:tcp:127.0.0.1:4711",
  client: { kind: "cpp", pid },
});
const [owner, other] = [client(1), client(2)];

test("others are refused until the lock is undone as often as it was made", () => {
  const lock = new DeviceLock("a/b/c", () => 0);
  lock.lock(owner, 10);
  lock.lock(owner, 10);
  const check = (by: Identity | undefined) => () => lock.check(by, "here");
  expect(check(owner)).not.toThrow();
  expect(check(other)).toThrow("Device a/b/c is locked by another client");
  expect(check(undefined)).toThrow("locked by another client");
  expect([lock.unlock(owner, false), lock.unlock(owner, false), lock.unlock(owner, false)]).toEqual([1, 0, 0]);
  expect(check(other)).not.toThrow();
});

test("State, Status and what the class allows go on", () => {
  const lock = new DeviceLock("a/b/c", () => 0);
  lock.lock(owner, 10);
  const command = (name: string) => () => lock.checkCommand(name, other, new Set(["look"]), "here");
  for (const allowed of ["State", "STATUS", "Look"]) expect(command(allowed)).not.toThrow();
  expect(command("Init")).toThrow("locked by another client");
});

test("it ends by itself unless it is renewed", () => {
  let now = 0;
  const lock = new DeviceLock("a/b/c", () => now);
  lock.lock(owner, 2);
  now = 1900;
  lock.relock(owner);
  now = 3800;
  expect(lock.holder).toBe(owner);
  now = 4000;
  expect(lock.holder).toBeUndefined();
  expect(() => lock.relock(owner)).toThrow("a/b/c: Device a/b/c is not locked. Can't re-lock it");
});

test("broken by force: the owner is told at every call until it unlocks", () => {
  const lock = new DeviceLock("a/b/c", () => 0);
  lock.lock(owner, 10);
  expect(() => lock.unlock(other, false)).toThrow("can't unlock it");
  lock.unlock(other, true);
  for (let call = 0; call < 2; call++) {
    expect(() => lock.check(owner, "here")).toThrow("has been unlocked by an administrative client!!!");
  }
  lock.unlock(owner, false);
  expect(() => lock.check(owner, "here")).not.toThrow();
});
