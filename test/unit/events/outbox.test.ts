// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import type { Publisher } from "zeromq";
import { Outbox } from "../../../tango/events/outbox.ts";

/** A socket that takes a message when told to. */
function slowSocket() {
  const sent: number[] = [];
  const waiting: (() => void)[] = [];
  const socket = {
    send: ([frame]: Uint8Array[]) =>
      new Promise<void>((resolve) => {
        waiting.push(() => {
          sent.push(frame?.[0] ?? -1);
          resolve();
        });
      }),
    close: () => {},
  } as unknown as Publisher;
  const takeAll = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      next();
      await new Promise(setImmediate);
    }
  };
  return { socket, sent, takeAll };
}
const message = (number: number, bytes = 1) => [new Uint8Array(bytes).fill(number)];

test("messages go in order while the socket is slow", async () => {
  const { socket, sent, takeAll } = slowSocket();
  const outbox = new Outbox(socket, { messages: 10, bytes: 1000, onDropped: () => {} });
  for (const number of [1, 2, 3]) outbox.send(message(number));
  await takeAll();
  outbox.send(message(4));
  await takeAll();
  expect(sent).toEqual([1, 2, 3, 4]);
});

test.each([
  ["messages", { messages: 2, bytes: 1000 }, 1],
  ["bytes", { messages: 1000, bytes: 20 }, 10],
])("what is beyond the bound of %s is dropped, and told of when there is room again", async (_, bound, size) => {
  const { socket, sent, takeAll } = slowSocket();
  const dropped: number[] = [];
  const outbox = new Outbox(socket, { ...bound, onDropped: (count) => dropped.push(count) });
  for (const number of [1, 2, 3, 4, 5]) outbox.send(message(number, size));
  expect(dropped).toEqual([]);
  await takeAll();
  expect([sent, dropped]).toEqual([[1, 2], [3]]);
  outbox.send(message(6, size));
  await takeAll();
  expect([sent, dropped]).toEqual([[1, 2, 6], [3]]);
});

test("one message goes however big it is", async () => {
  const { socket, sent, takeAll } = slowSocket();
  const outbox = new Outbox(socket, { messages: 10, bytes: 20, onDropped: () => {} });
  outbox.send(message(1, 100));
  await takeAll();
  expect(sent).toEqual([1]);
});
