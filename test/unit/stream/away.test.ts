// SPDX-License-Identifier: MIT
// Whoever waits for something new outlives a store that goes away and comes back.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { numeric, openDataStore, type RunningStore, startStore } from "../../../writers/index.ts";
import { StoreError } from "../../../writers/stream/connection.ts";
import { EntryLine } from "../../../writers/stream/entry-line.ts";
import { EntryLines } from "../../../writers/stream/entry-lines.ts";

const folder = mkdtempSync(join(tmpdir(), "bandoneon-away-"));
afterAll(() => rmSync(folder, { recursive: true }));

const kept = (name: string, port = 0): Promise<RunningStore> =>
  startStore({ port, folder: join(folder, name), warn: () => {} });

/** Resolves when clients wait in the store. */
async function waiting(url: string, clients: number): Promise<void> {
  await using store = await openDataStore(url);
  for (;;) {
    const text = String(await store.connection.call(["INFO", "clients"]));
    if (Number(/blocked_clients:(\d+)/.exec(text)?.[1]) >= clients) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("a store that comes back", () => {
  test("goes on with its followers, those who wait for a state, and those who wait for the next scan", async () => {
    const first = await kept("back");
    await using store = await openDataStore(first.url, { init: true });
    await using reader = await openDataStore(first.url);
    const scan = await store.createScan({ name: "ascan", number: 1, data_policy: "None" });
    const stream = scan.createStream("c", numeric("float64"));
    await scan.prepare();
    await scan.start();
    stream.send(1);
    await scan.flush();

    const stored = await reader.loadScan(scan.key);
    const seen: number[] = [];
    const following = (async () => {
      for await (const { batch } of stored.streams.get("c")!.follow())
        if (batch.kind === "numeric") seen.push(...(batch.data as Float64Array));
    })();
    const closed = stored.reach("CLOSED");
    const next = reader.nextScan({ since: await reader.lastTimetag() });
    await waiting(first.url, 3);
    await first[Symbol.asyncDispose]();

    await using _second = await kept("back", first.port);
    stream.send(2);
    await scan.stop();
    await scan.close();
    const another = await store.createScan({ name: "ct", number: 2, data_policy: "None" });
    await following;
    expect(seen).toEqual([1, 2]);
    expect(await closed).toBe(true);
    expect(await next).toMatchObject({ key: another.key });
    await another.close();
  });

  test("is waited for no longer than the timeout, and not after the end", async () => {
    const first = await kept("gone");
    await using store = await openDataStore(first.url, { init: true });
    await first[Symbol.asyncDispose]();
    expect(await store.nextScan({ since: "0-0", timeout: 20 })).toBeUndefined();
    const stop = new AbortController();
    const aborted = store.nextScan({ since: "0-0", signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    const ended = store.nextScan({ since: "0-0" });
    const refused = expect(ended).rejects.toThrow(StoreError);
    await store[Symbol.asyncDispose]();
    await refused;
  });
});

test("a question that the store refuses is not asked again", async () => {
  await using running = await startStore({ port: 0, warn: () => {} });
  await using store = await openDataStore(running.url, { init: true });
  await store.connection.call(["SET", "text", "x"]);
  await expect(store.connection.wait(new Map([["text", "0"]]))).rejects.toThrow(/XREAD text: WRONGTYPE/);
  expect(await store.connection.wait(new Map([["none", "0"]]), { timeout: 1 })).toEqual(new Map());
});

test("a scan that is deleted while its states are waited for is told as such", async () => {
  await using running = await startStore({ port: 0, warn: () => {} });
  await using store = await openDataStore(running.url, { init: true });
  const scan = await store.createScan({ name: "ascan", number: 1, data_policy: "None" });
  const stored = await store.loadScan(scan.key);
  await store.deleteScan(scan.key, { force: true });
  await expect(stored.checkPresent()).rejects.toThrow(/was deleted/);
});

test("bytes that are no answer end the connection", async () => {
  const sockets: Socket[] = [];
  await using server = createServer((socket) => void sockets.push(socket.on("data", () => socket.write("+OK\r\n"))));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { connect } = await import("node:net");
  const client = () => {
    const { port } = server.address() as { port: number };
    const stream = connect(port, "127.0.0.1");
    return { stream, disconnect: () => void stream.destroy() } as unknown as ConstructorParameters<typeof EntryLine>[0];
  };
  using lines = new EntryLines(async () => new EntryLine(client()));
  await expect(lines.ask(() => ["XREAD"])).rejects.toThrow(/byte 43 where 42 must be/);
  for (const socket of sockets) socket.destroy();
});
