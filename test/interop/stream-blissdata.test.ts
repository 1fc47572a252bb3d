// SPDX-License-Identifier: MIT
// The data stream with the real blissdata 2.4.5 at the other end, on the embedded store and on a real Redis Stack, with
// either protocol of redis-py: each reads what the other publishes, finished and while it runs.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Batch,
  type DataStore,
  followStreams,
  isImageStream,
  json,
  lima,
  numeric,
  openDataStore,
  scanSequence,
} from "../../writers/index.ts";
import { embeddedStore } from "../world/embedded-store.ts";
import { describeWith, python } from "../world/peers.ts";
import { run } from "../world/process.ts";
import { type RedisServer, redisStack } from "../world/redis-stack.ts";

const script = (name: string) => join(import.meta.dirname, `../world/${name}.py`);
const runPython = async (name: string, ...args: string[]) =>
  (await promisify(execFile)(python, [script(name), ...args], { timeout: 30_000, maxBuffer: 16 << 20 })).stdout;

interface Seen {
  readonly key: string;
  readonly state: string;
  readonly identity: Record<string, unknown>;
  readonly info: Record<string, unknown>;
  readonly streams: Record<string, Record<string, unknown>>;
  readonly found: string | string[];
  readonly wildcard: string | string[];
  readonly states: Record<string, string>;
  readonly next: string;
}
/** All that blissdata says of a scan. */
const seenBy = async (url: string, key: string): Promise<Seen> =>
  JSON.parse(await runPython("blissdata-read", url, key));

/** The scan of test/world/blissdata-publish.py, published by us. */
async function publish(store: DataStore): Promise<string> {
  const identity = {
    name: "loopscan", number: 12, data_policy: "ESRF", session: "demo", proposal: "hg123",
    collection: "sample", dataset: "0001", path: "/data/hg123.h5",
  }; // biome-ignore format: one record
  const info = { title: "loopscan 10 0.1", npoints: 10, missing: Number.NaN };
  await using scan = await store.createScan(identity, info);
  const stream = (name: string, definition: Parameters<typeof scan.createStream>[1]) =>
    scan.createStream(name, definition);
  const value = stream("value", numeric("float64"));
  const big = stream("big", numeric(">u2", { shape: [3] }));
  const ragged = stream("ragged", numeric("float32", { shape: [-1] }));
  const flag = stream("flag", numeric("bool"));
  const wave = stream("wave", numeric("complex128"));
  const large = stream("large", numeric("int64"));
  const text = stream("text", json());
  const files = { path: "/data/cam_%04d.h5", dataPath: "/entry/data", format: "hdf5", firstFile: 0, framesPerFile: 3 };
  const camera = stream(
    "camera",
    lima({
      ...{ dtype: "uint16", shape: [4, 6], serverUrl: "tango://localhost:10000/id00/lima/cam", bufferMaxNumber: 10 },
      ...{ framesPerAcquisition: 10, acquisitionOffset: 0, files },
    }),
  );
  const subscans = stream("SUBSCANS", scanSequence());
  await scan.prepare();
  await scan.start();
  for (let i = 0; i < 10; i++) {
    value.send(i / 4);
    big.send(Uint16Array.of(i, i + 1, 60_000));
    ragged.send({ shape: [i + 1], data: Float32Array.from({ length: i + 1 }, (_, index) => index) });
    flag.send(i % 2 === 0);
    wave.send(Float64Array.of(i, 0 - i));
    large.send(2n ** 60n + BigInt(i));
    text.send({ i, word: "é", none: null, nan: Number.NaN });
    camera.send({ last_index: i, last_index_saved: i - 1 });
    if (i % 3 === 0) await scan.flush();
  }
  value.send(Float64Array.from({ length: 10 }, (_, index) => 100 + index));
  subscans.send({ key: scan.key });
  await scan.stop();
  await scan.close({ ...info, end_reason: "SUCCESS" });
  return scan.key;
}

const first = Array.from({ length: 10 }, (_, index) => index);
const scalars = [...first.map((i) => i / 4), ...first.map((i) => 100 + i)];

/** Numbers of a batch, whatever their type. */
const listOf = (batch: Batch): unknown[] =>
  batch.kind === "numeric" ? [...batch.data] : batch.kind === "json" ? [...batch.values] : batch.points.map(({ data }) => [...data]); // biome-ignore format: one table

const kinds: Record<string, () => Promise<RedisServer>> = {
  "embedded store": embeddedStore,
  "Redis Stack": redisStack,
};
const protocols = { RESP2: "?protocol=2", RESP3: "" };

