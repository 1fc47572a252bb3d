// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Joining } from "../../../tango/events/joining.ts";

let now = 0;
const sent: string[] = [];
beforeEach(() => {
  now = 0;
  sent.length = 0;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => void vi.useRealTimers());
const pass = async (milliseconds: number) => {
  now += milliseconds;
  await vi.advanceTimersByTimeAsync(milliseconds);
};

const text = (frames: readonly Uint8Array[]) => frames.map((frame) => Buffer.from(frame).toString()).join(" ");
const joiningOf = (messages = 10, bytes = 1000) =>
  new Joining({ patience: 2000, messages, bytes, send: (frames) => void sent.push(text(frames)) }, () => now);
const event = (topic: string, data: string) => [Buffer.from(topic), Buffer.from(data)];

test("what is sent before the filter arrives goes when it does, in order, then everything at once", () => {
  const joining = joiningOf();
  joining.expect("a.change");
  joining.send(event("a.change", "1"));
  joining.send(event("a.change", "2"));
  joining.send(event("b.change", "1"));
  expect(sent).toEqual(["b.change 1"]);
  joining.filter("a.change", true);
  joining.send(event("a.change", "3"));
  expect(sent).toEqual(["b.change 1", "a.change 1", "a.change 2", "a.change 3"]);
  expect(joining.bytes).toBe(0);
});

test("a filter that is the beginning of a topic will do", () => {
  const joining = joiningOf();
  joining.expect("dev/a.change");
  joining.send(event("dev/a.change", "1"));
  joining.filter("dev/b", true);
  expect(sent).toEqual([]);
  joining.filter("dev/", true);
  joining.expect("dev/c.change");
  joining.send(event("dev/c.change", "2"));
  expect(sent).toEqual(["dev/a.change 1", "dev/c.change 2"]);
});

test("a topic that others hear: nobody waits, and who comes gets the last message", () => {
  const joining = joiningOf();
  joining.filter("a.change", true);
  joining.expect("a.change");
  joining.send(event("a.change", "1"), 2);
  joining.send(event("a.change", "2"));
  expect(sent).toEqual(["a.change 1", "a.change 2"]);
  joining.filter("a.change", true);
  expect(sent.slice(2)).toEqual(["a.change 2"]);
  joining.send(event("a.change", "3"), 2);
  joining.filter("a.change", true);
  expect(sent.slice(3)).toEqual(["a.change 3", "a.change 3"]);
});

test("two that come at once: the second gets the last message again, and nobody gets it a third time", () => {
  const joining = joiningOf();
  for (let client = 0; client < 3; client++) joining.expect("a");
  joining.send(event("a", "1"));
  joining.send(event("a", "2"));
  for (let client = 0; client < 3; client++) joining.filter("a", true);
  expect(sent).toEqual(["a 1", "a 2", "a 2"]);
  expect(joining.bytes).toBe(0);
});

test("for a client that may be connecting still a message goes twice", () => {
  const joining = joiningOf();
  joining.send(event("a.change", "1"), 2);
  expect(sent).toEqual(["a.change 1", "a.change 1"]);
});

test("the last subscriber has gone when the next is expected: what is sent is kept again", () => {
  const joining = joiningOf();
  joining.filter("a.change", true);
  joining.expect("a.change");
  joining.filter("a.change", false);
  joining.send(event("a.change", "1"));
  expect(sent).toEqual([]);
  joining.filter("a.change", true);
  expect(sent).toEqual(["a.change 1"]);
});

test("the newest are kept, no more than may be", () => {
  const few = joiningOf(2);
  few.expect("a");
  for (const data of ["1", "2", "3"]) few.send(event("a", data));
  few.filter("a", true);
  expect(sent).toEqual(["a 2", "a 3"]);
  sent.length = 0;
  const small = joiningOf(10, 10);
  for (const topic of ["a", "b"]) small.expect(topic);
  for (const data of ["1111", "2222", "3333"]) small.send(event("a", data));
  small.send(event("a", "too long for it"));
  expect(small.bytes).toBeLessThanOrEqual(10);
  small.send(event("b", "9999"));
  small.send(event("b", "99999999999"));
  expect(small.bytes).toBeLessThanOrEqual(10);
});

test("a filter that does not arrive is waited for no longer, and nothing is kept for it", async () => {
  const joining = joiningOf();
  joining.expect("a");
  await pass(1500);
  joining.expect("b");
  joining.send(event("a", "1"));
  joining.send(event("b", "1"));
  await pass(500);
  expect(joining.bytes).toBe(2);
  joining.filter("a", true);
  await pass(1500);
  expect(joining.bytes).toBe(0);
  joining.filter("b", true);
  expect(sent).toEqual([]);
  joining.send(event("b", "2"));
  expect(sent).toEqual(["b 2"]);
});

test("who never listens costs the same however often it subscribes, and absurd filters cost nothing", () => {
  const joining = joiningOf(10, 100);
  for (let count = 0; count < 1000; count++) {
    joining.expect("a");
    joining.send(event("a", "0123456789"));
  }
  expect(joining.bytes).toBeLessThanOrEqual(100);
  joining.filter("a".repeat(100_000), true);
  expect(sent).toEqual([]);
});
