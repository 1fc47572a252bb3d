// SPDX-License-Identifier: MIT
// A restart storm: a real PyTango server is killed and started again and again under 20 subscribers and 20 callers.
//   node test/soak/client-storm.ts [lives, default 100]
// Every caller's error must be a DevFailed, every subscriber must resume without a gap, nothing may be left behind.
import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { AttributeEvent, DeviceProxy, EventStream } from "../../tango/index.ts";
import { connect, controlSystem, DevFailed } from "../../tango/index.ts";
import { everythingServer } from "../world/everything.ts";
import { tangoStack } from "../world/tango-stack.ts";

const LIVES = Number(process.argv[2] ?? 100);
const WIDTH = 20;
const VALUES = 20;

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");
const descriptors = () => readdirSync("/proc/self/fd").length;
const heap = () => {
  collect();
  return process.memoryUsage().heapUsed;
};

const counts = { calls: 0, failures: 0, values: 0, gaps: 0 };

async function callUntil(device: DeviceProxy, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await device.read("double_scalar");
      counts.calls++;
    } catch (error) {
      if (!(error instanceof DevFailed)) throw error;
      counts.failures++;
      await delay(20);
    }
  }
}

type Counted = EventStream<AttributeEvent<unknown>>;

/** The state of things after a restart, then every value without a gap. */
async function follow(stream: Counted): Promise<void> {
  let expected: bigint | undefined;
  for await (const { value, error } of stream) {
    if (error) continue;
    if (expected !== undefined && value !== expected) counts.gaps++;
    expected = (value as bigint) + 1n;
    counts.values++;
    if (value === BigInt(VALUES)) return;
  }
}

/** `follow` must not end the stream by leaving its loop. */
const unending = (stream: Counted): Counted =>
  ({ [Symbol.asyncIterator]: () => ({ next: () => stream.next() }) }) as unknown as Counted;

await using stack = await tangoStack({ tangoTest: false });
await using server = await everythingServer(stack, "PyTango 10.3", "storm");
await using system = controlSystem({ host: stack.host, retryDelay: 0 });
const devices = await Promise.all(Array.from({ length: WIDTH }, () => connect(server.device, { system })));
const streams = devices.map((device) => device.events("counter", "change") as Counted);
await Promise.all(streams.map((stream) => stream.ready));
const stop = new AbortController();
const callers = devices.map((device) => callUntil(device, stop.signal));

let before: { heap: number; descriptors: number } | undefined;
for (let life = 1; life <= LIVES; life++) {
  for (const stream of streams) stream.take();
  await server.restart();
  // Each subscriber is there again when it has said how things are.
  await Promise.all(
    streams.map(async (stream) => {
      for (;;) {
        const { value } = await stream.next();
        if (!value) throw new Error("a subscription has ended");
        if (!value.error) return;
      }
    }),
  );
  const followers = streams.map((stream) => follow(unending(stream)));
  await devices[0]?.call("PushMany", VALUES);
  await Promise.all(followers);
  if (life === Math.min(10, LIVES)) before = { heap: heap(), descriptors: descriptors() };
  if (life % 10 === 0) console.log(`${life} restarts`, counts, { heap: heap(), descriptors: descriptors() });
}
stop.abort();
await Promise.all(callers);
const after = { heap: heap(), descriptors: descriptors() };
console.log({ ...counts, before, after, connections: system.connections.size, feeds: system.events.size });
await Promise.all(streams.map((stream) => stream[Symbol.asyncDispose]()));
const leaked = before && (after.heap > before.heap + 8e6 || after.descriptors > before.descriptors + 4);
if (counts.gaps > 0 || leaked || system.events.size > 0) {
  console.error("the storm left something behind");
  process.exitCode = 1;
}
