// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { parseFormula } from "../../../../servers/lima/gige/genicam/formula.ts";

const values = new Map(Object.entries({ A: 5, B: 2, "W.Max": 100, FORMAT: 0x01100007 }));
const compute = (text: string) => parseFormula(text).compute(values);

test.each([
  ["1 + 2 * 3", 7],
  ["(1 + 2) * 3", 9],
  ["7 - 2 - 1", 4],
  ["2 ** 3 ** 2", 512],
  ["-2 ** 2", -4],
  ["10 / 4", 2.5],
  ["0x10 + .5e1", 21],
  ["A % B", 1],
  ["W.Max - A", 95],
  ["(FORMAT >> 16) & 0xFF", 16],
  ["1 << 40", 2 ** 40],
  ["~0", -1],
  ["5 ^ 1 | 8", 12],
  ["A = 5", 1],
  ["A <> 5", 0],
  ["A > 4 && B < 2 || 0", 0],
  ["A >= 5 ? B ? 10 : 20 : 30", 10],
  ["SQRT(16) + ABS(-1)", 5],
  ["ROUND(-2.5) + TRUNC(-2.5) + FLOOR(-2.5) + CEIL(-2.5)", -10],
  ["SGN(-3) + NEG(2)", -3],
  ["LN(E) + LG(100) + COS(PI)", 2],
])("%s = %d", (text, value) => expect(compute(text)).toBeCloseTo(value, 12));

test("the variables of a formula", () =>
  expect([...parseFormula("A + SIN(B.Min) * 2").variables]).toEqual(["A", "B.Min"]));

test.each([
  ["1 +", "its end is not expected"],
  ["(1", "its end is not expected"],
  ["1 2", "2 is not expected"],
  ["1 ? 2", "its end is not expected"],
  ["A # B", '"# B" is not understood'],
  ["", "its end is not expected"],
  ["C", "no value of C"],
  [`${"(".repeat(200)}1`, "nested deeper"],
  [`${"-".repeat(200)}1`, "nested deeper"],
  [`${"1+".repeat(6000)}1`, "a formula of 12001 characters"],
])("%.20s is refused", (text, why) => expect(() => compute(text)).toThrow(why));
