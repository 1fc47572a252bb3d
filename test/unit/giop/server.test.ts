// SPDX-License-Identifier: MIT
import { afterEach, describe, expect, test, vi } from "vitest";
import { MarshalError, Writer } from "../../../tango/cdr/index.ts";
import { fragmented } from "../../../tango/giop/fragments.ts";
import { headerBytes, type Minor, messageTypes } from "../../../tango/giop/header.ts";
import {
  GiopServer,
  type ObjectAdapter,
  type Request,
  SystemException,
  systemException,
  UserException,
} from "../../../tango/giop/index.ts";
import { bodyOf } from "../../../tango/giop/message-stream.ts";
import { memory } from "../../../tango/transport/index.ts";
import { RawClient, requestBytes, settle } from "./raw-client.ts";

afterEach(() => void vi.useRealTimers());

const address = { host: "here", port: 1 };
type Dispatch = ObjectAdapter["dispatch"];

async function world(dispatch: Dispatch, options: Parameters<typeof GiopServer.listen>[3] = {}) {
  const transport = memory();
  const errors: unknown[] = [];
  const adapter = { dispatch, exists: (key: Uint8Array) => Buffer.from(key).toString() === "k" };
  const server = await GiopServer.listen(transport, address, adapter, {
    onError: (error) => errors.push(error),
    ...options,
  });
  const client = await RawClient.connect(transport, address);
  return { server, client, errors, connect: () => RawClient.connect(transport, address) };
}
const ok: Dispatch = () => () => {};

