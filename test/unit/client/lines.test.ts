// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { Reader } from "../../../tango/cdr/index.ts";
import { Lines } from "../../../tango/client/lines.ts";
import type { ClientConnection } from "../../../tango/giop/index.ts";

/** A connection whose oldest call has waited `waiting` milliseconds. */
function line(waiting = 0) {
  const closed = Promise.withResolvers<void>();
  const calls: string[] = [];
  return {
    waiting,
    pending: 0,
    isOpen: true,
    calls,
    closed: closed.promise,
    end: closed.resolve,
    async invoke(_key: Uint8Array, operation: string) {
      calls.push(operation);
      return new Reader(new Uint8Array(0));
    },
    async [Symbol.asyncDispose]() {
      this.isOpen = false;
      closed.resolve();
    },
  };
}
const as = (fake: ReturnType<typeof line>) => fake as unknown as ClientConnection;
const call = (lines: Lines, operation: string) => lines.invoke(new Uint8Array(0), operation, () => {});

test("calls go by one connection as long as it answers", async () => {
  const main = line(1);
  await using lines = new Lines(as(main), () => expect.unreachable("no other is needed"));
  await Promise.all(["a", "b"].map((operation) => call(lines, operation)));
  expect([main.calls, lines.size]).toEqual([["a", "b"], 1]);
});

test("calls behind one that lasts go by another, opened once for all of them and used again", async () => {
  const main = line(100);
  const second = line();
  let opened = 0;
  await using lines = new Lines(as(main), async () => {
    opened++;
    return as(second);
  });
  await Promise.all(["a", "b"].map((operation) => call(lines, operation)));
  await call(lines, "c");
  expect([main.calls, second.calls, opened, lines.size]).toEqual([[], ["a", "b", "c"], 1, 2]);
  main.waiting = 0;
  await call(lines, "d");
  expect(main.calls).toEqual(["d"]);
});

test("there are at most four, then the one with the fewest calls takes them", async () => {
  const main = line(100);
  main.pending = 3;
  const more = [5, 2, 4].map((pending) => Object.assign(line(100), { pending }));
  let opened = 0;
  await using lines = new Lines(as(main), async () => as(more[opened++] ?? expect.unreachable("a fifth")));
  for (const operation of ["a", "b", "c", "d"]) await call(lines, operation);
  expect(more.map(({ calls }) => calls)).toEqual([["a"], ["b", "d"], ["c"]]);
});

test("where no other can be opened the first takes them; one that ends is replaced", async () => {
  const main = line(100);
  const second = line();
  const answers = [() => Promise.reject(new Error("refused")), async () => as(second), async () => as(line())];
  await using lines = new Lines(as(main), () => answers.shift()!());
  await call(lines, "a");
  expect(main.calls).toEqual(["a"]);
  await call(lines, "b");
  expect(second.calls).toEqual(["b"]);
  second.isOpen = false;
  second.end();
  await second.closed;
  await call(lines, "c");
  expect([second.calls, lines.size]).toEqual([["b"], 2]);
});

test("they end together", async () => {
  const [main, second] = [line(100), line()];
  const lines = new Lines(as(main), async () => as(second));
  await call(lines, "a");
  await lines[Symbol.asyncDispose]();
  expect([main.isOpen, second.isOpen, lines.isOpen]).toEqual([false, false, false]);
});

test("when the first one ends the others are closed: nobody would find them again", async () => {
  const [main, second] = [line(100), line()];
  const lines = new Lines(as(main), async () => as(second));
  await call(lines, "a");
  main.end();
  await second.closed;
  expect(second.isOpen).toBe(false);
  await lines[Symbol.asyncDispose]();
});
