// SPDX-License-Identifier: MIT
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { Monitor } from "../../../../tango/server/device/monitor.ts";

test("calls that answer at once cost no promise; what throws leaves the monitor free", async () => {
  const monitor = new Monitor("a/b/c");
  expect(monitor.run(() => 1)).toBe(1);
  expect(() =>
    monitor.run(() => {
      throw new Error("wrong");
    }),
  ).toThrow("wrong");
  await expect(monitor.run(() => Promise.reject(new Error("later")))).rejects.toThrow("later");
  expect(monitor.run(() => 2)).toBe(2);
});

test("calls wait for each other, in the order in which they came", async () => {
  const monitor = new Monitor("a/b/c");
  const log: string[] = [];
  const call = (name: string) =>
    monitor.run(async () => {
      log.push(`${name} begins`);
      await setImmediate();
      log.push(`${name} ends`);
    });
  await Promise.all(["one", "two", "three"].map(call));
  expect(log).toEqual(["one begins", "one ends", "two begins", "two ends", "three begins", "three ends"]);
});

test("who has waited too long is told for what, and the others go on", async () => {
  const monitor = new Monitor("a/b/c", 1);
  const { promise, resolve } = Promise.withResolvers<void>();
  const long = monitor.run(() => promise);
  await expect(monitor.run(() => 1)).rejects.toMatchObject({
    reason: "API_CommandTimedOut",
    message: expect.stringContaining(`"a/b/c"`),
  });
  resolve();
  await long;
  expect(monitor.run(() => 2)).toBe(2);
});
