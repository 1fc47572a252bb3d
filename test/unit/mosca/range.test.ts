// SPDX-License-Identifier: MIT
// Read ranges as the recorded server answers them (7 points), its double resolution of negative numbers excepted.
import { expect, test } from "vitest";
import { inclusive, pointRange } from "../../../servers/mosca/range.ts";

const seven = { first: 0, end: 7 };
const range = (bounds: readonly number[], available = seven) => {
  try {
    return pointRange(bounds.map(BigInt), available);
  } catch (error) {
    return (error as Error).message;
  }
};

test.each([
  [[], [0, 7]],
  [[3], [3, 7]],
  [
    [2, 5],
    [2, 5],
  ],
  [
    [3, 3],
    [0, 0],
  ],
  [
    [4, 0],
    [0, 0],
  ],
  [[-2], [5, 7]],
  [
    [-7, -5],
    [0, 2],
  ],
  [[5, 2], "ValueError: Slicing on the buffer only supports start <= stop"],
  [[7], "RuntimeError: point 7 is not available yet."],
  [[7, 8], "RuntimeError: point 7 is not available yet."],
  [[0, 8], "RuntimeError: point 7 is not available yet."],
  [[8], "RuntimeError: point 8 is not available yet."],
  [[-8], "RuntimeError: point -1 has already been discarded."],
  [[-20, 3], "RuntimeError: point -13 has already been discarded."],
  [[0, 3, 1], "TypeError: [from, to] was expected, 3 numbers were given"],
] as const)("%j of 7 points", (bounds, wanted) => {
  const got = range(bounds);
  if (typeof wanted === "string") expect(got).toContain(wanted);
  else expect(got).toEqual(wanted);
});

test("no point at all, and points that were dropped", () => {
  expect(range([], { first: 0, end: 0 })).toContain("RuntimeError: Buffer contains no point yet.");
  expect(range([599], { first: 600, end: 15600 })).toContain("point 599 has already been discarded.");
  expect(range([], { first: 600, end: 15600 })).toEqual([600, 15600]);
});

test("[first, last] inclusive: [0, -1] and [-1, -1] are empty, another count of numbers is refused", () => {
  const through = (bounds: readonly bigint[]) => pointRange(inclusive(BigInt64Array.from(bounds)), seven);
  expect(through([0n, 0n])).toEqual([0, 1]);
  expect(through([0n, -1n])).toEqual([0, 0]);
  expect(through([-1n, -1n])).toEqual([0, 0]);
  expect(() => through([1n])).toThrow("ValueError: not enough values to unpack (expected 2, got 1)");
});
