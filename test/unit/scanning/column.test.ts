// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { append, BlockColumn, ListColumn, NumberColumn, ProgressColumn } from "../../../scanning/column.ts";

test("numbers of an endless scan: only the newest are kept, what waits for the sink always", () => {
  const column = new NumberColumn("float64", 0, 1024);
  for (let i = 0; i < 5000; i++) column.push(i);
  expect([column.pending, column.at(0), column.at(4999)]).toEqual([5000, 0, 4999]); // nothing was taken yet
  const taken = column.take()!;
  expect([taken.first, taken.points, taken.values[4999]]).toEqual([0, 5000, 4999]);
  for (let i = 5000; i < 100_000; i++) {
    column.push(i);
    if (i % 100 === 0) column.take();
  }
  expect(column.at(99_999)).toBe(99_999);
  expect(column.at(0)).toBeUndefined();
  expect(column.kept().values.length).toBeLessThan(20_000);
  taken.values[0] = -1; // the taker's own
  expect(column.kept().first).toBeGreaterThan(0);
});

test("64-bit integers stay what they are on their way out, and are numbers to look at", () => {
  const column = new NumberColumn("int64", 2, 10);
  append(column, "c", BigInt64Array.of(1n, 2n), 2, 1);
  expect(column.at(1)).toBe(2);
  expect(column.take()!.values).toEqual(BigInt64Array.of(1n, 2n));
});

test("spectra: the newest few can be looked at", () => {
  const column = new BlockColumn(2, 2);
  append(column, "s", Uint32Array.of(0, 1, 2, 3), 2, 2);
  append(column, "s", Uint32Array.of(4, 5), 1, 2);
  expect([column.at(0), column.at(2)]).toEqual([Uint32Array.of(0, 1), Uint32Array.of(4, 5)]);
  expect(column.take()).toEqual({ first: 0, points: 3, values: Uint32Array.of(0, 1, 2, 3, 4, 5) });
  append(column, "s", Uint32Array.of(6, 7), 1, 2);
  append(column, "s", Uint32Array.of(8, 9), 1, 2);
  expect(column.take()).toEqual({ first: 3, points: 2, values: Uint32Array.of(6, 7, 8, 9) });
  expect([column.at(0), column.at(3), column.at(4)]).toEqual([undefined, Uint32Array.of(6, 7), Uint32Array.of(8, 9)]);
});

test("values of varying shape, JSON, and how far images are", () => {
  const list = new ListColumn(2);
  append(list, "l", [Float64Array.of(1), Float64Array.of(1, 2)], 2, -1);
  expect([list.at(1), list.take()!.values]).toEqual([
    Float64Array.of(1, 2),
    [Float64Array.of(1), Float64Array.of(1, 2)],
  ]);
  const images = new ProgressColumn();
  append(images, "i", { lastIndex: 4, lastIndexSaved: 1 }, 5, 1);
  expect([images.count, images.at(4), images.at(5)]).toEqual([5, { lastIndex: 4, lastIndexSaved: 1 }, undefined]);
  expect(images.take()).toEqual({ first: 0, points: 5, values: { lastIndex: 4, lastIndexSaved: 1 } });
  expect([images.pending, images.take()]).toEqual([0, undefined]);
  append(images, "i", { lastIndex: 4, lastIndexSaved: 4 }, 0, 1); // only the saving went on
  expect(images.take()).toEqual({ first: 5, points: 0, values: { lastIndex: 4, lastIndexSaved: 4 } });
});

test("a block that does not fit is refused with the channel's name", () => {
  const wrong = [
    [new NumberColumn("float64", 3, 10), Float64Array.of(1, 2), 3, 1],
    [new BlockColumn(4, 8), Uint32Array.of(1, 2, 3), 1, 4],
    [new ListColumn(4), [Float64Array.of(1)], 2, -1],
  ] as const;
  for (const [column, values, points, size] of wrong)
    expect(() => append(column, "cam:image", values, points, size)).toThrow(
      /^cam:image: the detector gave \d elements/,
    );
  expect(() => append(new NumberColumn("float64", 1, 1), "c", { lastIndex: 0, lastIndexSaved: 0 }, 1, 1)).toThrow(/an image reference/); // biome-ignore format: one glance
});
