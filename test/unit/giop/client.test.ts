// SPDX-License-Identifier: MIT
import { afterEach, expect, test, vi } from "vitest";
import { closeConnection } from "../../../tango/giop/header.ts";
import {
  ClientConnection,
  type ConnectionOptions,
  GiopServer,
  type ObjectAdapter,
  SystemException,
  UserException,
} from "../../../tango/giop/index.ts";
import { type Channel, memory } from "../../../tango/transport/index.ts";
import { settle } from "./raw-client.ts";

afterEach(() => void vi.useRealTimers());

const address = { host: "here", port: 1 };
const key = Buffer.from("k");

async function world(dispatch: ObjectAdapter["dispatch"], options: ConnectionOptions = {}) {
  const transport = memory();
  const server = await GiopServer.listen(
    transport,
    address,
    { dispatch, exists: () => true },
    { onError: () => {}, idle: 0 },
  );
  const client = await ClientConnection.open(transport, address, options);
  return { server, client };
}
const echo: ObjectAdapter["dispatch"] = ({ args }) => {
  const text = args.string();
  return (writer) => writer.string(text);
};
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error: unknown) => error,
  );

test("calls get their own answers, whatever order they come in", async () => {
  const answers = new Map<number, () => void>();
  const { client } = await world(({ args }) => {
    const value = args.long();
    return new Promise((resolve) => answers.set(value, () => resolve((writer) => writer.long(value * 2))));
  });
  const calls = [1, 2, 3].map((value) => client.invoke(key, "double", (writer) => writer.long(value)));
  await settle();
  expect(client.pending).toBe(3);
  for (const value of [2, 3, 1]) answers.get(value)?.();
  expect((await Promise.all(calls)).map((reader) => reader.long())).toEqual([2, 4, 6]);
  expect(client.pending).toBe(0);
});

test.each([
  ["GIOP 1.0", { minor: 0 as const }, "caf\u00e9"],
  ["GIOP 1.1", { minor: 1 as const }, "caf\u00e9"],
  ["big endian", { littleEndian: false }, "caf\u00e9"],
  ["UTF-8", { utf8: true }, "\u4e2d\u{1f600}"],
  ["fragments", { fragmentSize: 64 }, "x".repeat(5000)],
])("with %s strings come back", async (_, options, text) => {
  const { client } = await world(echo, options);
  for (let turn = 0; turn < 2; turn++) {
    expect((await client.invoke(key, "echo", (writer) => writer.string(text))).string()).toBe(text);
  }
});

test("arguments that cannot be sent fail the call, not the connection", async () => {
  const { client } = await world(echo);
  await expect(client.invoke(key, "echo", (writer) => writer.string("\u4e2d"))).rejects.toThrow("ISO 8859-1");
  expect((await client.invoke(key, "echo", (writer) => writer.string("ok"))).string()).toBe("ok");
});

test("exceptions arrive as what they are", async () => {
  const { client } = await world(({ operation }) => {
    if (operation === "user") throw new UserException("IDL:X:1.0", (writer) => writer.long(7));
    throw new SystemException("BAD_PARAM", 0x4f4d0019, "YES");
  });
  const user = await failure(client.invoke(key, "user", () => {}));
  expect(user).toMatchObject({ repositoryId: "IDL:X:1.0" });
  const system = await failure(client.invoke(key, "system", () => {}));
  expect(system).toMatchObject({
    exception: "BAD_PARAM",
    minorName: "BAD_PARAM_EnumValueOutOfRange",
    completed: "YES",
  });
});

