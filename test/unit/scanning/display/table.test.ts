// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { countLines } from "../../../../scanning/display/counts.ts";
import { written } from "../../../../scanning/display/numbers.ts";
import { heading, notShown, rowLine, tableOf } from "../../../../scanning/display/table.ts";
import type { Channel } from "../../../../scanning/index.ts";

const channel = (fullname: string, more: Partial<Channel> = {}): Channel => ({
  fullname,
  name: fullname.slice(fullname.lastIndexOf(":") + 1),
  device: "0:x",
  dim: 0,
  dtype: "float64",
  shape: [],
  encoding: "numeric",
  ...more,
});
const channels = [
  channel("axis:robx", { unit: "mm", decimals: 5 }),
  channel("timer:elapsed_time", { unit: "s" }),
  channel("timer:epoch", { unit: "s" }),
  channel("det:det2", { unit: "mA" }),
  channel("cam:roi_counters:r1_sum", { dtype: "int64" }),
  channel("mercury:spectrum", { dim: 1, dtype: "uint32", shape: [2048] }),
  channel("cam:image", { dim: 2, dtype: "uint16", shape: [512, 512], encoding: "images" }),
];
const names = channels.map(({ name }) => name);
const row = {
  robx: 1.5,
  elapsed_time: 0.08817,
  epoch: 1.7e9,
  det2: 0.088172,
  r1_sum: 12345678,
};

test("names, units below them, and points in line with both", () => {
  const table = tableOf(channels, names);
  expect([...heading(table), rowLine(table, 7, row)]).toEqual([
    "    #         dt       robx       det2     r1_sum",
    "             [s]       [mm]       [mA]",
    "    7      0.088    1.50000  0.0881720   12345678",
  ]);
  expect(notShown(table)).toEqual(["       spectra: spectrum", "       images: image"]);
});

test("a narrow terminal loses the last columns, and says which", () => {
  const table = tableOf(channels, names, 30);
  expect(heading(table)[0]).toBe("    #         dt       robx");
  expect(notShown(table)[0]).toBe("       the terminal is too narrow for: det2, r1_sum");
});

test("columns widen for long names", () => {
  const [head, units] = heading(tableOf([channel("d:a_very_long_counter", { unit: "V" })], ["a_very_long_counter"]));
  expect(head).toBe("    #  a_very_long_counter");
  expect(units).toBe("                       [V]");
});

test("numbers as a person reads them", () => {
  const texts = [0, 0.0881720123, 1234.5678, 999999.5, 1e-5, -2.5e7, Number.NaN, Number.NEGATIVE_INFINITY, undefined];
  expect(texts.map((value) => written(value))).toEqual([
    ...["0.00000", "0.0881720", "1234.57", "1.00000e+06", "1.00000e-05", "-2.50000e+07", "nan", "-inf", "-"],
  ]);
  expect(written(2.25, { decimals: 1 })).toBe("2.3");
  expect(written(1e12, { decimals: 3 })).toBe("1.00000e+12");
  expect(written(1e12, { whole: true })).toBe("1000000000000");
  expect(written(new Float64Array(3))).toBe("...");
});

test("a count has a line a counter, with its rate", () => {
  const counted = { det2: 7.5, r1_sum: 3, elapsed_time: 0 };
  expect(countLines(channels, names, counted, 0.1)).toEqual([
    "    det2 =      7.50000 mA  (     75.0000 /s)  det",
    "  r1_sum =            3     (     30.0000 /s)  cam:roi_counters",
  ]);
  expect(countLines(channels, names, counted, 0)[0]).toContain("(         inf /s)");
});
