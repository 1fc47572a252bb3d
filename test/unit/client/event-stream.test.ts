// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { EventQueue } from "../../../tango/client/events/stream.ts";
import { MessageCounter } from "../../../tango/events/index.ts";

const queueOf = (options: ConstructorParameters<typeof EventQueue>[2], end = async () => {}) =>
  new EventQueue<number>(Promise.resolve(), end, options);

test("events come in order, whoever is first", async () => {
  const queue = queueOf({});
  const first = queue.next();
  queue.push(1);
  queue.push(2);
  queue.push(3);
  expect(await first).toEqual({ value: 1, done: false });
  expect(queue.queued).toBe(2);
  queue.close();
  const left = [];
  for await (const event of queue) left.push(event);
  expect(left).toEqual([2, 3]);
});

test("a full queue drops the oldest, the newest, or fails, as asked", async () => {
  const oldest = queueOf({ queue: 2 });
  const newest = queueOf({ queue: 2, overflow: "drop newest" });
  const strict = queueOf({ queue: 2, overflow: "fail" });
  for (const queue of [oldest, newest, strict]) for (const event of [1, 2, 3, 4]) queue.push(event);
  expect([oldest.take(), oldest.dropped]).toEqual([[3, 4], 2]);
  expect([newest.take(), newest.dropped]).toEqual([[1, 2], 2]);
  expect(await strict.next()).toEqual({ value: 1, done: false });
  expect(await strict.next()).toEqual({ value: 2, done: false });
  await expect(strict.next()).rejects.toMatchObject({ errors: [{ reason: "API_EventQueueOverflow" }] });
  expect(await strict.next()).toEqual({ value: undefined, done: true });
  expect(() => queueOf({ queue: 0 })).toThrow(/at least 1/);
});

test("a failure reaches the one who waits, once; leaving the loop ends the subscription", async () => {
  const failing = queueOf({});
  const waiting = failing.next();
  failing.fail(new Error("refused"));
  await expect(waiting).rejects.toThrow("refused");
  expect(await failing.next()).toEqual({ value: undefined, done: true });

  let ends = 0;
  const queue = queueOf({}, async () => void ends++);
  queue.push(1);
  for await (const _event of queue) break;
  expect(ends).toBe(1);
  queue.push(2);
  expect(queue.queued).toBe(0);
});

test("many events through a queue that is never empty", async () => {
  const queue = queueOf({ queue: 100_000 });
  for (let event = 0; event < 20_000; event++) queue.push(event);
  for (let event = 0; event < 20_000; event++) expect((await queue.next()).value).toBe(event);
  expect(queue.queued).toBe(0);
});

test("the counter of messages tells repeated, missed and new ones", () => {
  const counter = new MessageCounter();
  expect([5, 6, 6, 7, 10, 11, 1, 1, 2].map((each) => counter.next(each))).toEqual([
    "next", "next", "repeated", "next", { missed: 2 }, "next", "next", "repeated", "next",
  ]); // biome-ignore format: a list
});
