// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { plotLines } from "../../../../scanning/display/plot.ts";

test("a straight line from corner to corner, with its bounds", () => {
  const lines = plotLines([0, 1], [0, 3], { width: 20, height: 3, xLabel: "robx", yLabel: "diode" });
  expect(lines).toEqual([
    "         diode",
    "3.00000 ┤       ⢀⡠⠔⠊",
    "        ┤   ⢀⡠⠔⠊⠁",
    "0.00000 ┤⡠⠔⠊⠁",
    "         0.00000 robx 1.00000",
  ]);
});

test("values that are not finite are left out; a constant is in the middle; nothing is said to be nothing", () => {
  expect(plotLines([0, 1, 2], [5, Number.NaN, 5], { width: 20, height: 3 }).slice(1, 4)).toEqual([
    "5.00000 ┤",
    "        ┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤",
    "5.00000 ┤",
  ]);
  expect(plotLines([0], [Number.NaN], { yLabel: "diode" })).toEqual(["diode: no finite value"]);
});

test("one point is one dot", () => {
  const text = plotLines([2], [3], { width: 30, height: 4 }).join("");
  expect(text.match(/[\u2801-\u28ff]/g)).toHaveLength(1);
});