describe("a request", () => {
  test.each([0, 1, 2] as const)("of GIOP 1.%d is answered in that version, in both byte orders", async (minor) => {
    const { client } = await world(({ args }) => {
      const value = args.double();
      return (writer) => writer.double(value + 1);
    });
    for (const littleEndian of [true, false]) {
      client.send(
        requestBytes("add", { minor, littleEndian, id: littleEndian ? 4 : 6 }, (writer) => writer.double(41)),
      );
    }
    await settle();
    expect(client.received.map((message) => message.minor)).toEqual([minor, minor]);
    expect(client.replies().map(({ id, status, body }) => [id, status, body.double()])).toEqual([
      [4, 0, 42],
      [6, 0, 42],
    ]);
  });

  test("is answered when its handler is done, others meanwhile", async () => {
    const slow = Promise.withResolvers<void>();
    const { client } = await world(({ operation }) =>
      operation === "slow" ? slow.promise.then(() => () => {}) : () => {},
    );
    client.send(requestBytes("slow", { id: 2 }), requestBytes("fast", { id: 4 }));
    await settle();
    expect(client.replies().map(({ id }) => id)).toEqual([4]);
    slow.resolve();
    await settle();
    expect(client.replies().map(({ id }) => id)).toEqual([4, 2]);
  });

  test("that wants no reply gets none, not even for errors", async () => {
    const seen: string[] = [];
    const { client, errors } = await world(async ({ operation }) => {
      seen.push(operation);
      throw new Error("no");
    });
    client.send(requestBytes("one", { oneWay: true }));
    await settle();
    expect(seen).toEqual(["one"]);
    expect(errors).toHaveLength(1);
    expect(client.received).toEqual([]);
  });

  test("that is cancelled, or whose client goes away, has its signal aborted", async () => {
    const requests: Request[] = [];
    const { client } = await world((request) => {
      requests.push(request);
      return new Promise(() => {});
    });
    client.send(requestBytes("a", { id: 2 }), requestBytes("b", { id: 4 }));
    await settle();
    const cancel = new Writer();
    cancel.block(headerBytes(messageTypes.CancelRequest, 2));
    cancel.ulong(2);
    cancel.patchUlong(8, 4);
    client.send(...cancel.take());
    await settle();
    expect(requests.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    client.channel.close(true);
    await settle();
    expect(requests.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    expect(requests[1]?.connection.signal.aborted).toBe(true);
  });

  test.each([1, 2] as const)("in fragments of GIOP 1.%d is put together", async (minor) => {
    const texts: string[] = [];
    const { client } = await world(({ args }) => {
      texts.push(args.string());
      return () => {};
    });
    const text = "x".repeat(1000);
    const whole = requestBytes("say", { minor }, (writer) => writer.string(text));
    client.send(...fragmented([whole], minor, 64));
    await settle();
    expect(texts).toEqual([text]);
  });

  test("in fragments may be mixed with others in fragments", async () => {
    const texts: string[] = [];
    const { client } = await world(({ args }) => {
      texts.push(args.string());
      return () => {};
    });
    const pieces = ["a", "b"].map((letter, index) =>
      pieced(
        fragmented([requestBytes("say", { id: 2 + index }, (writer) => writer.string(letter.repeat(300)))], 2, 64),
      ),
    );
    for (const [index, piece] of pieces[0]!.entries()) client.send(piece, pieces[1]![index]!);
    await settle();
    expect(texts).toEqual(["a".repeat(300), "b".repeat(300)]);
  });

  test("that comes byte by byte is one request", async () => {
    const { client } = await world(ok);
    for (const byte of requestBytes("slowly", { id: 8 })) client.send(Uint8Array.of(byte));
    await settle();
    expect(client.replies().map(({ id }) => id)).toEqual([8]);
  });

  test("chooses the code set of its connection's strings", async () => {
    const { client } = await world(({ args }) => {
      const text = args.string();
      return (writer) => writer.string(text);
    });
    client.send(requestBytes("echo", { codeSet: "utf8" }, (writer) => writer.string("\u4e2d")));
    await settle();
    const reply = client.received[0]!;
    expect(bodyOf(reply, "utf8").end - reply.end).toBe(0);
    expect(Buffer.from(reply.bytes.subarray(28, 31)).toString("utf8")).toBe("\u4e2d");
  });
});

/** The message in one block a fragment. */
function pieced(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  const bytes = Buffer.concat(chunks);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 12 + bytes.readUInt32LE(at + 8);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

describe("what a handler throws", () => {
  const cases: readonly (readonly [string, () => unknown, string, boolean])[] = [
    ["a system exception", () => systemException("OBJECT_NOT_EXIST_NoMatch"), "OBJECT_NOT_EXIST_NoMatch", false],
    ["a MarshalError", () => new MarshalError("cut", 3), "MARSHAL_PassEndOfMessage", false],
    ["an Error", () => new Error("bug"), "UNKNOWN_UserException", true],
    ["undefined", () => undefined, "UNKNOWN_UserException", true],
    ["a string", () => "oops", "UNKNOWN_UserException", true],
  ];
  test.each(cases)("%s, at once or later, answers with the right exception", async (_, thrown, expected, reported) => {
    const { client, errors } = await world(({ operation }) => {
      if (operation === "now") throw thrown();
      return Promise.reject(thrown());
    });
    client.send(requestBytes("now", { id: 2 }), requestBytes("later", { id: 4 }));
    await settle();
    for (const { status, body } of client.replies()) {
      expect(status).toBe(2);
      expect(new SystemException(/CORBA\/(\w+)/.exec(body.string())![1]!, body.ulong()).minorName).toBe(expected);
    }
    expect(client.replies()).toHaveLength(2);
    expect(errors).toHaveLength(reported ? 2 : 0);
  });

  test("a user exception is sent with its members", async () => {
    const { client } = await world(() => {
      throw new UserException("IDL:X:1.0", (writer) => writer.long(7));
    });
    client.send(requestBytes("x"));
    await settle();
    const [{ status, body } = client.replies()[0]!] = client.replies();
    expect([status, body.string(), body.long()]).toEqual([1, "IDL:X:1.0", 7]);
  });

  test("while the answer is written takes back what was written", async () => {
    const { client } = await world(() => (writer) => {
      writer.string("half an answer");
      throw new MarshalError("no place for it", 0);
    });
    client.send(requestBytes("x"));
    await settle();
    const reply = client.replies()[0]!;
    expect([reply.status, reply.body.string()]).toEqual([2, "IDL:omg.org/CORBA/MARSHAL:1.0"]);
  });
});

describe("beside requests", () => {
  test("LocateRequest is answered in every version", async () => {
    const { client } = await world(ok);
    for (const minor of [0, 1, 2] as Minor[]) {
      for (const key of ["k", "other"]) {
        const writer = new Writer();
        writer.block(headerBytes(messageTypes.LocateRequest, minor));
        writer.ulong(9);
        if (minor === 2) writer.ushort(0);
        writer.octets(Buffer.from(key));
        writer.patchUlong(8, writer.position - 12);
        client.send(writer.bytes());
      }
    }
    await settle();
    const answers = client.received.map((message) => {
      const body = bodyOf(message, "latin1");
      return [message.type, body.ulong(), body.ulong()];
    });
    expect(answers).toEqual([1, 0, 1, 0, 1, 0].map((found) => [messageTypes.LocateReply, 9, found]));
  });

  test("_non_existent and _interface are answered", async () => {
    const { client } = await world(ok);
    client.send(
      requestBytes("_non_existent", { id: 2 }),
      requestBytes("_interface", { id: 4 }),
      requestBytes("_non_existent", { id: 6, key: "z" }),
    );
    await settle();
    const [exists, repository, unknown] = client.replies();
    expect([exists?.status, exists?.body.boolean()]).toEqual([0, false]);
    expect(repository?.body.string()).toContain("INTF_REPOS");
    expect(unknown?.body.string()).toContain("OBJECT_NOT_EXIST");
  });

  test.each([
    ["no GIOP", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    ["GIOP 1.3", Buffer.from("47494f500103010000000000", "hex")],
    ["GIOP 2.0", Buffer.from("47494f500200010000000000", "hex")],
    ["an unknown type", Buffer.from("47494f500102010900000000", "hex")],
    ["too long a message", Buffer.from("47494f5001020100ffffffff", "hex")],
    ["a request that ends in its header", Buffer.from("47494f50010201000400000001000000", "hex")],
    ["CloseConnection", headerBytes(messageTypes.CloseConnection, 2)],
    ["MessageError", headerBytes(messageTypes.MessageError, 2)],
  ])("%s closes the connection, and only that", async (_, bytes) => {
    const { client, connect, server } = await world(ok);
    client.send(requestBytes("first"), bytes);
    await settle();
    expect(client.replies()).toHaveLength(1);
    expect(client.closed).toBe(true);
    const other = await connect();
    other.send(requestBytes("x"));
    await settle();
    expect(other.replies()).toHaveLength(1);
    expect(server.connections).toBe(1);
  });
});

describe("a server that protects itself", () => {
  test("takes no memory for what is only announced", async () => {
    const { client } = await world(ok);
    const before = process.memoryUsage().arrayBuffers;
    client.send(Buffer.from("47494f5001020100f0ffff0f", "hex"), new Uint8Array(1000));
    await settle();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
  });

  test("reads no more from a client that does not read", async () => {
    let served = 0;
    const { client } = await world(() => {
      served++;
      return (writer) => writer.octets(new Uint8Array(600_000));
    });
    client.channel.flow(false);
    for (let id = 0; id < 100; id++) {
      client.send(requestBytes("big", { id }));
      await settle();
    }
    expect(served).toBeLessThan(5);
    client.channel.flow(true);
    for (let turn = 0; turn < 100; turn++) await settle();
    expect(served).toBe(100);
    expect(client.replies()).toHaveLength(100);
  });

  test("takes a bounded number of requests at a time", async () => {
    const open: (() => void)[] = [];
    const { client } = await world(() => new Promise((resolve) => open.push(() => resolve(() => {}))));
    for (let id = 0; id < 3000; id++) client.send(requestBytes("slow", { id }));
    await settle();
    expect(open).toHaveLength(1024);
    while (open.length > 0) {
      for (const finish of open.splice(0)) finish();
      await settle();
    }
    expect(client.replies()).toHaveLength(3000);
  });

  test("says goodbye to idle clients, cuts off those that stop within a message, keeps those it works for", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
    const { client, connect } = await world(() => new Promise(() => {}), { idle: 1000 });
    const [working, stuck] = [await connect(), await connect()];
    working.send(requestBytes("slow"));
    stuck.send(requestBytes("cut").subarray(0, 20));
    await settle();
    vi.advanceTimersByTime(2000);
    await settle();
    expect([client.closed, working.closed, stuck.closed]).toEqual([true, false, true]);
    expect(client.received.map(({ type }) => type)).toEqual([messageTypes.CloseConnection]);
    expect(stuck.received).toEqual([]);
  });

  test("says goodbye when it closes", async () => {
    const { client, server } = await world(ok);
    await server[Symbol.asyncDispose]();
    await settle();
    expect(client.received.map(({ type }) => type)).toEqual([messageTypes.CloseConnection]);
    expect(client.closed).toBe(true);
  });
});
