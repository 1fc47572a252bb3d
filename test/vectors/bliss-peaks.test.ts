// SPDX-License-Identifier: MIT
// cen, com, peak and trough on the 35 curves recorded from BLISS 2.4.0.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cen } from "../../scanning/analysis/cen.ts";
import { com, peak, trough } from "../../scanning/analysis/peaks.ts";

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

function near(found: number, wanted: number | string): void {
  if (Number.isNaN(Number(wanted))) expect(found).toBeNaN();
  else expect(Math.abs(found - Number(wanted))).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(Number(wanted))));
}

describe.each(Object.entries(cases))("%s", (_, curve) => {
  const [x, y] = [curve.x.map(Number), curve.y.map(Number)];
  test("centre and width", () => {
    const { position, fwhm } = cen(x, y);
    near(position, curve.cen[0]);
    near(fwhm, curve.cen[1]);
  });
  test("centre of mass", () => near(com(x, y), curve.com));
  test("peak and trough", () => {
    near(peak(x, y).position, curve.peak2[0]);
    near(peak(x, y).value, curve.peak2[1]);
    near(trough(x, y).position, curve.trough2[0]);
    near(trough(x, y).value, curve.trough2[1]);
  });
});
