// SPDX-License-Identifier: MIT
// A restart storm: a real PyTango server is killed and started again and again under subscribers and callers.
import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { AttributeEvent, DeviceProxy, EventStream } from "../../tango/index.ts";
import { connect, controlSystem, DevFailed } from "../../tango/index.ts";
import type { PyTango } from "./everything.ts";
import { everythingServer } from "./everything.ts";
import type { TangoStack } from "./tango-stack.ts";

/** Values pushed in each life of the server. */
const VALUES = 20;
/** Milliseconds in which every subscriber must be back, on a machine that is busy. */
const PATIENCE = 60_000;
/** Lives after which memory and descriptors are counted for the first time: by then everything has been used once. */
const WARM = 5;

export interface StormOptions {
  readonly lives: number;
  /** Subscribers, and as many callers. */
  readonly width: number;
  readonly which?: PyTango;
  readonly onLife?: (life: number, counts: StormCounts) => void;
}
export interface StormCounts {
  readonly calls: number;
  /** Calls that failed by a DevFailed; anything else ends the storm. */
  readonly failures: number;
  /** Values that came, and those that were expected between two others and did not. */
  readonly values: number;
  readonly gaps: number;
}
export interface Footprint {
  readonly heap: number;
  readonly descriptors: number;
}
export interface StormResult extends StormCounts {
  readonly before: Footprint;
  readonly after: Footprint;
  /** Servers still listened to when every subscriber has left. */
  readonly feeds: number;
}

type Counted = EventStream<AttributeEvent<unknown>>;
type Counts = { -readonly [Name in keyof StormCounts]: number };

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

function footprint(): Footprint {
  collect();
  return { heap: process.memoryUsage().heapUsed, descriptors: readdirSync("/proc/self/fd").length };
}

/** @throws what a caller met that is no DevFailed; Error when a subscriber is not back in time. */
export async function restartStorm(stack: TangoStack, options: StormOptions): Promise<StormResult> {
  const { lives, width, which = "PyTango 10.3", onLife } = options;
  const counts: Counts = { calls: 0, failures: 0, values: 0, gaps: 0 };
  await using server = await everythingServer(stack, which, "storm");
  await using system = controlSystem({ host: stack.host, retryDelay: 0 });
  const devices = await Promise.all(Array.from({ length: width }, () => connect(server.device, { system })));
  const streams = devices.map((device) => device.events("counter", "change") as Counted);
  await Promise.all(streams.map((stream) => stream.ready));
  const stop = new AbortController();
  const callers = Promise.all(devices.map((device) => callUntil(device, stop.signal, counts)));
  const storm = async () => {
    let before = footprint();
    for (let life = 1; life <= lives; life++) {
      for (const stream of streams) stream.take();
      await server.restart();
      await within(Promise.all(streams.map(resumed)), `a subscriber resumes in life ${life}`);
      const followers = Promise.all(streams.map((stream) => follow(stream, counts)));
      await devices[0]?.call("PushMany", VALUES, { timeout: PATIENCE });
      await within(followers, `every value comes in life ${life}`);
      if (life === WARM) before = footprint();
      onLife?.(life, counts);
    }
    return before;
  };
  // A caller that meets what it should not ends the storm at once.
  const before = (await Promise.race([storm(), callers.then(() => undefined)])) ?? footprint();
  stop.abort();
  await callers;
  const after = footprint();
  await Promise.all(streams.map((stream) => stream[Symbol.asyncDispose]()));
  return { ...counts, before, after, feeds: system.events.size };
}

async function callUntil(device: DeviceProxy, stop: AbortSignal, counts: Counts): Promise<void> {
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

async function nextOf(stream: Counted): Promise<AttributeEvent<unknown>> {
  const { value } = await stream.next();
  if (!value) throw new Error("a subscription has ended");
  return value;
}

/** A subscriber is there again when it has said how things are. */
async function resumed(stream: Counted): Promise<void> {
  while ((await nextOf(stream)).error);
}

/** Every value of a life, without a gap. */
async function follow(stream: Counted, counts: Counts): Promise<void> {
  for (let expected = 1n; ; ) {
    const { value, error } = await nextOf(stream);
    if (error) continue;
    if (value !== expected) counts.gaps++;
    expected = (value as bigint) + 1n;
    counts.values++;
    if (value === BigInt(VALUES)) return;
  }
}

async function within<T>(work: Promise<T>, what: string): Promise<T> {
  const late = new AbortController();
  const limit = delay(PATIENCE, undefined, { signal: late.signal }).then(() => {
    throw new Error(`not within ${PATIENCE} ms: ${what}`);
  });
  limit.catch(() => {});
  try {
    return await Promise.race([work, limit]);
  } finally {
    late.abort();
  }
}