test("a call given up by time or abort is cancelled at the server; its late answer harms nobody", async () => {
  const signals: AbortSignal[] = [];
  const late = Promise.withResolvers<void>();
  const { client } = await world(({ operation, signal }) => {
    if (operation === "fast") return (writer) => writer.long(1);
    signals.push(signal);
    return late.promise.then(() => (writer) => writer.long(2));
  });
  const timed = await failure(client.invoke(key, "slow", () => {}, { timeout: 1 }));
  expect((timed as SystemException).is("TRANSIENT", "CallTimedout")).toBe(true);
  const aborter = new AbortController();
  const aborted = failure(client.invoke(key, "slow", () => {}, { signal: aborter.signal }));
  aborter.abort(new Error("enough"));
  expect(await aborted).toEqual(new Error("enough"));
  await settle();
  expect(signals.map(({ aborted: is }) => is)).toEqual([true, true]);
  expect(client.abandoned).toBe(2);
  late.resolve();
  expect((await client.invoke(key, "fast", () => {})).long()).toBe(1);
  expect(client.abandoned).toBe(0);
  expect(client.waiting).toBe(0);
  const before = new AbortController();
  before.abort();
  await expect(client.invoke(key, "fast", () => {}, { signal: before.signal })).rejects.toThrow();
});

test("a one-way call resolves without an answer", async () => {
  let seen = 0;
  const { client } = await world(({ oneWay }) => {
    seen += oneWay ? 1 : 0;
    return () => {};
  });
  await client.invoke(key, "tell", () => {}, { oneWay: true });
  await settle();
  expect([seen, client.pending]).toEqual([1, 0]);
});

test("calls fail when the server goes, and when nothing is there", async () => {
  const { client, server } = await world(() => new Promise(() => {}));
  const waiting = failure(client.invoke(key, "slow", () => {}));
  await settle();
  await server[Symbol.asyncDispose]();
  expect((await waiting) as SystemException).toMatchObject({ exception: "COMM_FAILURE", completed: "MAYBE" });
  await client.closed;
  expect(client.isOpen).toBe(false);
  expect(await failure(client.invoke(key, "x", () => {}))).toMatchObject({
    minorName: "TRANSIENT_ConnectionClosed",
    completed: "NO",
  });
  const nobody = await failure(ClientConnection.open(memory(), address));
  expect(nobody).toMatchObject({ minorName: "TRANSIENT_ConnectFailed" });
});

test("a connection that is not accepted in time fails by name", async () => {
  const transport = {
    ...memory(),
    connect: (_: unknown, { signal }: { signal?: AbortSignal } = {}) =>
      new Promise<Channel>((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  };
  const error = await failure(ClientConnection.open(transport, address, { timeout: 1 }));
  expect(error).toMatchObject({ minorName: "TRANSIENT_CallTimedout" });
  expect(String(error)).toContain("here:1 does not answer");
});

test.each([
  ["no GIOP", Buffer.from("SSH-2.0-OpenSSH_9.2\r\n")],
  ["a goodbye", closeConnection()],
  ["a reply cut short", Buffer.from("47494f50010201010400000002000000", "hex")],
])("a server that sends %s ends the connection and fails what waits", async (_, bytes) => {
  const transport = memory();
  await transport.listen(address, (channel) => {
    channel.start({ data: () => channel.write([bytes]), drained: () => {}, closed: () => {} });
  });
  const client = await ClientConnection.open(transport, address);
  expect(await failure(client.invoke(key, "x", () => {}))).toBeInstanceOf(SystemException);
  await client.closed;
});

test("an idle connection closes itself, one with a call does not", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
  const { client } = await world(({ operation }) => (operation === "slow" ? new Promise(() => {}) : () => {}), {
    idle: 1000,
  });
  void failure(client.invoke(key, "slow", () => {}, { signal: AbortSignal.abort() }));
  vi.advanceTimersByTime(800);
  await client.invoke(key, "x", () => {});
  vi.advanceTimersByTime(800);
  expect(client.isOpen).toBe(true);
  vi.advanceTimersByTime(800);
  expect(client.isOpen).toBe(false);
});

test("closing fails what waits", async () => {
  const { client } = await world(() => new Promise(() => {}));
  const waiting = failure(client.invoke(key, "slow", () => {}));
  await client[Symbol.asyncDispose]();
  expect(await waiting).toMatchObject({ exception: "COMM_FAILURE" });
  await client[Symbol.asyncDispose]();
});
