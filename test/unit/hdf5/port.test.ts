// SPDX-License-Identifier: MIT
// The port's promises, on each adapter that this machine has. What an adapter cannot do is listed, and refused by name.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openHdf5 } from "../../../writers/hdf5/open.ts";
import type { Ability, AdapterName, Hdf5, Operation, Value } from "../../../writers/hdf5/port.ts";
import { attributesOf, float, numbersOf, text, texts, toValue } from "../../../writers/hdf5/values.ts";

const folder = mkdtempSync(join(tmpdir(), "bandoneon-hdf5-"));
afterAll(() => rmSync(folder, { recursive: true }));

const adapters = (
  await Promise.all(
    (["h5wasm", "libhdf5"] as const).map(async (adapter): Promise<AdapterName[]> => {
      try {
        await using _library = await openHdf5({ adapter });
        return [adapter];
      } catch (error) {
        if (adapter === "h5wasm") throw error;
        console.log(`skipped: adapter ${adapter}: ${error}`);
        return [];
      }
    }),
  )
).flat();

const bytes = (array: ArrayBufferView<ArrayBuffer>) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const reason = (call: Promise<unknown>) =>
  call.then(
    () => "no error",
    (error) => error.reason ?? error,
  );

const values: Record<string, Value> = {
  text: text("ascan µ"),
  empty: text(""),
  texts: texts(["a", "bc", ""]),
  integer: toValue(3),
  float: float(3),
  matrix: toValue([[1, 2.5]]),
  bytes: { dtype: "|u1", shape: [2], data: Uint8Array.of(1, 255) },
  single: { dtype: "<f4", shape: [], data: bytes(Float32Array.of(1.5)) },
  complex: { dtype: "<c16", shape: [1], data: bytes(Float64Array.of(1, 2)) },
  columns: {
    dtype: { compound: [["x", "<f8"], ["n", "<i4"]] },
    shape: [2],
    data: bytes(Uint8Array.from({ length: 24 }, (_, index) => index)),
  },
}; // biome-ignore format: a table

