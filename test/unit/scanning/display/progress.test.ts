// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { progressLine } from "../../../../scanning/display/progress.ts";

test("counts, bar, part, time left by the time the points took so far", () => {
  expect(progressLine({ done: 7, total: 21, seconds: 1.4 })).toBe(
    `   7/21 ${"━".repeat(13)}${"─".repeat(27)}  33 %  2.8 s left`,
  );
});

test("no time left is promised before the first point or after the last", () => {
  expect(progressLine({ done: 0, total: 21, seconds: 3 })).toBe(`   0/21 ${"─".repeat(40)}   0 %`);
  expect(progressLine({ done: 21, total: 21, seconds: 3 })).toBe(`  21/21 ${"━".repeat(40)} 100 %`);
});

test("an endless scan has no end to wait for", () => {
  expect(progressLine({ done: 12, total: 0, seconds: 3.04 })).toBe("  12 points in 3.0 s, until Esc or Ctrl-C");
});

test("never wider than the terminal: the bar shrinks, then goes", () => {
  const half = { done: 10, total: 20, seconds: 5, note: "diode peaks at roby 4.20000" };
  expect(progressLine(half, 45)).toBe(`  10/20 ${"━".repeat(9)}${"─".repeat(10)}  50 %  5.0 s left`);
  expect(progressLine(half, 30)).toBe("  10/20   50 %  5.0 s left  di");
  expect(progressLine(half, 100)).toMatch(/5\.0 s left {2}diode peaks at roby 4\.20000$/);
});
