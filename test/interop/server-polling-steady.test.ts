// SPDX-License-Identifier: MIT
// Where cppTango polls one device after the other, and a slow one holds up all, here a device that does not answer holds up
// nobody but itself.
import { expect, test } from "vitest";
import {
  connect, DevDouble, defineInterface, deviceClass, MemoryDatabase, readable, startServer, storeOf,
} from "../../tango/index.ts"; // biome-ignore format: a list

const polled = defineInterface({ name: "Polled", attributes: { value: readable(DevDouble) } });

test("others are polled on while one device's read does not end", async () => {
  const stuck = Promise.withResolvers<number>();
  const reads = new Map<string, number>();
  const Polled = deviceClass(polled, ({ name }) => ({
    value: () => {
      reads.set(name, (reads.get(name) ?? 0) + 1);
      return name.endsWith("slow") ? stuck.promise : (reads.get(name) ?? 0);
    },
  }));
  const rows = { polled_attr: ["value", "20"] };
  const database = new MemoryDatabase(storeOf({ Polled: { "polled/steady/slow": rows, "polled/steady/fast": rows } }));
  await using server = await startServer({ server: "Polled/steady", classes: [Polled], database, write: () => {} });
  await expect.poll(() => reads.get("polled/steady/slow") ?? 0, { timeout: 10_000 }).toBe(1);
  const before = reads.get("polled/steady/fast") ?? 0;
  await expect.poll(() => reads.get("polled/steady/fast") ?? 0, { timeout: 10_000 }).toBeGreaterThan(before + 20);
  expect(reads.get("polled/steady/slow")).toBe(1);
  await using fast = await connect(server.trl("polled/steady/fast"));
  const history = await fast.attributeHistory("value", 10);
  expect(history).toHaveLength(10);
  const numbers = history.map(({ value }) => Number(value));
  expect(numbers).toEqual(Array.from({ length: 10 }, (_, index) => (numbers[0] ?? 0) + index));
  // When it answers, it goes on as well.
  stuck.resolve(1);
  await expect.poll(() => reads.get("polled/steady/slow") ?? 0, { timeout: 10_000 }).toBeGreaterThan(3);
});
