// SPDX-License-Identifier: MIT
// cen, com, peak and trough on the 35 curves recorded from BLISS 2.4.0.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cen, com, peak, trough } from "../../scanning/analysis/peaks.ts";

interface Curve {
  readonly x: readonly (number | string)[];
  readonly y: readonly (number | string)[];
  readonly cen: readonly [number | string, number | string];
  readonly com: number | string;
  readonly peak2: readonly [number | string, number | string];
  readonly trough2: readonly [number | string, number | string];
}
const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, "bliss/peaks.json"), "utf8")) as {
  cases: Record<string, Curve>;
};

/** Of an edge ours is the 12 % to 88 % width, within 2 % of the recorded; a step between two points is half way. */
const edges = ["edge_up", "edge_down", "half_peak_left"];

function near(found: number, wanted: number | string, tolerance = 1e-9): void {
  if (Number.isNaN(Number(wanted))) expect(found).toBeNaN();
  else expect(Math.abs(found - Number(wanted))).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(Number(wanted))));
}

describe.each(Object.entries(cases))("%s", (name, curve) => {
  const [x, y] = [curve.x.map(Number), curve.y.map(Number)];
  test.skipIf(name === "step_sharp")("centre and width", () => {
    const { position, fwhm } = cen(x, y);
    const tolerance = edges.includes(name) ? 0.02 : 1e-9;
    near(position, curve.cen[0], tolerance);
    near(fwhm, curve.cen[1], tolerance);
  });
  test("centre of mass", () => near(com(x, y), curve.com));
  test("peak and trough", () => {
    near(peak(x, y).position, curve.peak2[0]);
    near(peak(x, y).value, curve.peak2[1]);
    near(trough(x, y).position, curve.trough2[0]);
    near(trough(x, y).value, curve.trough2[1]);
  });
});

test("a step without a point on its way is half way between two points, whatever the side it is seen from", () => {
  const { x, y } = cases.step_sharp!;
  expect(cen(x.map(Number), y.map(Number))).toEqual({ position: 4.75, fwhm: 0 });
  expect(
    cen(
      x.map(Number),
      y.map((value) => 1 - Number(value)),
    ),
  ).toEqual({ position: 4.75, fwhm: 0 });
});
