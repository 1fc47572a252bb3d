// SPDX-License-Identifier: MIT
// Our client on our server, over real sockets: typed calls, events, a server that ends and comes back.
import { expect, test } from "vitest";
import type { Device, EventStream } from "../../tango/index.ts";
import {
  command, connect, controlSystem, DevDouble, DevLong, DevString, DevVoid, defineInterface, deviceClass, readable,
  readablePipe, reading, spectrum, startServer, writable,
} from "../../tango/index.ts"; // biome-ignore format: a list
import { freePort } from "../world/ports.ts";

const probe = defineInterface({
  name: "Probe",
  attributes: {
    Position: writable(DevDouble, { unit: "mm", events: { change: "pushed", archive: "pushed" } }),
    Profile: readable(spectrum(DevLong, 100), { events: { change: "pushed" } }),
    Ticks: readable(DevLong, { pollingPeriod: 50, absChange: 1 }),
  },
  commands: { Echo: command(DevString, DevString), Wait: command(DevVoid, DevVoid) },
  pipes: { Content: readablePipe() },
});

function probeClass(opened: (device: Device<typeof probe>) => void = () => {}) {
  return deviceClass(probe, async (device) => {
    opened(device);
    let position = 0;
    let ticks = 0;
    return {
      Position: {
        read: () => position,
        write: (value) => {
          position = value;
          device.push("Position", value);
        },
      },
      Profile: () => [1, 2, 3],
      Ticks: () => ++ticks,
      Echo: (text) => text,
      Wait: (_none, { signal }) =>
        new Promise<void>((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
        }),
      Content: { read: () => ({ name: "c", elements: [{ name: "n", value: { type: "DevLong", value: 5 } }] }) },
    };
  });
}
const start = (port = 0, opened?: (device: Device<typeof probe>) => void) =>
  startServer({ server: "Probe/1", classes: [probeClass(opened)], devices: { Probe: { "a/probe/1": {} } }, port });

async function next<E>(stream: EventStream<E>): Promise<E> {
  const late = setTimeout(() => void stream[Symbol.asyncDispose](), 15_000);
  const { value } = await stream.next();
  clearTimeout(late);
  if (value === undefined) throw new Error("no event came");
  return value;
}

test("typed values, records, events and pipes", async () => {
  let served: Device<typeof probe> | undefined;
  await using server = await start(0, (device) => void (served = device));
  await using device = await connect(probe, server.trl("a/probe/1"));
  await using changes = device.events("Position", "change");
  expect((await next(changes)).value).toBe(0);
  await device.write("Position", 2.5);
  expect(await next(changes)).toMatchObject({ value: 2.5, quality: "VALID", device: "a/probe/1", name: "Position" });
  served?.push("Position", reading(3, { quality: "CHANGING", time: 1000.5 }));
  expect(await next(changes)).toMatchObject({ value: 3, quality: "CHANGING", time: 1000.5 });
  served?.pushError("Position", new Error("broken"));
  expect((await next(changes)).error?.message).toMatch(/broken/);

  await using profiles = device.events("Profile", "change");
  expect((await next(profiles)).value).toEqual(Int32Array.of(1, 2, 3));
  served?.push("Profile", [4, 5]);
  expect((await next(profiles)).value).toEqual(Int32Array.of(4, 5));

  await using ticks = device.events("Ticks", "change");
  const seen = [];
  for await (const { value } of ticks) if (seen.push(value ?? -1) === 5) break;
  expect(seen).toEqual(seen.toSorted((one, other) => one - other));
  expect(new Set(seen.slice(1)).size).toBe(4);

  await using pipes = device.events("Content", "pipe");
  expect((await next(pipes)).value).toEqual({
    name: "c",
    elements: [{ name: "n", value: { type: "DevLong", value: 5 } }],
  });
  served?.pushPipe("Content", { name: "d", elements: [{ name: "t", value: { type: "DevString", value: "x" } }] });
  expect((await next(pipes)).value).toEqual({
    name: "d",
    elements: [{ name: "t", value: { type: "DevString", value: "x" } }],
  });
});

test("an abort reaches the handler", async () => {
  await using server = await start();
  await using device = await connect(probe, server.trl("a/probe/1"));
  const stop = new AbortController();
  const waiting = device.call("Wait", undefined, { signal: stop.signal, timeout: 5000 });
  setImmediate(() => stop.abort(new Error("enough")));
  await expect(waiting).rejects.toThrow("enough");
  await expect(device.call("Wait", undefined, { timeout: 50 })).rejects.toMatchObject({
    errors: [{ reason: "API_CorbaException" }, { reason: "API_DeviceTimedOut" }],
  });
  expect(await device.call("Echo", "still there")).toBe("still there");
});

test("twenty subscribers and callers survive ten restarts; nothing is left behind", async () => {
  const port = await freePort();
  const served = new Set<Device<typeof probe>>();
  let server = await start(port, (device) => void served.add(device));
  await using system = controlSystem({ retryDelay: 0 });
  const devices = await Promise.all(
    Array.from({ length: 20 }, () => connect(probe, server.trl("a/probe/1"), { system })),
  );
  const streams = devices.map((device) => device.events("Position", "change"));
  await Promise.all(streams.map(next));
  for (let life = 1; life <= 10; life++) {
    await server[Symbol.asyncDispose]();
    for (const stream of streams) expect((await next(stream)).error?.reason).toBe("API_EventTimeout");
    server = await start(port);
    // The next event says how things are again; then values come without a gap.
    for (const stream of streams) {
      let event = await next(stream);
      while (event.error) event = await next(stream);
      expect(event.value).toBe(0);
    }
    await devices[0]?.write("Position", life);
    await devices[1]?.write("Position", -life);
    for (const stream of streams)
      expect([(await next(stream)).value, (await next(stream)).value]).toEqual([life, -life]);
  }
  expect(streams.every(({ queued, dropped }) => queued === 0 && dropped === 0)).toBe(true);
  await Promise.all(streams.map((stream) => stream[Symbol.asyncDispose]()));
  expect(system.events.size).toBe(0);
  await server[Symbol.asyncDispose]();
}, 60_000);
