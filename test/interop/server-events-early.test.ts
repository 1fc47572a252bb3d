// SPDX-License-Identifier: MIT
// Events pushed while a subscriber is still connecting: none is lost. The server counts what it pushes from the moment in which
// it has accepted the subscription; the client must have heard as many, each once and in order.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Subscriber } from "zeromq";
import {
  command, connect, DevDouble, DevVoid, defineInterface, deviceClass, MemoryDatabase, type RunningServer, readable,
  startServer, storeOf,
} from "../../tango/index.ts"; // biome-ignore format: a list
import type { PyTango } from "../world/everything.ts";
import { describeWith } from "../world/peers.ts";
import { type PyTangoClient, pyTangoClient } from "../world/pytango.ts";

const pushing = defineInterface({
  name: "Pushing",
  attributes: { count: readable(DevDouble, { events: { change: "pushed" } }) },
  commands: { Start: command(DevVoid, DevVoid), Stop: command(DevVoid, DevVoid), Push: command(DevVoid, DevVoid) },
});
/** Between Start and Stop it pushes 1, 2, 3 ... every millisecond; what is read is 0. */
const Pushing = deviceClass(pushing, (device) => {
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  const push = () => device.push("count", ++count);
  const stop = () => clearInterval(timer);
  return {
    count: () => 0,
    Push: push,
    Start: () => {
      timer = setInterval(push, 1);
    },
    Stop: stop,
    [Symbol.asyncDispose]: async () => stop(),
  };
});

/** Devices each of which one test subscribes to: the counter of its events begins then. */
const names = Array.from({ length: 6 }, (_, index) => `early/pushing/${index}`);
const pushingServer = () => {
  const database = new MemoryDatabase(storeOf({ Pushing: Object.fromEntries(names.map((name) => [name, {}])) }));
  return startServer({ server: "Pushing/early", classes: [Pushing], database, write: () => {} });
};
const admin = (server: RunningServer) => connect(server.trl("dserver/pushing/early"));

/** How many events of the device have been pushed since somebody subscribed. */
async function pushedBy(server: RunningServer, name: string): Promise<number> {
  await using device = await admin(server);
  const report = JSON.parse(String(await device.call("QueryEventSystem"))) as {
    server: { event_counters: Record<string, number> };
  };
  const [, next = 0] = Object.entries(report.server.event_counters).find(([topic]) => topic.includes(`${name}/`)) ?? [];
  return next - 1;
}

for (const which of ["PyTango 9.3", "PyTango 10.3"] satisfies PyTango[]) {
  describeWith([which], `early events, ${which}`, () => {
    let server: RunningServer;
    let client: PyTangoClient;
    beforeAll(async () => {
      server = await pushingServer();
      client = await pyTangoClient(which);
      await client.py(`
        class Numbers:
            """What a subscription brings, without the 0 that it reads first."""
            def __init__(self, name):
                self.numbers = []
                self.device = tango.DeviceProxy(name)
                self.device.Start()
                self.id = self.device.subscribe_event("count", tango.EventType.CHANGE_EVENT, self.hear)
            def hear(self, event):
                value = event.errors[0].reason if event.err else event.attr_value.value
                if value != 0: self.numbers.append(value)
      `);
    });
    afterAll(async () => {
      await client?.[Symbol.asyncDispose]();
      await server?.[Symbol.asyncDispose]();
    });

    test.each(names)("%s: every one from the subscription on", async (name) => {
      await client.py(`
        h = Numbers("${server.trl(name)}")
        until(lambda: len(h.numbers) > 20)
        h.device.Stop()
      `);
      const pushed = await pushedBy(server, name);
      const numbers = (await client.py(`until(lambda: len(h.numbers) >= ${pushed}); h.numbers`)) as number[];
      expect(numbers).toHaveLength(pushed);
      const [first = 0] = numbers;
      expect(numbers).toEqual(Array.from({ length: pushed }, (_, index) => first + index));
    });
  });
}

describe("early events, a bare subscriber", () => {
  const [name = ""] = names;
  /** Asks for the events of the device; gives what a ZeroMQ socket needs to hear them. */
  async function subscribed(server: RunningServer) {
    await using device = await admin(server);
    const answer = await device.call("ZmqEventSubscriptionChange", [name, "count", "subscribe", "change", "6"]);
    const [, endpoint = "", topic = ""] = (answer as { svalue: string[] }).svalue;
    return { endpoint, topic };
  }
  /** The counters of the first messages a new socket gets. */
  async function counters({ endpoint, topic }: Awaited<ReturnType<typeof subscribed>>, count: number) {
    const socket = new Subscriber({ linger: 0, receiveTimeout: 10_000 });
    socket.subscribe(topic);
    socket.connect(endpoint);
    const found: (number | undefined)[] = [];
    try {
      while (found.length < count) {
        const [, , info] = await socket.receive();
        found.push(info?.readUInt32LE(4));
      }
    } finally {
      socket.close();
    }
    return found;
  }

  test("what was pushed before it listens is there when it does, the first twice, as of every server", async () => {
    await using server = await pushingServer();
    await using device = await connect(server.trl(name));
    const where = await subscribed(server);
    for (let push = 0; push < 3; push++) await device.call("Push");
    expect(await counters(where, 4)).toEqual([1, 1, 2, 3]);
  });

  test("a second one gets the last of what was pushed meanwhile; the first gets it twice, and knows", async () => {
    await using server = await pushingServer();
    await using device = await connect(server.trl(name));
    const where = await subscribed(server);
    const first = counters(where, 6);
    for (let push = 0; push < 2; push++) await device.call("Push");
    await expect.poll(() => pushedBy(server, name)).toBe(2);
    await subscribed(server);
    for (let push = 0; push < 2; push++) await device.call("Push");
    expect(await counters(where, 1)).toEqual([4]);
    expect(await first).toEqual([1, 1, 2, 3, 4, 4]);
  });
});
