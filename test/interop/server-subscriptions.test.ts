// SPDX-License-Identifier: MIT
// What a cppTango 10.3.3 server answered to subscriptions of clients of every age, asked of ours; and the messages that clients
// of each age then get, read with the structures of their time.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Subscriber } from "zeromq";
import { DevFailed } from "../../tango/errors.ts";
import { eventData, readEventMessage } from "../../tango/events/index.ts";
import {
  AttributeConfig_3, AttributeConfig_5, AttributeValue_3, AttributeValue_4, AttributeValue_5,
} from "../../tango/idl/index.ts"; // biome-ignore format: a list
import {
  command, connect, DevDouble, type DeviceProxy, DevVoid, defineInterface, deviceClass, MemoryDatabase, type RunningServer,
  readable, startServer, storeOf, writable,
} from "../../tango/index.ts"; // biome-ignore format: a list

interface Recorded {
  readonly words: readonly string[];
  readonly topic?: string;
  readonly channel?: string;
  readonly lvalue?: readonly number[];
  readonly failure?: readonly [reason: string, desc: string];
}
const recorded = readFileSync(join(import.meta.dirname, "../vectors/server/subscriptions.jsonl"), "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Recorded);

const pushed = { change: "pushed", archive: "pushed", alarm: "pushed" } as const;
const subscribed = defineInterface({
  name: "Subscribed",
  attributes: {
    val: writable(DevDouble, { absChange: 0.1, archiveAbsChange: 0.1 }),
    ro: readable(DevDouble),
    pushed: readable(DevDouble, { events: pushed, dataReadyEvent: true }),
    pushdet: readable(DevDouble, { events: { change: "checked" } }),
  },
  commands: { Push: command(DevDouble, DevVoid), Configure: command(DevVoid, DevVoid) },
});
const Subscribed = deviceClass(subscribed, (device) => {
  let value = 7;
  return {
    val: { read: () => value, write: (set) => void (value = set) },
    ro: () => 0,
    pushed: () => 0,
    pushdet: () => 0,
    Push: (number) => device.push("pushed", number),
    Configure: () => device.configure("pushed", { unit: "mm" }),
  };
});

const name = "test/rt10/1";
const polled = { polled_attr: ["val", "100000"] };
let server: RunningServer;
let admin: DeviceProxy;
let device: DeviceProxy;
beforeAll(async () => {
  const database = new MemoryDatabase(storeOf({ Subscribed: { [name]: polled } }));
  server = await startServer({ server: "rt10/r10", classes: [Subscribed], database, write: () => {} });
  admin = await connect(server.trl("dserver/rt10/r10"));
  device = await connect(server.trl(name));
});
afterAll(async () => {
  await device?.[Symbol.asyncDispose]();
  await admin?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

interface Answer {
  readonly lvalue: Int32Array;
  readonly svalue: readonly string[];
}
const subscribe = async (words: readonly string[]) => (await admin.call("ZmqEventSubscriptionChange", words)) as Answer;

/** Texts without the place of the server, and what a topic has without a database. */
const plain = (text = "") => text.replace(/^tango:\/\/[^/]+\//, "").replace("#dbase=no", "");

test.each(recorded.map((one) => [JSON.stringify(one.words), one] as const))("%s", async (_, one) => {
  const answer = await subscribe(one.words).catch((error: unknown) => error);
  if (one.failure) {
    expect(answer).toBeInstanceOf(DevFailed);
    const [first] = (answer as DevFailed).errors;
    expect([first?.reason, first?.desc]).toEqual(one.failure);
    return;
  }
  const { lvalue, svalue } = answer as Answer;
  expect([plain(svalue.at(-2)), plain(svalue.at(-1))]).toEqual([one.topic, one.channel]);
  expect([...lvalue]).toEqual(one.lvalue);
  expect(svalue.slice(0, 2)).toEqual([expect.stringMatching(/^tcp:\/\/[\d.]+:\d+$/), expect.stringMatching(/^tcp:/)]);
});

test("before and after: where events come from", async () => {
  const { lvalue, svalue } = await subscribe(["info"]);
  expect([...lvalue]).toEqual([1033]);
  expect(svalue.slice(0, 2)).toEqual([
    expect.stringMatching(/^Heartbeat: tcp:\/\/[\d.]+:\d+$/),
    expect.stringMatching(/^Event: tcp:\/\/[\d.]+:\d+$/),
  ]);
});

/** What a subscriber of a client library hears of one action: topic and message. */
async function heard(library: string, event: string, act: () => Promise<unknown>) {
  const { svalue } = await subscribe([name, "pushed", "subscribe", event, library]);
  const socket = new Subscriber({ linger: 0, receiveTimeout: 10_000 });
  try {
    socket.subscribe(svalue.at(-2) ?? "");
    socket.connect(svalue[1] ?? "");
    await act();
    const frames = await socket.receive();
    return {
      topic: plain(frames[0]?.toString()),
      message: readEventMessage(frames.map((bytes) => ({ bytes, start: 0, end: bytes.length }))),
    };
  } finally {
    socket.close();
  }
}

test("a client of IDL 5 and 6 gets AttributeValue_5, one of IDL 4 AttributeValue_4, one of IDL 3 AttributeValue_3", async () => {
  for (const library of ["6", "5"]) {
    const { topic, message } = await heard(library, "change", () => device.call("Push", 1.5));
    expect(topic).toBe(`${name}/pushed.idl5_change`);
    expect(eventData(AttributeValue_5, message)).toMatchObject({
      name: "pushed",
      quality: "ATTR_VALID",
      data_format: "SCALAR",
    });
  }
  const four = await heard("4", "change", () => device.call("Push", 2.5));
  expect(four.topic).toBe(`${name}/pushed.change`);
  expect(eventData(AttributeValue_4, four.message)).toMatchObject({ name: "pushed", data_format: "SCALAR" });
  // Those of IDL 3 share the topic with those of IDL 4: another device, so that it is theirs alone.
  await using other = await startServer({
    server: "rt10/r3",
    classes: [Subscribed],
    database: new MemoryDatabase(storeOf({ Subscribed: { [name]: polled } })),
    write: () => {},
  });
  await using otherAdmin = await connect(other.trl("dserver/rt10/r3"));
  await using otherDevice = await connect(other.trl(name));
  const [keptAdmin, keptDevice] = [admin, device];
  try {
    [admin, device] = [otherAdmin, otherDevice];
    const three = await heard("3", "change", () => device.call("Push", 3.5));
    expect(three.topic).toBe(`${name}/pushed.change`);
    expect(eventData(AttributeValue_3, three.message)).toMatchObject({ name: "pushed", quality: "ATTR_VALID" });
  } finally {
    [admin, device] = [keptAdmin, keptDevice];
  }
});

test("configurations in the structures of IDL 5 and of IDL 3", async () => {
  const five = await heard("5", "attr_conf", () => device.call("Configure"));
  expect(five.topic).toBe(`${name}/pushed.idl5_attr_conf`);
  expect(eventData(AttributeConfig_5, five.message)).toMatchObject({ name: "pushed", unit: "mm" });
  const three = await heard("4", "attr_conf", () => device.call("Configure"));
  expect(three.topic).toBe(`${name}/pushed.attr_conf`);
  expect(eventData(AttributeConfig_3, three.message)).toMatchObject({ name: "pushed", unit: "mm" });
});

test("a subscription is confirmed by triples; what is none, or of nothing, is told", async () => {
  const confirm = (words: readonly string[]) => admin.call("EventConfirmSubscription", words);
  await confirm([name, "pushed", "idl5_change", name, "dummy", "intr_change"]);
  await expect(confirm([name, "pushed"])).rejects.toThrow(/3 needed per event/);
  await expect(confirm([name, "nothing", "idl5_change"])).rejects.toThrow(/nothing attribute not found/);
  await expect(confirm(["a/b/c", "pushed", "idl5_change"])).rejects.toThrow(/a\/b\/c not found/);
});