describe.each(adapters)("adapter %s", (adapter) => {
  let library: Hdf5;
  beforeAll(async () => {
    library = await openHdf5({ adapter });
  });
  afterAll(() => library[Symbol.asyncDispose]());
  const path = (name: string) => join(folder, `${adapter}-${name}.h5`);
  const can = (ability: Ability) => library.abilities.has(ability);

  test("says what it can do", () => {
    expect([...library.abilities].sort()).toEqual(
      {
        h5wasm: ["undo"],
        libhdf5: ["bool", "chunk", "externalRaw", "fill", "lock", "remove", "shuffle", "swmr", "undo", "virtual"],
      }[adapter],
    );
    expect(library.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test.each(Object.entries(values))("keeps the value %s and an attribute like it", async (name, value) => {
    await using file = await library.open(path(name));
    await file.apply([{ do: "dataset", path: `/a/b/${name}`, value, attributes: { about: value } }]);
    expect(await file.read(`/a/b/${name}`)).toEqual(value);
    expect(await file.readAttribute(`/a/b/${name}`, "about")).toEqual(value);
    expect(await file.readAttribute(`/a/b/${name}`, "other")).toBeUndefined();
    expect(await file.look("/a/b")).toEqual({ kind: "group", members: [name], attributes: [] });
  });

  test("stores booleans as h5py does, or as integers where it cannot", async () => {
    await using file = await library.open(path("bool"));
    await file.apply([{ do: "dataset", path: "/flag", value: toValue([true, false]) }]);
    const expected = can("bool") ? [true, false] : [1, 0];
    expect(numbersOf(await file.read("/flag"))).toEqual(expected);
  });

  test("grows datasets by rows; writing rows twice is writing them once", async () => {
    await using file = await library.open(path("rows"));
    const rows = (at: number, ...numbers: number[]): Operation =>
      ({ do: "rows", path: "/x", at, count: numbers.length, data: bytes(Float64Array.from(numbers)) }) as const;
    await file.apply([{ do: "growing", path: "/x", dataset: { dtype: "<f8", row: [], chunk: [4], fill: Number.NaN } }]);
    await file.apply([rows(0, 1, 2, 3), rows(2, 3, 4), rows(0, 1)]);
    expect(numbersOf(await file.read("/x"))).toEqual([1, 2, 3, 4]);
    expect(numbersOf(await file.read("/x", { from: 1, to: 3 }))).toEqual([2, 3]);
    expect(numbersOf(await file.read("/x", { from: 3, to: 99 }))).toEqual([4]);
    await file.apply([rows(6, 7)]);
    const gap = can("fill") ? Number.NaN : 0;
    expect(numbersOf(await file.read("/x"))).toEqual([1, 2, 3, 4, gap, gap, 7]);
  });

  test("grows strings, and rows of different lengths", async () => {
    await using file = await library.open(path("ragged"));
    await file.apply([
      { do: "growing", path: "/s", dataset: { dtype: "string", row: [], chunk: [4] } },
      { do: "rows", path: "/s", at: 0, count: 2, data: ["é", "long string"] },
      { do: "rows", path: "/s", at: 2, count: 1, data: ["third"] },
      { do: "growing", path: "/r", dataset: { dtype: "<i2", row: [1], ragged: true, chunk: [4, 4] } },
      { do: "rows", path: "/r", at: 0, count: 1, row: [1], data: bytes(Int16Array.of(1)) },
      { do: "rows", path: "/r", at: 1, count: 1, row: [3], data: bytes(Int16Array.of(1, 2, 3)) },
    ]);
    expect(numbersOf(await file.read("/s"))).toEqual(["é", "long string", "third"]);
    expect(await file.read("/r")).toMatchObject({ shape: [2, 3] });
    expect(numbersOf(await file.read("/r"))).toEqual([1, 0, 0, 1, 2, 3]);
  });

  test("compresses", async () => {
    await using file = await library.open(path("gzip"));
    const spectrum = Uint32Array.from({ length: 4096 }, (_, index) => index % 7);
    await file.apply([
      { do: "growing", path: "/s", dataset: { dtype: "<u4", row: [4096], chunk: [1, 4096], gzip: 1 } },
      { do: "rows", path: "/s", at: 0, count: 1, data: bytes(spectrum) },
    ]);
    expect((await file.read("/s")).data).toEqual(bytes(spectrum));
  });

  test.runIf(adapter === "libhdf5")("gives chunks as they are in the file, and how they were packed", async () => {
    await using file = await library.open(path("chunks"));
    const row = new Uint8Array(4096).fill(7);
    const packed = deflateSync(row);
    const dataset = { dtype: "|u1", row: [4096], chunk: [1, 4096] } as const;
    await file.apply([
      { do: "growing", path: "/z", dataset: { ...dataset, filter: { id: 32008, options: [0, 3, 1, 0, 2] } } },
      { do: "chunk", path: "/z", at: [0, 0], rows: 1, data: packed },
      { do: "growing", path: "/g", dataset: { ...dataset, gzip: 1 } },
      { do: "rows", path: "/g", at: 0, count: 1, data: row },
    ]);
    await file.flush();
    const chunk = await file.readChunk("/z", [0, 0]);
    expect([chunk.filters, Buffer.compare(chunk.data, packed)]).toEqual([[32008], 0]);
    expect((await file.readChunk("/g", [0, 0])).filters).toEqual([2, 1]);
    await expect(file.readChunk("/z", [9, 0])).rejects.toThrow();
  });

  test("replaces text of another length, attributes, and keeps links", async () => {
    await using file = await library.open(path("replace"));
    await file.apply([
      { do: "dataset", path: "/status", value: text("RUNNING") },
      { do: "replace", path: "/status", value: text("SUCCEEDED after all") },
      { do: "group", path: "/", attributes: attributesOf({ default: "1.1" }) },
      { do: "attributes", path: "/", attributes: attributesOf({ default: "22.1", axes: ["a", "b"] }) },
      { do: "attributes", path: "/", attributes: attributesOf({ gone: 1 }) },
      { do: "removeAttribute", path: "/", name: "gone" },
      { do: "softLink", path: "/links/soft", target: "/status" },
      { do: "softLink", path: "/links/broken", target: "nowhere" },
      { do: "externalLink", path: "/links/far", file: "other.h5", target: "/entry" },
    ]);
    expect(await file.read("/status")).toEqual(text("SUCCEEDED after all"));
    expect(await file.look("/")).toMatchObject({ attributes: ["axes", "default"] });
    expect(await file.readAttribute("/", "default")).toEqual(text("22.1"));
    expect(await file.look("/links/soft")).toEqual({ kind: "softLink", target: "/status" });
    expect(await file.look("/links/broken")).toEqual({ kind: "softLink", target: "nowhere" });
    expect(await file.look("/links/far")).toEqual({ kind: "externalLink", file: "other.h5", target: "/entry" });
    expect(await file.look("/links/none/deeper")).toBeUndefined();
  });

  test("refuses what it cannot do, and says what to do instead", async () => {
    await using file = await library.open(path("abilities"));
    await file.apply([{ do: "dataset", path: "/x", value: toValue([1, 2]) }]);
    const all = { start: [0], count: [2] };
    const operations = {
      virtual: { do: "virtual", path: "/v", dtype: "<i8", shape: [2], sources: [{ into: all, from: all, file: ".", dataset: "/x" }] },
      remove: { do: "remove", path: "/x" },
      externalRaw: { do: "externalRaw", path: "/raw", dtype: "|u1", shape: [1], files: [{ name: "raw.bin", offset: 0, size: null }] },
    } as const satisfies Partial<Record<Ability, Operation>>; // biome-ignore format: a table
    for (const [ability, operation] of Object.entries(operations))
      expect([ability, await reason(file.apply([operation]))]).toEqual([
        ability,
        can(ability as Ability) ? "no error" : "unsupported",
      ]);
  });

  test("names file, operation and path of what fails, and keeps what came before it", async () => {
    await using file = await library.open(path("errors"));
    const make = (name: string): Operation => ({ do: "dataset", path: name, value: toValue(1) });
    await expect(file.apply([make("/a"), make("/a"), make("/b")])).rejects.toMatchObject({
      reason: "exists",
      message: expect.stringMatching(/errors\.h5.*dataset \/a.*name already exists/),
    });
    expect(await file.look("/")).toMatchObject({ members: ["a"] });
    expect(await reason(file.read("/none"))).toBe("missing");
    await file.close();
    expect(await reason(file.flush())).toBe("closed");
  });

  test("refuses files that are not there, are not HDF5, or are open already", async () => {
    writeFileSync(path("text"), "not HDF5 at all, but long enough to look at".repeat(100));
    expect(await reason(library.open(path("text")))).toBe("notHdf5");
    expect(await reason(library.open(path("absent"), { mode: "read" }))).toBe("missing");
    expect(existsSync(path("absent"))).toBe(false);
    await using _file = await library.open(path("twice"));
    expect(await reason(library.open(path("twice")))).toBe("locked");
  });

  test("reads back after closing, and adds to what is there", async () => {
    {
      await using file = await library.open(path("again"));
      await file.apply([{ do: "growing", path: "/x", dataset: { dtype: "<i4", row: [], chunk: [4] } }]);
    }
    await using file = await library.open(path("again"));
    await file.apply([{ do: "rows", path: "/x", at: 0, count: 1, data: bytes(Int32Array.of(5)) }]);
    expect(await file.look("/x")).toEqual({ kind: "dataset", dtype: "<i4", shape: [1], attributes: [] });
    expect(existsSync(`${path("again")}.undo`)).toBe(can("undo"));
    await file.close();
    expect(existsSync(`${path("again")}.undo`)).toBe(false);
  });
});
