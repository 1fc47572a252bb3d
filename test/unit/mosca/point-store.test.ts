// SPDX-License-Identifier: MIT
// Blocks of any size, read in any range; old points are dropped; memory is bounded.
import { expect, test } from "vitest";
import { KEPT_BYTES, KEPT_POINTS, PointStore } from "../../../servers/mosca/point-store.ts";

const make = (length: number) => new Uint32Array(length);
/** Row r, point p, column c: 1e6 r + 10 p + c. */
function block(first: number, points: number, rows: number, width: number): Uint32Array {
  return Uint32Array.from({ length: rows * points * width }, (_, at) => {
    const row = Math.floor(at / (points * width));
    const point = Math.floor(at / width) % points;
    return 1e6 * row + 10 * (first + point) + (at % width);
  });
}

test("every range across blocks of 1, 4 and 7 points is what one big block would give", () => {
  const store = new PointStore<Uint32Array>({ rows: 3, width: 2 }, make);
  let end = 0;
  for (const points of [1, 4, 7, 1, 1, 4]) {
    store.add(points, block(end, points, 3, 2));
    end += points;
  }
  for (let from = 0; from <= end; from++)
    for (let to = from; to <= end; to++) expect(store.read(from, to)).toEqual(block(from, to - from, 3, 2));
});

test("15,000 points stay; a block that is only partly old still gives its young points", () => {
  const store = new PointStore<Uint32Array>({ rows: 1, width: 1 }, make);
  for (let first = 0; first < 15_600; first += 100) store.add(100, block(first, 100, 1, 1));
  store.add(50, block(15_600, 50, 1, 1));
  expect(store.available).toEqual({ first: 650, end: 15_650 });
  expect(store.read(650, 653)).toEqual(Uint32Array.of(6500, 6510, 6520));
  expect(store.read(650, 15_650)).toEqual(block(650, KEPT_POINTS, 1, 1));
});

test("wide points keep within the bound of memory", () => {
  const store = new PointStore<Uint32Array>({ rows: 100, width: 4096 }, make);
  for (let n = 0; n < 3; n++) store.add(1, make(0));
  expect(store.available).toEqual({ first: 0, end: 3 });
  const kept = Math.floor(KEPT_BYTES / (100 * 4096 * 4));
  for (let n = 3; n < kept + 10; n++) store.add(1, make(0));
  expect(store.available).toEqual({ first: 10, end: kept + 10 });
});