describeWith(["blissdata", "Redis Stack"], "blissdata", () => {
  describe.each(Object.entries(kinds))("on the %s", (kind, start) => {
    let server: RedisServer;
    let store: DataStore;
    beforeAll(async () => {
      server = await start();
      store = await openDataStore(server.url, { init: true });
    });
    afterAll(async () => {
      await store?.[Symbol.asyncDispose]();
      await server?.[Symbol.asyncDispose]();
    });

    describe.each(Object.entries(protocols))("with %s", (protocol, query) => {
      test("sees of our scan what it sees of its own", async () => {
        const url = server.url + query;
        const theirs = await seenBy(url, (await runPython("blissdata-publish", url)).trim());
        const ours = await seenBy(url, await publish(store));
        const about = ({ streams, identity, info, state }: Seen) => ({ identity, info, state, streams });
        const own = { ...theirs.streams.SUBSCANS, keys: [ours.key] };
        expect(about(ours)).toEqual({ ...about(theirs), streams: { ...theirs.streams, SUBSCANS: own } });
        expect(ours.streams.camera?.references).toHaveLength(10);
        expect(ours.streams.value?.values).toEqual(scalars);
        expect(ours.states).toEqual({ [ours.key]: "CLOSED" });
        // blissdata itself cannot search a real Redis with RESP3; the embedded store answers as it expects.
        const searchable = protocol === "RESP2" || kind === "embedded store";
        if (searchable) expect(ours.found).toEqual(expect.arrayContaining([ours.key, theirs.key]));
        if (searchable) expect(ours.wildcard).toEqual(expect.arrayContaining([ours.key, theirs.key]));
      });

      test("publishes what we read, point by point, by slices, and where its frames are", async () => {
        const key = (await runPython("blissdata-publish", server.url + query)).trim();
        const scan = await store.loadScan(key);
        expect([scan.state, scan.broken.size, scan.info]).toEqual([
          "CLOSED",
          0,
          { title: "loopscan 10 0.1", npoints: 10, missing: null, end_reason: "SUCCESS" },
        ]);
        const all: Record<string, unknown> = {};
        for (const [name, stream] of scan.streams)
          if (!isImageStream(stream)) all[name] = listOf((await stream.slice()).batch);
        expect(all).toEqual({
          value: scalars,
          big: first.flatMap((i) => [i, i + 1, 60_000]),
          ragged: first.map((i) => first.slice(0, i + 1)),
          flag: first.map((i) => (i % 2 === 0 ? 1 : 0)),
          wave: first.flatMap((i) => [i, 0 - i]),
          large: first.map((i) => 2n ** 60n + BigInt(i)),
          text: first.map((i) => ({ i, word: "é", none: null, nan: Number.NaN })),
          SUBSCANS: [{ key }],
        });
        const value = scan.streams.get("value");
        if (!value || isImageStream(value)) throw new Error("value is no stream of points");
        expect(listOf(await value.at(-1))).toEqual([109]);
        expect(listOf((await value.slice(3, 14, 5)).batch)).toEqual([0.75, 2, 103]);
        await expect(value.at(20)).rejects.toMatchObject({ reason: "wontBeThere" });
        const camera = scan.streams.get("camera");
        if (!camera || !isImageStream(camera)) throw new Error("camera is no stream of frames");
        expect((await camera.references(2, 5)).map(({ file, index }) => [file, index])).toEqual([
          ["/data/cam_0000.h5", 2],
          ["/data/cam_0001.h5", 0],
          ["/data/cam_0001.h5", 1],
        ]);
        const found = await store.search({ name: "loop*", number: 12, session: "demo" });
        expect(found.keys).toContain(key);
        expect((await store.lastScan())?.key).toBe(key);
        expect(await store.states([key])).toEqual(new Map([[key, "CLOSED"]]));
      });

      test("is followed while it publishes", async () => {
        const since = await store.lastTimetag();
        await using publisher = await run(python, [script("blissdata-publish"), server.url + query, "0.03"]);
        const notice = await store.nextScan({ since, timeout: 20_000 });
        const scan = await store.loadScan(notice?.key ?? "");
        await scan.reach("PREPARED", { timeout: 10_000 });
        const value = scan.streams.get("value");
        if (!value) throw new Error("there is no stream value");
        const values: unknown[] = [];
        let views = 0;
        for await (const batches of followStreams([value], { timeout: 10_000 })) {
          const batch = batches.get("value")?.batch;
          if (batch && batch.kind !== "images") values.push(...listOf(batch));
          views++;
        }
        expect(values).toEqual(scalars);
        expect(views).toBeGreaterThan(2); // they came while the scan ran
        expect(await scan.reach("CLOSED", { timeout: 10_000 })).toBe(true);
        expect(await publisher.exited).toBe(0);
      });

      test("follows us while we publish", async () => {
        await using follower = await run(python, [script("blissdata-follow"), server.url + query], {
          ready: /listening/,
        });
        await using scan = await store.createScan({ name: "timescan", number: 3, data_policy: "None" });
        const a = scan.createStream("a", numeric("float64"));
        const b = scan.createStream("b", numeric("int32", { shape: [2] }));
        await scan.prepare();
        await scan.start();
        for (let i = 0; i < 50; i++) {
          a.send(i);
          b.send(Int32Array.of(i, -i));
          await scan.flush();
        }
        await scan.stop();
        await scan.close({ end_reason: "SUCCESS" });
        expect(await follower.exited).toBe(0);
        expect(JSON.parse(follower.output().slice(follower.output().indexOf("{")))).toEqual({
          key: scan.key,
          end_reason: "SUCCESS",
          views: expect.any(Number),
          seen: {
            a: Array.from({ length: 50 }, (_, i) => i),
            b: Array.from({ length: 50 }, (_, i) => [i, 0 - i]),
          },
        });
      });
    });
  });
});
