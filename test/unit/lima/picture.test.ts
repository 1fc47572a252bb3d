// SPDX-License-Identifier: MIT
// readImage's answer as an image, from bytes laid out by hand: DATA_ARRAY of Lima, little- and big-endian pixels.
import { expect, test } from "vitest";
import { pictureOf } from "../../../devices/lima/picture.ts";

/** magic, version, header size, category, type, endian, dimensions, sizes; then the pixels. */
function dataArray(
  type: number,
  endian: number,
  size: readonly [number, number],
  pixels: readonly number[],
): Uint8Array {
  const header = [
    ...[0x59, 0x41, 0x54, 0x44, 4, 0, 80, 0, 2, 0, 0, 0, type, 0, 0, 0, endian, 0, 2, 0],
    ...[size[0], 0, size[1], 0],
  ];
  return Uint8Array.from([...header, ...Array(80 - header.length).fill(0), ...pixels]);
}

test("pixels of both byte orders, signed and not, and float", () => {
  expect(pictureOf(dataArray(1, 0, [2, 1], [1, 2, 3, 4]))).toEqual({
    ...{ width: 2, height: 1 },
    values: Float64Array.of(0x0201, 0x0403),
  });
  expect(pictureOf(dataArray(1, 1, [1, 1], [1, 2])).values).toEqual(Float64Array.of(0x0102));
  expect(pictureOf(dataArray(4, 0, [2, 1], [255, 1])).values).toEqual(Float64Array.of(-1, 1));
  expect(pictureOf(dataArray(8, 0, [1, 1], [0, 0, 128, 63])).values).toEqual(Float64Array.of(1));
});

test("too few bytes, an unknown type, something else", () => {
  expect(() => pictureOf(dataArray(1, 0, [2, 2], [1, 2]))).toThrow("readImage gave 82 bytes for 2 x 2 pixels");
  expect(() => pictureOf(dataArray(77, 0, [1, 1], [1]))).toThrow("unknown type 77");
  expect(() => pictureOf(Uint8Array.of(1, 2, 3))).toThrow("no DATA_ARRAY");
});
