// SPDX-License-Identifier: MIT
// Calls of a device that answers what it should not, or not at all: each ends, with an error that says why.
import { expect, test } from "vitest";
import type { DevFailed } from "../../../tango/errors.ts";
import type { Answer, ObjectAdapter, Request } from "../../../tango/giop/index.ts";
import { GiopServer, systemException, UserException } from "../../../tango/giop/index.ts";
import { connect, controlSystem } from "../../../tango/index.ts";
import { memory } from "../../../tango/transport/index.ts";
import { echoAdapter } from "../../world/echo-device.ts";

type Serve = (request: Request) => Answer | Promise<Answer> | undefined;

/** A device that echoes, but for what `serve` answers. */
async function served(serve: Serve = () => undefined) {
  const transport = memory();
  const echo = echoAdapter();
  const asked: string[] = [];
  const adapter: ObjectAdapter = {
    exists: echo.exists,
    dispatch: (request) => {
      asked.push(request.operation);
      return serve(request) ?? echo.dispatch(request);
    },
  };
  const address = { host: "memory", port: 1 };
  const server = await GiopServer.listen(transport, address, adapter, { onError: () => {} });
  const system = controlSystem({ transport, retryDelay: 0 });
  const device = await connect("//memory:1/a/b/c#dbase=no", { system });
  return {
    device,
    system,
    asked,
    server,
    listen: () => GiopServer.listen(transport, address, adapter),
    async [Symbol.asyncDispose]() {
      await system[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
const failure = (work: Promise<unknown>): Promise<DevFailed> =>
  work.then(
    () => expect.unreachable("it should have failed"),
    (error) => error,
  );
const reasons = async (work: Promise<unknown>) => (await failure(work)).errors.map(({ reason }) => reason);
const only =
  (operation: string, answer: (request: Request) => Answer | Promise<Answer>): Serve =>
  (request) =>
    request.operation === operation ? answer(request) : undefined;

test("an answer that cannot be read is an error that says where", async () => {
  await using world = await served(only("read_attributes_5", () => (writer) => writer.ulong(1000)));
  const error = await failure(world.device.read("x"));
  expect(error.errors).toMatchObject([
    {
      reason: "API_CorbaException",
      desc: expect.stringMatching(/^MARSHAL CORBA system exception: MARSHAL_PassEndOfMessage/),
    },
    { reason: "API_CommunicationFailed", desc: "Failed to read_attribute on device a/b/c, attribute x" },
  ]);
  expect(await world.device.state()).toBe("ON");
});

test("a system exception, and an exception nobody knows", async () => {
  await using world = await served((request) => {
    if (request.operation === "_get_status") throw systemException("NO_RESOURCES_UnableToStartThread");
    if (request.operation === "_get_state") throw new UserException("IDL:Other/Failure:1.0", () => {});
    return undefined;
  });
  expect(await reasons(world.device.status())).toEqual(["API_CorbaException", "API_CommunicationFailed"]);
  expect((await failure(world.device.state())).message).toContain("unknown exception IDL:Other/Failure:1.0");
});

test("a call given up by time or by abort leaves nothing behind", async () => {
  const never = new Promise<Answer>(() => {});
  await using world = await served(only("_get_status", () => never));
  expect(await reasons(world.device.status({ timeout: 5 }))).toEqual(["API_CorbaException", "API_DeviceTimedOut"]);
  const stop = new AbortController();
  const waiting = world.device.status({ signal: stop.signal, timeout: Number.POSITIVE_INFINITY });
  stop.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await expect(world.device.state({ signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
  expect(world.asked.filter((operation) => operation === "_get_state")).toEqual([]);
  expect(await world.device.state()).toBe("ON");
});

test("when the server has gone, reads are repeated on the new one, commands that had begun are not", async () => {
  let isGone = false;
  await using world = await served(({ operation }) => {
    if (isGone || !["read_attributes_5", "command_inout_4"].includes(operation)) return undefined;
    isGone = true;
    return new Promise<Answer>(() => {});
  });
  const { device, server, listen, asked } = world;
  const reading = device.read("x");
  await expect.poll(() => asked).toContain("read_attributes_5");
  await server[Symbol.asyncDispose]();
  await using second = await listen();
  expect(await reading).toBe(1.5);

  isGone = false;
  const calling = device.call("In_5", 1);
  await expect.poll(() => asked).toContain("command_inout_4");
  await second[Symbol.asyncDispose]();
  await using _third = await listen();
  const error = await failure(calling);
  expect(error.errors[0]?.desc).toContain("COMM_FAILURE_WaitingForReply");
  expect(asked.filter((operation) => operation === "command_inout_4")).toHaveLength(1);
  expect(await device.call("In_5", 2)).toBe(2);
});

test("what answers may be no Tango device", async () => {
  const transport = memory();
  const adapter: ObjectAdapter = { exists: () => true, dispatch: () => (writer) => writer.boolean(false) };
  await using _server = await GiopServer.listen(transport, { host: "memory", port: 1 }, adapter);
  const error = await failure(connect("//memory:1/a/b/c#dbase=no", { transport }));
  expect(error.errors).toMatchObject([
    { reason: "API_CantConnectToDevice", desc: "What answers is not a Tango device" },
  ]);
});
