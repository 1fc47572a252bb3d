// SPDX-License-Identifier: MIT
import { describe, expect, test } from "vitest";
import type { Frame } from "../../../servers/lima/frame.ts";
import { applyOperations, checkOperations, finalSize, noOperations } from "../../../servers/lima/image-operations.ts";
import { roiStatistics } from "../../../servers/lima/roi-statistics.ts";

/** 3 columns, 2 rows: 1 2 3 / 4 5 6. */
const frame: Frame = { index: 7, width: 3, height: 2, pixels: Uint16Array.of(1, 2, 3, 4, 5, 6), time: 0 };
const rows = ({ pixels, width }: Frame) =>
  Array.from({ length: pixels.length / width }, (_, row) => [...pixels.slice(row * width, (row + 1) * width)]);

describe("image operations", () => {
  test.each([
    [
      "flip x",
      { flip: [true, false] as const },
      [
        [3, 2, 1],
        [6, 5, 4],
      ],
    ],
    [
      "flip y",
      { flip: [false, true] as const },
      [
        [4, 5, 6],
        [1, 2, 3],
      ],
    ],
    [
      "rotation 90, clockwise",
      { rotation: "90" as const },
      [
        [4, 1],
        [5, 2],
        [6, 3],
      ],
    ],
    [
      "rotation 180",
      { rotation: "180" as const },
      [
        [6, 5, 4],
        [3, 2, 1],
      ],
    ],
    [
      "rotation 270",
      { rotation: "270" as const },
      [
        [3, 6],
        [2, 5],
        [1, 4],
      ],
    ],
    [
      "roi",
      { roi: [1, 0, 2, 2] as const },
      [
        [2, 3],
        [5, 6],
      ],
    ],
    ["binning sums", { bin: [3, 1] as const }, [[6], [15]]],
    ["binning averages", { bin: [3, 2] as const, binMode: "MEAN" as const }, [[3]]],
  ])("%s", (_name, operations, expected) => {
    const all = { ...noOperations, ...operations };
    const result = applyOperations(frame, all);
    expect(rows(result)).toEqual(expected);
    expect(finalSize(3, 2, all)).toEqual([result.width, result.height]);
  });

  test("what is impossible is refused in LIMA's words", () => {
    expect(() => checkOperations(3, 2, { ...noOperations, roi: [2, 0, 2, 1] })).toThrow("Software roi out of limits");
    expect(() => checkOperations(3, 2, { ...noOperations, roi: [1, 1, 0, 1] })).toThrow("Software roi is empty");
    expect(() => checkOperations(3, 2, { ...noOperations, bin: [4, 1] })).toThrow("Binning 4 x 1");
  });
});

test("region statistics: population deviation, clipped to the frame, mask excludes", () => {
  const whole = roiStatistics(frame, { kind: "rectangle", x: 0, y: 0, width: 9, height: 9 });
  expect(whole).toEqual({ sum: 21, average: 3.5, std: Math.sqrt(35 / 12), min: 1, max: 6 });
  const masked = roiStatistics(
    frame,
    { kind: "rectangle", x: 1, y: 0, width: 2, height: 2 },
    Uint8Array.of(1, 0, 1, 1, 1, 1),
  );
  expect(masked).toMatchObject({ sum: 14, min: 3, max: 6 });
  const quarter = roiStatistics(frame, { kind: "arc", x: 0, y: 0, r1: 0, r2: 1, a1: 0, a2: 90 });
  expect(quarter).toMatchObject({ sum: 1 + 2 + 4 });
});
