// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { knotsOf, through } from "../../../servers/motor/trajectory.ts";

// Knots taken from x = t^3 - 2t: a cubic is reproduced exactly between its own knots.
const x = (t: number) => t ** 3 - 2 * t;
const v = (t: number) => 3 * t ** 2 - 2;
const flat = [0, 0.5, 1.25, 3].flatMap((t) => [t, x(t), v(t)]);

test("a cubic is followed exactly, position and velocity", () => {
  const profile = through(knotsOf(flat));
  expect(profile.duration).toBe(3);
  for (const t of [0, 0.1, 0.5, 0.9, 1.25, 2.2, 2.999]) {
    expect(profile.at(t).position).toBeCloseTo(x(t), 12);
    expect(profile.at(t).velocity).toBeCloseTo(v(t), 10);
  }
  expect(profile.at(4)).toEqual({ position: x(3), velocity: 0 });
});

test("when a position is passed for the first time", () => {
  const profile = through(knotsOf(flat));
  expect(profile.timeOf(-1)).toBeCloseTo(0.618033988749895, 9); // t^3 - 2t + 1 = 0
  expect(profile.timeOf(5)).toBeCloseTo(2.0945514815423265, 9); // t^3 - 2t - 5 = 0, Wallis' example
  expect(profile.timeOf(100)).toBeUndefined();
});

test.each([
  ["no rows", [], /at least two rows/],
  ["half a row", [0, 1, 2, 3], /at least two rows/],
  ["NaN", [0, 0, 0, 1, Number.NaN, 0], /row 1 .*not finite/],
  ["time going back", [0, 0, 0, 0, 1, 0], /row 1 .*not later/],
])("refused: %s", (_name, rows, text) => {
  expect(() => knotsOf(rows)).toThrow(text);
});
