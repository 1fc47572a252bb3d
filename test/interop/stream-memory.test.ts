// SPDX-License-Identifier: MIT
// The real memory tracker of blissdata on our scans: it makes the database, frees what is old, and readers are told.
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type DataStore, isImageStream, numeric, openDataStore } from "../../writers/index.ts";
import { embeddedStore } from "../world/embedded-store.ts";
import { describeWith, python } from "../world/peers.ts";
import { run } from "../world/process.ts";
import { type RedisServer, redisStack } from "../world/redis-stack.ts";

const tracker = join(dirname(python), "memory_tracker");
const reader = join(import.meta.dirname, "../world/blissdata-read.py");
const limited: Record<string, () => Promise<RedisServer>> = {
  "embedded store": () => embeddedStore(["--memory", "60mb"]),
  "Redis Stack": () => redisStack(["--maxmemory", "60mb"]),
};

/** A closed scan of `megabytes` in one stream. */
async function publish(store: DataStore, number: number, megabytes: number): Promise<string> {
  await using scan = await store.createScan({ name: "big", number, data_policy: "None" });
  const spectrum = scan.createStream("spectrum", numeric("float64", { shape: [1024] }));
  await scan.prepare();
  await scan.start();
  for (let i = 0; i < megabytes; i++) spectrum.send(new Float64Array(128 * 1024).fill(i));
  await scan.stop();
  await scan.close({ end_reason: "SUCCESS" });
  return scan.key;
}

describeWith(["blissdata", "Redis Stack"], "memory tracker", () => {
  test.each(Object.entries(limited))("on the %s frees old points and leaves their number", async (_name, start) => {
    await using server = await start();
    const options = ["--cleaning-threshold", "30", "--protected-history", "0", "--monitoring-period", "1"];
    await using tracking = await run(
      tracker,
      ["--redis-url", `${server.url}?protocol=2`, "--init-db", "--cleaning-time-slice", "100", ...options],
      { ready: /Memory usage/ },
    );
    await using store = await openDataStore(server.url);
    const keys: string[] = [];
    for (let number = 1; number <= 6; number++) keys.push(await publish(store, number, 5));

    await expect.poll(() => tracking.output(), { timeout: 15_000, interval: 50 }).toMatch(/Trimmed off/);
    const scan = await store.loadScan(keys[0] ?? "");
    const stream = scan.streams.get("spectrum");
    if (!stream || isImageStream(stream)) throw new Error("there is no stream of spectra");
    const firstPoint = () =>
      stream.at(0).then(
        () => "there",
        (error: { reason: string }) => error.reason,
      );
    await expect.poll(firstPoint, { timeout: 15_000, interval: 50 }).toBe("noMoreThere");
    expect(await stream.length()).toBe(5 * 128);
    const { stdout } = await promisify(execFile)(python, [reader, `${server.url}?protocol=2`, scan.key]);
    expect(JSON.parse(stdout).streams.spectrum).toMatchObject({ length: 5 * 128, sealed: true, trimmed: true });
    // There is room for the next scan.
    await publish(store, 7, 5);
  });
});
