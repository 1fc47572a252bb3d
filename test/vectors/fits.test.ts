// SPDX-License-Identifier: MIT
// Noisy curves fitted by scipy 1.17.1 (curve_fit), fitted by us: the same parameters, the same errors.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { erf } from "../../scanning/analysis/fit.ts";
import { fitCurve, shapes } from "../../scanning/index.ts";

interface Recorded {
  readonly y: readonly number[];
  readonly parameters: readonly number[];
  readonly errors: readonly number[];
}
const { x, ...curves } = JSON.parse(readFileSync(join(import.meta.dirname, "fits/scipy.json"), "utf8")) as {
  readonly x: readonly number[];
} & Readonly<Record<string, Recorded>>;

test.each(shapes)("%s", (shape) => {
  const { y, parameters, errors } = (curves as Record<string, Recorded>)[shape]!;
  const found = fitCurve(shape, x, y);
  const list = ({ center, fwhm, height, background }: Omit<typeof found, "shape" | "errors" | "rms">) => [center, fwhm, height, background]; // biome-ignore format: one glance
  for (const [i, value] of list(found).entries()) expect(value / parameters[i]!).toBeCloseTo(1, 6);
  for (const [i, value] of list(found.errors as typeof found).entries()) expect(value / errors[i]!).toBeCloseTo(1, 3);
});

test("a dip and a falling edge have negative heights; x in any order", () => {
  const gaussian = (curves as Record<string, Recorded>).gaussian!;
  const dip = fitCurve("gaussian", x.toReversed(), gaussian.y.map((value) => -value).toReversed());
  expect(dip.height / -gaussian.parameters[2]!).toBeCloseTo(1, 6);
  const edge = (curves as Record<string, Recorded>).edge!;
  const falling = fitCurve("edge", x.map((at) => -at), edge.y); // biome-ignore format: one glance
  expect(falling.height / -edge.parameters[2]!).toBeCloseTo(1, 6);
  expect(falling.center).toBeCloseTo(-edge.parameters[0]!, 6);
});

test("too few points, and no finite ones", () => {
  expect(() => fitCurve("gaussian", [1, 2, 3, 4], [1, 2, 2, 1])).toThrow("a fit needs 5 points at least, there are 4");
  expect(() => fitCurve("gaussian", [1, 2, 3, 4, 5], Array(5).fill(Number.NaN))).toThrow("there are 0");
});

test.each([
  [0.1, 0.1124629160182849],
  [1, 0.8427007929497149],
  [2.4, 0.9993114861033549],
  [2.6, 0.9997639655834707],
  [-3, -0.9999779095030014],
])("erf(%d)", (at, value) => expect(erf(at)).toBeCloseTo(value, 14));
