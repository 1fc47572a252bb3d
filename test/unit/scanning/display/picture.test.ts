// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { pictureLines } from "../../../../scanning/display/picture.ts";

test("a small image, by hand: dark to bright, the brightest of the pixels under a character", () => {
  // 4 x 4 pixels, two rows a line: columns hold their largest values 0 3 6 9, then 9 6 3 0.
  const values = [0, 1, 2, 3, 0, 3, 6, 9, 9, 6, 3, 0, 1, 1, 1, 0];
  expect(pictureLines({ values, width: 4, height: 4 }, { label: "cam" })).toEqual([
    "cam  4 x 4, 0 to 9",
    "| -*@|",
    "|@*- |",
  ]);
});

test("a large image fits, in its proportions; one hot pixel does not hide the rest; a spot is not averaged away", () => {
  const [width, height] = [640, 480];
  const values = new Uint16Array(width * height).map((_, i) => (i % width) / 10);
  values[5 * width + 5] = 65535;
  const [, ...lines] = pictureLines({ values, width, height }, { width: 64 });
  expect(lines.length).toBe(24);
  expect(lines.every((line) => line.length === 66)).toBe(true);
  expect(lines[0]![1]).toBe("@"); // the hot pixel
  expect(lines[3]!.slice(1, 4)).toBe("   ");
  expect(lines[3]!.at(-2)).toBe("@");
});

test("flat, not finite, one pixel", () => {
  expect(pictureLines({ values: [5, 5], width: 2, height: 1 })).toEqual(["2 x 1, 5 to 5", "|  |"]);
  expect(pictureLines({ values: [Number.NaN, 1], width: 2, height: 1 })[1]).toBe("|? |");
  expect(pictureLines({ values: [Number.NaN], width: 1, height: 1 }, { label: "cam" })).toEqual([
    "cam: no finite pixel",
  ]);
});
