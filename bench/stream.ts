// SPDX-License-Identifier: MIT
// Publishing to and following a data stream beside blissdata 2.4.5, both on the same Redis Stack; and the same work of ours
// on the embedded store. Run: node bench/stream.ts
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { embeddedStore } from "../test/world/embedded-store.ts";
import { redisStack } from "../test/world/redis-stack.ts";
import { type DataStore, followStreams, numeric, openDataStore } from "../writers/index.ts";
import { blissdata, line, median } from "./blissdata.ts";

const channels = 10;

async function begin(store: DataStore) {
  const scan = await store.createScan({ name: "bench", number: 1, data_policy: "None" });
  const streams = Array.from({ length: channels }, (_, i) => scan.createStream(`c${i}`, numeric("float64")));
  await scan.prepare();
  await scan.start();
  return { scan, streams };
}

/** Points a second, until the store has them all. */
async function publish(store: DataStore, points: number, batch: number): Promise<{ rate: number; key: string }> {
  const { scan, streams } = await begin(store);
  const block = batch > 1 ? Float64Array.from({ length: batch }, (_, index) => index) : 1.5;
  const start = performance.now();
  for (let point = 0; point < points; point += batch) {
    for (const stream of streams) stream.send(block);
    if (scan.full) await scan.room();
    // As in a scan, each point comes in a turn of its own.
    else await turn();
  }
  await scan.flush();
  const seconds = (performance.now() - start) / 1000;
  await scan.stop();
  await scan.close();
  return { rate: points / seconds, key: scan.key };
}

/** Points a second of a follower that reads all. */
async function read(store: DataStore, key: string): Promise<number> {
  const scan = await store.loadScan(key);
  const start = performance.now();
  let values = 0;
  for await (const views of followStreams(scan.streams.values()))
    for (const { length } of views.values()) values += length;
  return values / channels / ((performance.now() - start) / 1000);
}

/** Milliseconds from sending a point until a follower has it from all channels. */
async function latency(url: string, store: DataStore, points: number, period: number): Promise<number[]> {
  const { scan, streams } = await begin(store);
  await using other = await openDataStore(url);
  const reader = await other.loadScan(scan.key);
  const sent: number[] = [];
  const seen: number[] = [];
  const following = (async () => {
    const counts = new Map([...reader.streams.keys()].map((name) => [name, 0]));
    for await (const views of followStreams(reader.streams.values())) {
      for (const [name, { index, length }] of views) counts.set(name, index + length);
      while (seen.length < Math.min(...counts.values())) seen.push(performance.now());
    }
  })();
  for (let point = 0; point < points; point++) {
    sent.push(performance.now());
    for (const stream of streams) stream.send(point);
    await delay(period);
  }
  await scan.stop();
  await scan.close();
  await following;
  return sent.map((at, point) => (seen[point] ?? NaN) - at);
}

const rate = (value: number): string => `${Math.round(value).toLocaleString("en")} /s`;
const wait = (value: number): string => `${value.toFixed(2)} ms`;

async function bench(kind: string, url: string): Promise<void> {
  await using store = await openDataStore(url, { init: true });
  console.log(
    `\n${kind}: ${channels} scalar channels`.padEnd(53),
    "ours".padStart(16),
    "blissdata".padStart(16),
    "ratio".padStart(9),
  );
  for (const [points, batch] of [
    [20_000, 1],
    [400_000, 100],
    [2_000_000, 10_000],
  ] as const) {
    // biome-ignore format: a table
    const ours = await publish(store, points, batch);
    const { seconds, key } = await blissdata("publish", url, channels, points, batch);
    line(
      `points published, ${batch} at a time`,
      rate(ours.rate),
      rate(points / seconds),
      (ours.rate * seconds) / points,
    );
    const [mine, theirs] = [await read(store, ours.key), await blissdata("read", url, key)];
    const theirRate = theirs.values / channels / theirs.seconds;
    line("  and read, each from its own entries", rate(mine), rate(theirRate), mine / theirRate);
    for (const done of [ours.key, key]) await store.deleteScan(done);
  }
  const ours = median(await latency(url, store, 200, 10));
  const theirs = median((await blissdata("latency", url, channels, 200, 10)).milliseconds);
  line("from sent to seen by a follower, median", wait(ours), wait(theirs), ours / theirs);
}

{
  await using server = await redisStack();
  await bench("Redis Stack 7.4", server.url);
}
{
  await using server = await embeddedStore(["--memory", "2gb"]);
  await bench("embedded store", server.url);
}
