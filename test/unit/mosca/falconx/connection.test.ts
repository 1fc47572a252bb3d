// SPDX-License-Identifier: MIT
// A box that is silent, odd, refuses, or goes: each is one clear error.
import { createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { FalconXModule } from "../../../../servers/mosca/falconx/module.ts";
import { SincConnection } from "../../../../servers/mosca/falconx/sinc/connection.ts";
import { encodeFrame, type Frame, FrameReader, markers } from "../../../../servers/mosca/falconx/sinc/frame.ts";
import { type MessageName, type MessageOf, messages } from "../../../../servers/mosca/falconx/sinc/message-table.ts";
import { encode } from "../../../../servers/mosca/falconx/sinc/protobuf.ts";

type Behaviour = (socket: Socket, request: Frame) => void;
function say<N extends MessageName>(socket: Socket, name: N, fields: MessageOf<N>): void {
  socket.write(encodeFrame(markers.response, messages[name].type, encode(messages[name].fields, fields)));
}

/** A box that meets its first requests with these, one each, and acknowledges every later one. */
async function box(...behaviours: readonly Behaviour[]) {
  const waiting = [...behaviours];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    const reader = new FrameReader(markers.command);
    socket.on("data", (bytes) => {
      for (const request of reader.take(bytes))
        (waiting.shift() ?? ((one) => say(one, "successResponse", {})))(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const heard: Frame[] = [];
  const lost: string[] = [];
  const link = await SincConnection.open({
    ...{ host: "127.0.0.1", port, timeout: 200 },
    unasked: (frame) => void heard.push(frame),
    lost: ({ message }) => void lost.push(message),
  });
  return {
    ...{ port, link, heard, lost },
    [Symbol.asyncDispose]: async () => {
      await link[Symbol.asyncDispose]();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

test.each<[string, Behaviour, RegExp]>([
  ["silent", () => {}, /does not answer "ping" within 200 ms/],
  ["gone", (socket) => socket.destroy(), /closed the connection|was lost/],
  ["no FalconX", (socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"), /127\.0\.0\.1:\d+: no message of SINC/],
  ["about something else", (socket) => say(socket, "getParamResponse", {}), /answers ping with a message of type 4/],
  [
    "broken",
    (socket) => socket.write(encodeFrame(markers.response, 1, Uint8Array.of(0x12, 9))),
    /FalconX 127\.0\.0\.1:\d+ answers ping with what is no message/,
  ],
])("a box that is %s", async (_, behaviour, text) => {
  await using there = await box(behaviour);
  await expect(there.link.tell("ping", {})).rejects.toThrow(text);
  await expect(there.link.tell("ping", {})).rejects.toThrow(text);
  await expect.poll(() => there.lost).toEqual([expect.stringMatching(text)]);
});

test("a refusal has the box's words and its code, and the connection goes on", async () => {
  await using there = await box(
    (socket) => say(socket, "successResponse", { errorCode: 10003, message: "no such mode" }),
    (socket) => say(socket, "successResponse", { errorCode: 10002 }),
  );
  const refused = there.link.tell("ping", {});
  await expect(refused).rejects.toThrow(/refuses ping: no such mode$/);
  await expect(refused).rejects.toMatchObject({ code: 10003, name: "SincRefusal" });
  await expect(there.link.tell("ping", {})).rejects.toThrow(/refuses ping: not found$/);
  await there.link.tell("ping", {});
  expect(there.lost).toEqual([]);
});

test("what nobody asked for does not answer the question", async () => {
  await using there = await box((socket) => {
    say(socket, "paramUpdated", { channelId: 3 });
    say(socket, "asynchronousError", {});
    say(socket, "successResponse", {});
  });
  await there.link.tell("ping", {});
  expect(there.heard.map(({ type }) => type)).toEqual([26, 32]);
});

test("a listener that throws ends the connection, not the process", async () => {
  await using there = await box((socket) => say(socket, "paramUpdated", {}));
  there.heard.push = () => {
    throw new Error("a histogram that cannot be");
  };
  await expect(there.link.tell("ping", {})).rejects.toThrow("a histogram that cannot be");
  expect(there.lost).toEqual([expect.stringMatching(/: a histogram that cannot be/)]);
});

test("a box of which not every fact can be had is no box", async () => {
  await using there = await box();
  const listener = { histogram: () => {}, state: () => {}, reported: () => {}, lost: () => {} };
  const opened = FalconXModule.open({ host: "127.0.0.1", port: there.port }, listener, 200);
  await expect(opened).rejects.toThrow(/answers getParam with a message of type 1/);
});
