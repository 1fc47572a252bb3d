// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { loopscan, memorySink, Session, softCounters } from "../../../../scanning/index.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const until = async (condition: () => boolean) => {
  while (!condition()) await turn();
};

function world() {
  const readings: string[] = [];
  const { temperature } = softCounters("oven", { temperature: () => readings.push("oven") });
  const { diode } = softCounters("diode", { diode: () => readings.push("diode") });
  const sink = memorySink();
  return { readings, temperature, diode, sink, session: new Session({ name: "test", sink }) };
}

test("a monitoring scan waits while another scan runs, and is neither among the scans nor in the way of a number", async () => {
  const { session, temperature, diode, readings, sink } = world();
  await using _ = session;
  const monitor = session.monitoring.start("oven", 0, [temperature], { sleepTime: 0 });
  await until(() => monitor.points >= 3);
  const scan = session.start(loopscan(100, 0, diode));
  await scan.done();
  const during = readings.slice(readings.indexOf("diode"), readings.lastIndexOf("diode"));
  expect(during.filter((name) => name === "oven").length).toBeLessThanOrEqual(1); // the point in progress
  const after = monitor.points;
  await until(() => monitor.points > after + 3);
  await session.monitoring.stop("oven");
  expect(await monitor.ended).toMatchObject({ reason: "SUCCESS" });
  expect(session.scans).toEqual([scan]);
  expect(scan.identity?.number).toBe(1);
  const [published] = sink.scans;
  expect(published!.created.info).toMatchObject({
    type: "timescan",
    title: "oven (monitoring)",
    save: false,
    sleep_time: 0,
  });
  expect(published!.values("oven:temperature").length).toBe(monitor.points);
});

test("stopping does not wait for the sleep, nor for the scan it waits for", async () => {
  const { session, temperature } = world();
  await using _ = session;
  const monitor = session.monitoring.start("oven", 0, [temperature], { sleepTime: 3600 });
  await until(() => monitor.points === 1);
  await session.monitoring.stop();
  expect(await monitor.ended).toMatchObject({ reason: "SUCCESS", points: 1 });
  const { never } = softCounters("never", { never: () => 0 });
  const hanging = { ...never, device: { name: "never", reader: () => ({ signal }: { signal?: AbortSignal }) => new Promise<number[]>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))) } }; // biome-ignore format: one glance
  const endless = session.start(loopscan(0, 0, hanging));
  await endless.opened();
  const second = session.monitoring.restart("oven");
  await second.opened();
  await session.monitoring.clean("oven");
  expect(await second.ended).toMatchObject({ reason: "SUCCESS", points: 0 });
  expect(session.monitoring.all).toEqual([]);
  endless.abort();
  await endless.ended;
});

test("names are told apart", async () => {
  const { session, temperature } = world();
  await using _ = session;
  session.monitoring.start("oven", 0, [temperature]);
  expect(() => session.monitoring.start("oven", 0, [temperature])).toThrow(
    /oven runs already; stop_monitoring\("oven"\)/,
  );
  await expect(session.monitoring.stop("ovne")).rejects.toThrow(/no monitoring scan named ovne; did you mean oven\?/);
});
