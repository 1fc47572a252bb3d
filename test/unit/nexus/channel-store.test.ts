// SPDX-License-Identifier: MIT
// How the points of a channel are gathered into rows: in whole chunks, each byte once, wherever the pieces are cut.
import { describe, expect, test } from "vitest";
import type { Operation } from "../../../writers/hdf5/port.ts";
import { channelStore, type StoredChannel } from "../../../writers/nexus/channel-store.ts";

const mapped = { path: "/x", channel: "x", attributes: {} };
const options = { npoints: 1000, gzip: 0, present: 0, fills: true };
const channel = (row: number[], dtype = "<u2"): StoredChannel => ({ fullname: "x", encoding: "numeric", dtype, row });
type Rows = Extract<Operation, { do: "rows" }>;
const rows = (operations: readonly Operation[]) =>
  operations.map((operation) => {
    const { at, count, data, more = [] } = operation as Rows;
    return { at, count, bytes: Buffer.concat([data as Uint8Array, ...more]), pieces: 1 + more.length };
  });
const bytes = (from: number, count: number) => Uint8Array.from({ length: count }, (_, index) => from + index);

describe("points of one shape", () => {
  test("are taken as whole chunks while more come, and all at the end", () => {
    const store = channelStore(channel([512, 512]), mapped, options); // half a MiB a point: two a chunk
    const frame = new Uint8Array(512 * 1024);
    for (let first = 0; first < 3; first++) store.push({ channel: "x", first, points: 1, values: frame });
    expect(rows(store.take(false)).map(({ at, count, pieces }) => [at, count, pieces])).toEqual([[0, 2, 2]]);
    expect(store.waiting).toBe(frame.byteLength);
    expect(rows(store.take(true)).map(({ at, count }) => [at, count])).toEqual([[2, 1]]);
    expect([store.waiting, store.take(true)]).toEqual([0, []]);
  });

  test("of which each is a chunk are not put together", () => {
    const store = channelStore(channel([1024, 1024]), mapped, options);
    const frame = new Uint8Array(2 << 20);
    store.push({ channel: "x", first: 0, points: 3, values: [frame, frame, frame] });
    expect(rows(store.take(false)).map(({ at, pieces }) => [at, pieces])).toEqual([[0, 1], [1, 1], [2, 1]]); // biome-ignore format: a table
  });

  test("that are there already are left out, also in the middle of a piece", () => {
    const store = channelStore(channel([]), mapped, { ...options, present: 3 });
    store.push({ channel: "x", first: 1, points: 4, values: [bytes(2, 2), bytes(4, 4), bytes(8, 2)] });
    expect(rows(store.take(true))).toEqual([{ at: 3, count: 2, bytes: Buffer.from([6, 7, 8, 9]), pieces: 2 }]);
    store.push({ channel: "x", first: 0, points: 5, values: bytes(0, 10) });
    expect(store.take(true)).toEqual([]);
  });

  test("are stored in little-endian order", () => {
    const store = channelStore(channel([], ">u2"), mapped, options);
    store.push({ channel: "x", first: 0, points: 2, values: bytes(1, 4) });
    expect(rows(store.take(true))[0]?.bytes).toEqual(Buffer.from([2, 1, 4, 3]));
  });
});
