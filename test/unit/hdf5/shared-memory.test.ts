// SPDX-License-Identifier: MIT
// Data that goes to the worker is copied once, and its memory is used again.
import { expect, test } from "vitest";
import type { Operation } from "../../../writers/hdf5/port.ts";
import { SharedMemory } from "../../../writers/hdf5/shared-memory.ts";

const rows = (data: Uint8Array, more: readonly Uint8Array[] = []): Operation => ({
  ...{ do: "rows", path: "/x", at: 0, count: 1 },
  ...{ data, more },
});
const dataOf = (operations: readonly Operation[]): Uint8Array => {
  const [first] = operations;
  if (first?.do !== "rows" || !(first.data instanceof Uint8Array)) throw new Error("no rows");
  return first.data;
};

test("pieces become one, in memory that is used again", () => {
  const memory = new SharedMemory();
  const piece = (value: number) => new Uint8Array(50_000).fill(value);
  const first = memory.ship([rows(piece(1), [piece(2), piece(3)])], []);
  const all = dataOf(first.operations);
  expect([all.byteLength, all[49_999], all[50_000], all.at(-1)]).toEqual([150_000, 1, 2, 3]);
  expect(first.operations[0]).not.toHaveProperty("more");
  const second = memory.ship([rows(piece(4))], []);
  expect(second.blocks).not.toContain(first.blocks[0]);
  memory.giveBack(first);
  expect(memory.ship([rows(new Uint8Array(200_000))], []).blocks).toEqual(first.blocks);
});

test("small operations share one block, each at its own place", () => {
  const { operations, blocks } = new SharedMemory().ship(
    [
      rows(new Uint8Array(5001).fill(1)),
      { do: "remove", path: "/y" },
      rows(new Uint8Array(3).fill(2), [Uint8Array.of(3)]),
    ],
    [],
  );
  const [first, other, last] = operations;
  expect(other).toEqual({ do: "remove", path: "/y" });
  expect([dataOf([first!]).byteLength, dataOf([first!]).every((byte) => byte === 1)]).toEqual([5001, true]);
  expect([...dataOf([last!])]).toEqual([2, 2, 2, 3]);
  expect([dataOf([first!]).buffer, dataOf([last!]).buffer]).toEqual([blocks[0], blocks[0]]);
});

test("large ones have a block each, which the next of that size use again", () => {
  const memory = new SharedMemory();
  const frames = () => memory.ship([rows(new Uint8Array(1 << 20).fill(1)), rows(new Uint8Array(1 << 20).fill(2))], []);
  const first = frames();
  expect(first.operations.map((one) => dataOf([one])[0])).toEqual([1, 2]);
  expect(first.blocks.map(({ byteLength }) => byteLength)).toEqual([1 << 20, 1 << 20]);
  memory.giveBack(first);
  expect(new Set(frames().blocks)).toEqual(new Set(first.blocks));
});

test("a view takes only its own bytes along", () => {
  const { operations, blocks } = new SharedMemory().ship([rows(new Uint8Array(1 << 20).subarray(5, 9))], []);
  expect([dataOf(operations), dataOf(operations).buffer.byteLength, blocks]).toEqual([new Uint8Array(4), 8, []]);
});

test("what is shared already, or given away, is not copied", () => {
  const shared = rows(new Uint8Array(new SharedArrayBuffer(1 << 20)));
  const given = new Uint8Array(1 << 20);
  const { operations, blocks } = new SharedMemory().ship([shared, rows(given)], [given.buffer]);
  expect([dataOf(operations), dataOf(operations.slice(1)), blocks]).toEqual([dataOf([shared]), given, []]);
});
