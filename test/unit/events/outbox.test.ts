// SPDX-License-Identifier: MIT
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { Outbox, type OutboxOptions } from "../../../tango/events/outbox.ts";
import { Patience } from "../../../tango/events/patience.ts";
import type { PubSocket } from "../../../tango/events/pub-socket.ts";

const options: OutboxOptions = {
  messages: 10,
  bytes: 1000,
  patience: { each: 60_000, most: 60_000, share: 0 },
  onDropped: () => {},
  onStalled: () => {},
};
const message = (number: number, bytes = 1) => [new Uint8Array(bytes).fill(number)];

/** A socket that takes a message when told to. */
function slowSocket() {
  const sent: number[] = [];
  const waiting: (() => void)[] = [];
  const socket: PubSocket = {
    offer: ([frame]) =>
      new Promise((resolve) => {
        waiting.push(() => {
          sent.push(frame?.[0] ?? -1);
          resolve("sent");
        });
      }),
    force: async () => {},
    close: () => {},
  };
  const takeAll = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      next();
      await setImmediate();
    }
  };
  return { socket, sent, takeAll };
}

/** A socket one of whose subscribers has room for `room` messages more. */
function fullSocket(room: number) {
  const log: string[] = [];
  const state = { room };
  const socket: PubSocket = {
    offer: async ([frame]) => {
      if (state.room === 0) return "full";
      state.room--;
      log.push(`sent ${frame?.[0]}`);
      return "sent";
    },
    force: async ([frame]) => {
      log.push(`forced ${frame?.[0]}`);
      state.room = Number.POSITIVE_INFINITY; // it is left out: nobody else is full
    },
    close: () => {},
  };
  return { socket, log, state };
}

const until = async (isSo: () => boolean) => {
  while (!isSo()) await setImmediate();
};

test("messages go in order while the socket is slow", async () => {
  const { socket, sent, takeAll } = slowSocket();
  const outbox = new Outbox(socket, options);
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
  const outbox = new Outbox(socket, { ...options, ...bound, onDropped: (count) => dropped.push(count) });
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
  const outbox = new Outbox(socket, { ...options, bytes: 20 });
  outbox.send(message(1, 100));
  await takeAll();
  expect(sent).toEqual([1]);
});

test("a burst waits for a subscriber that reads", async () => {
  const { socket, log, state } = fullSocket(2);
  const outbox = new Outbox(socket, options);
  for (const number of [1, 2, 3, 4]) outbox.send(message(number));
  await until(() => log.length === 2);
  for (let turn = 0; turn < 3; turn++) await setImmediate();
  expect(log).toEqual(["sent 1", "sent 2"]);
  state.room = 2;
  await until(() => log.length === 4);
  expect(log.slice(2)).toEqual(["sent 3", "sent 4"]);
});

test("a subscriber that does not read is left out when patience is at an end, and told of once", async () => {
  const { socket, log } = fullSocket(1);
  let stalls = 0;
  const outbox = new Outbox(socket, {
    ...options,
    patience: { each: 0, most: 0, share: 0 },
    onStalled: () => stalls++,
  });
  for (const number of [1, 2, 3]) outbox.send(message(number));
  await until(() => log.length === 3);
  expect([log, stalls]).toEqual([["sent 1", "forced 2", "sent 3"], 1]);
});

test("a closed outbox waits for nobody", async () => {
  const { socket, log } = fullSocket(0);
  const outbox = new Outbox(socket, options);
  outbox.send(message(1));
  await setImmediate();
  outbox.close();
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  expect(log).toEqual([]);
});

test("patience: used up by waiting, given back by time, never more than at first", () => {
  let now = 0;
  const patience = new Patience({ each: 500, most: 1000, share: 0.1 }, () => now);
  expect(patience.left).toBe(500);
  patience.spend(700);
  expect(patience.left).toBe(300);
  now = 1000;
  expect(patience.left).toBe(400);
  patience.spend(5000);
  expect(patience.left).toBe(0);
  now = 1_000_000;
  patience.spend(600);
  expect(patience.left).toBe(400);
});
