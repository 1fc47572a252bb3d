// SPDX-License-Identifier: MIT
// Streams of lima2 frames beside the real blissdata-lima2 and its lima2-client. The conductor, which tells where frames are,
// and the server that has them in memory are the test's own. Once a scan has ended its master file is enough.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { frameServers } from "../../devices/index.ts";
import { command, DevEncoded, DevLong, defineInterface, deviceClass, startServer } from "../../tango/index.ts";
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

const receiver = defineInterface({
  name: "LimaProcessingLegacy",
  commands: { getFrame: command(DevLong, DevEncoded), getSparseFrame: command(DevLong, DevEncoded) },
});

/** Frame `index` of `pixels` plus 1 with the header of lima2, whose last dimension are channels; and its pixels one by one. */
function encoded(index: number) {
  const frame = pixels.slice(6 * index, 6 * (index + 1)).map((value) => value + 1);
  const dense = Buffer.alloc(64 + 12);
  const header = { 0: 0x44544159, 8: 2, 12: 1 };
  for (const [at, value] of Object.entries(header)) dense.writeUInt32LE(value, Number(at));
  for (const [at, value] of [[4, 2], [6, 64], [18, 3], [20, 3], [22, 2], [24, 1]] as const) dense.writeUInt16LE(value, at); // biome-ignore format: one table
  dense.writeBigUInt64LE(BigInt(index), 56);
  Buffer.from(frame.buffer).copy(dense, 64);
  const sparse = Buffer.alloc(12 + 6 * 6);
  sparse.writeUInt16LE(3, 0);
  sparse.writeUInt16LE(2, 2);
  sparse.writeUInt32LE(6, 4);
  for (const [at, value] of frame.entries()) {
    sparse.writeInt32LE(at, 12 + 4 * at);
    sparse.writeUInt16LE(value, 36 + 2 * at);
  }
  return { dense, sparse };
}

/** A server that has the frames in memory. */
const frameServer = () =>
  startServer({
    server: "Lima2/test",
    classes: [
      deviceClass(receiver, async () => ({
        getFrame: (index) => ({ format: "DATA_ARRAY", data: encoded(index).dense }),
        getSparseFrame: (index) => ({ format: "SPARSE_FRAME", data: encoded(index).sparse }),
      })),
    ],
    devices: { LimaProcessingLegacy: { "id00/limaprocessing/1-2-3@0": {} } },
  });

/** Frames `there` can be asked for, `inFile` of them in a file; `asked` tells which were. */
async function conductor(path: string) {
  const asked: number[] = [];
  const state = { there: 0, inFile: 4, server: "", command: "getFrame" };
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
    const idx = Number(index);
    // As its conductor writes it: the group, whose dataset `data` has the frames.
    const hdf5 = { url: `file://${path}:entry/`, idx, frame_type: "DENSE", shape };
    const tango = state.server ? { url: state.server, idx, command_name: state.command } : null;
    return json(200, { tango, hdf5: idx < state.inFile ? hdf5 : null });
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
  return { path, store, where, peer, url: server.url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
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

  test.each(["getFrame", "getSparseFrame"])(
    "in memory come from their server by %s, also to blissdata",
    async (getter) => {
      await using here = await world();
      const { where } = here;
      await using server = await frameServer();
      await using servers = frameServers();
      await using store = await openDataStore(here.url, { live: servers });
      await using scan = await here.store.createScan({ name: "ct", number: 4, data_policy: "None" });
      const source = { dtype: "uint16", shape, acquisition: "1-2-3", source: "raw_frame", masterFile: null } as const;
      const sent = scan.createStream("cam:raw", lima2({ ...source, conductor: where }));
      await scan.prepare();
      await scan.start();
      sent.send(3);
      await scan.flush();
      Object.assign(where.state, {
        there: 3,
        inFile: 1,
        server: server.trl("id00/limaprocessing/1-2-3@0"),
        command: getter,
      });
      const stream = await framesOf(store, scan.key);
      expect((await stream.frame(0)).data).toEqual(pixels.slice(0, 6));
      const inMemory = (index: number) =>
        Uint16Array.from(pixels.slice(6 * index, 6 * index + 6), (value) => value + 1);
      expect(await stream.frame(1)).toMatchObject({ shape: [2, 3], data: inMemory(1) });
      expect(await stream.latestFrame()).toMatchObject({ index: 2, image: { shape: [2, 3], data: inMemory(2) } });
      // What lima2-client makes of the same answers: frames of the file, then those of the server.
      const read = async () => (await here.peer("read", scan.key)).frames.flat(3);
      where.state.inFile = 3;
      expect(await read()).toEqual([...pixels.slice(0, 18)]);
      where.state.inFile = 0;
      expect(await read()).toEqual([0, 1, 2].flatMap((index) => [...inMemory(index)]));
      // Without a Tango client there is only what is in files.
      await expect((await framesOf(here.store, scan.key)).frame(1)).rejects.toMatchObject({ reason: "noMoreThere" });
      // A file that cannot be read yet does not keep the frame from coming.
      where.state.inFile = 4;
      rmSync(here.path);
      expect((await stream.frame(0)).data).toEqual(inMemory(0));
    },
  );

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
