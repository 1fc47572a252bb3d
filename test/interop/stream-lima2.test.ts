// SPDX-License-Identifier: MIT
// Streams of lima2 frames beside the real blissdata-lima2. The conductor, which tells where frames are, is the test's own: it
// answers what lima2-client 4.3 documents. Once a scan has ended its master file is enough.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type DataStore, isImageStream, lima2, openDataStore, openHdf5 } from "../../writers/index.ts";
import { embeddedStore } from "../world/embedded-store.ts";
import { describeWith, python } from "../world/peers.ts";

const program = join(import.meta.dirname, "../world/lima2-stream.py");
const dataset = "/entry/data";
const shape = [2, 3] as const;
const pixels = Uint16Array.from({ length: 4 * 6 }, (_, index) => 100 * index);

async function masterFile(path: string): Promise<void> {
  await using library = await openHdf5();
  await using file = await library.open(path);
  const data = new Uint8Array(pixels.buffer);
  await file.apply([{ do: "dataset", path: dataset, value: { dtype: "<u2", shape: [4, ...shape], data } }]);
}

/** Frames `there` can be asked for; `asked` tells which were. */
async function conductor(path: string) {
  const asked: number[] = [];
  const state = { there: 0 };
  const server = createServer((request, response) => {
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.url === "/version/conductor") return json(200, "4.3.2");
    const [, index] = /^\/pipeline\/1-2-3\/lookup\/raw_frame\/(\d+)$/.exec(request.url ?? "") ?? [];
    if (index === undefined) return response.writeHead(404).end();
    asked.push(Number(index));
    if (Number(index) >= state.there)
      return json(400, {
        code: 60,
        remote_type: "LookupError",
        message: `Frame ${index} not yet acquired.`,
        trace: [],
      });
    const hdf5 = { url: `file://${path}:${dataset}`, idx: Number(index), frame_type: "DENSE_FRAME", shape };
    return json(200, { tango: null, hdf5 });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    ...{ asked, state, host: "127.0.0.1", port: (server.address() as AddressInfo).port },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function world() {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "bandoneon-lima2-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "master.h5");
  await masterFile(path);
  const server = stack.use(await embeddedStore());
  const store = stack.use(await openDataStore(server.url, { init: true }));
  const where = stack.use(await conductor(path));
  const peer = async (...args: string[]) => {
    const [what = "", ...rest] = args;
    const { stdout } = await promisify(execFile)(python, [program, what, `${server.url}?protocol=2`, ...rest]);
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  };
  const owned = stack.move();
  return { path, store, where, peer, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function framesOf(store: DataStore, key: string) {
  const stream = (await store.loadScan(key)).streams.get("cam:raw");
  if (!stream || !isImageStream(stream)) throw new Error("there is no stream of frames");
  return stream;
}

describeWith(["blissdata-lima2"], "frames of lima2", () => {
  test("that we publish are found through the conductor, then in the master file, also by blissdata", async () => {
    await using here = await world();
    const { where, path } = here;
    await using scan = await here.store.createScan({ name: "ct", number: 1, data_policy: "None" });
    const sent = scan.createStream(
      "cam:raw",
      lima2({
        ...{ dtype: "uint16", shape, acquisition: "1-2-3", source: "raw_frame" },
        ...{ conductor: where, masterFile: [path, dataset] },
      }),
    );
    await scan.prepare();
    await scan.start();
    sent.send(2);
    await scan.flush();
    where.state.there = 2;
    const stream = await framesOf(here.store, scan.key);
    expect([stream.kind, stream.dtype, stream.shape, await stream.length()]).toEqual(["lima2", "<u2", [2, 3], 2]);
    const place = (frame: number) => ({ frame, format: "hdf5", file: path, dataset, index: frame });
    expect(await stream.references()).toEqual([place(0), place(1)]);
    expect((await stream.frame(1)).data).toEqual(pixels.slice(6, 12));
    await expect(stream.frame(2)).rejects.toMatchObject({ reason: "notYetThere" });

    sent.send(4);
    await scan.stop();
    await scan.close();
    where.asked.length = 0;
    expect(await stream.references(2)).toEqual([place(2), place(3)]);
    expect((await stream.frame(-1)).data).toEqual(pixels.slice(18));
    expect(where.asked).toEqual([]);
    const numbers = Array.from(pixels);
    const rows = [0, 6, 12, 18].map((at) => [numbers.slice(at, at + 3), numbers.slice(at + 3, at + 6)]);
    expect(await here.peer("read", scan.key)).toEqual({
      ...{ kind: "Lima2Stream", length: 4, sealed: true, dtype: "uint16", shape: [2, 3], frames: rows },
    });
  });

  test("that blissdata publishes are read", async () => {
    await using here = await world();
    const { key } = await here.peer("publish", here.where.host, String(here.where.port), here.path);
    const stream = await framesOf(here.store, key);
    const seen: number[] = [];
    for await (const { index, length } of stream.follow()) seen.push(index, length);
    expect(seen.at(-2)! + seen.at(-1)!).toBe(4);
    expect((await stream.frame(2)).data).toEqual(pixels.slice(12, 18));
  });

  test("of a conductor that has gone are told apart from frames to come", async () => {
    await using here = await world();
    await using scan = await here.store.createScan({ name: "ct", number: 3, data_policy: "None" });
    const nowhere = { dtype: "uint16", shape, acquisition: "1-2-3", source: "raw_frame", masterFile: null } as const;
    const sent = scan.createStream("cam:raw", lima2({ ...nowhere, conductor: { host: "127.0.0.1", port: 1 } }));
    await scan.prepare();
    await scan.start();
    sent.send(1);
    await scan.flush();
    const stream = await framesOf(here.store, scan.key);
    await expect(stream.frame(0)).rejects.toThrow(/cam:raw: the lima2 conductor at 127\.0\.0\.1:1 does not answer/);
  });
});
