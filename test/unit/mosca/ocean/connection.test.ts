// SPDX-License-Identifier: MIT
// A connection to an instrument that is silent, odd, refuses, or goes: each is one clear error, and the next request
// connects anew.
import { createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { OceanConnection, OceanRefusal } from "../../../../servers/mosca/ocean/connection.ts";
import { encodeMessage, flag, type Message, MessageReader } from "../../../../servers/mosca/ocean/message.ts";

type Behaviour = (socket: Socket, request: Message) => void;
const reply = (socket: Socket, request: Message, change: Partial<Message> = {}) =>
  socket.write(encodeMessage({ ...request, flags: flag.response, ...change }));

/** An instrument that meets its first requests with these, one each, and answers every later one with its type. */
async function instrument(...behaviours: readonly Behaviour[]) {
  const waiting = [...behaviours];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => {});
    const reader = new MessageReader();
    socket.on("data", (bytes) => {
      for (const request of reader.take(bytes)) {
        const behave = waiting.shift() ?? ((one, asked) => reply(one, asked, { data: Uint8Array.of(7) }));
        behave(socket, request);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const link = new OceanConnection({ host: "127.0.0.1", port, timeout: 200 });
  return {
    link,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      await link[Symbol.asyncDispose]();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

test.each<[string, Behaviour, RegExp]>([
  ["silent", () => {}, /does not answer "serial" within 200 ms/],
  ["gone", (socket) => socket.destroy(), /closed the connection|was lost/],
  ["no such instrument", (socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"), /: no message of the Ocean/],
  ["about something else", (socket, asked) => reply(socket, asked, { type: 0x999 }), /with a message of type 0x999/],
  ["about another request", (socket, asked) => reply(socket, asked, { regarding: 12345 }), /does not answer "serial"/],
])("an instrument that is %s", async (_, behaviour, text) => {
  await using there = await instrument(behaviour);
  await expect(there.link.query("serial")).rejects.toThrow(text);
  expect([...(await there.link.query("serial"))]).toEqual([7]);
  expect(there.connections()).toBe(2);
});

test("a refusal says why, and the connection stays", async () => {
  const refuse: Behaviour = (socket, asked) => reply(socket, asked, { flags: flag.response | flag.refused, error: 6 });
  await using there = await instrument(refuse);
  const asked = there.link.tell("setIntegrationTime", new Uint8Array(4));
  await expect(asked).rejects.toThrow(OceanRefusal);
  await expect(asked).rejects.toThrow("refuses setIntegrationTime: the value is not possible");
  await there.link.tell("abort");
  expect(there.connections()).toBe(1);
});

test("requests wait for each other; a closed connection is told", async () => {
  const later: Behaviour = (socket, asked) => setTimeout(() => reply(socket, asked, { data: Uint8Array.of(1) }), 20);
  await using there = await instrument(later);
  const answers = await Promise.all([there.link.query("serial"), there.link.query("pixels")]);
  expect(answers.map(([first]) => first)).toEqual([1, 7]);
  await there.link[Symbol.asyncDispose]();
  await expect(there.link.query("serial")).rejects.toThrow("the connection is closed");
});

test("an acquisition is told when another connection took the place of the one it was prepared on", async () => {
  await using there = await instrument(
    (socket, request) => reply(socket, request),
    (socket) => socket.destroy(),
  );
  await there.link.query("serial");
  const steady = there.link.steady();
  expect(steady).not.toThrow();
  await there.link.query("serial").catch(() => {});
  await there.link.query("serial");
  expect(there.connections()).toBe(2);
  expect(steady).toThrow(/closed the connection|was lost/);
  expect(there.link.steady()).not.toThrow();
});
