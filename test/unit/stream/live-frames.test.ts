// SPDX-License-Identifier: MIT
// Frames as detector servers give them: DATA_ARRAY of Lima (header of 80 bytes) and of lima2 (64 bytes, channels), SPARSE_FRAME.
import { describe, expect, test } from "vitest";
import { decodeFrame } from "../../../writers/stream/read/live-frames.ts";

interface Header {
  readonly size: number;
  readonly type: number;
  readonly dimensions: readonly number[];
}
function dataArray({ size, type, dimensions }: Header, pixels: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(size + pixels.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x44544159, true);
  view.setUint16(4, 4, true);
  view.setUint16(6, size, true);
  view.setUint32(8, 2, true);
  view.setUint32(12, type, true);
  view.setUint16(18, dimensions.length, true);
  for (const [index, length] of dimensions.entries()) view.setUint16(20 + 2 * index, length, true);
  bytes.set(pixels, size);
  return bytes;
}
const pixels = Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 255, 255);
const lima = dataArray({ size: 80, type: 1, dimensions: [3, 2] }, pixels);
const array = (data: Uint8Array) => decodeFrame({ format: "DATA_ARRAY", data });

describe("DATA_ARRAY", () => {
  test("of Lima: the width comes first", () => {
    expect(array(lima)).toEqual({
      kind: "numeric",
      dtype: "<u2",
      shape: [2, 3],
      data: Uint16Array.of(1, 2, 3, 4, 5, 65_535),
    });
  });
  test("of lima2 has channels", () => {
    const frame = array(dataArray({ size: 64, type: 5, dimensions: [3, 2, 1] }, pixels));
    expect(frame).toMatchObject({ dtype: "<i2", shape: [1, 2, 3], data: Int16Array.of(1, 2, 3, 4, 5, -1) });
  });
  test("may lie anywhere in a reply", () => {
    const reply = new Uint8Array(lima.length + 3);
    reply.set(lima, 3);
    expect(array(reply.subarray(3)).data).toEqual(Uint16Array.of(1, 2, 3, 4, 5, 65_535));
  });
  test("cut anywhere is refused", () => {
    for (let length = 0; length < lima.length; length++) expect(() => array(lima.slice(0, length))).toThrow(TypeError);
  });
  test.each([
    ["another first byte", 0, 0],
    ["an unknown type", 12, 10],
    ["big-endian pixels", 16, 1],
    ["no dimensions", 18, 0],
    ["too many dimensions", 18, 7],
    ["pixels inside the header", 6, 31],
  ])("with %s is refused", (_what, at, value) => {
    const wrong = lima.slice();
    wrong[at] = value;
    expect(() => array(wrong)).toThrow(TypeError);
  });
});

describe("SPARSE_FRAME", () => {
  const sparse = new Uint8Array(12 + 2 * 6);
  const view = new DataView(sparse.buffer);
  for (const [at, value] of [[0, 3], [2, 2], [4, 2]] as const) view.setUint16(at, value, true); // biome-ignore format: one table
  for (const [at, value] of [[12, 5], [16, 1]] as const) view.setInt32(at, value, true); // biome-ignore format: one table
  for (const [at, value] of [[20, 700], [22, 9]] as const) view.setUint16(at, value, true); // biome-ignore format: one table
  test("becomes a whole frame", () => {
    expect(decodeFrame({ format: "SPARSE_FRAME", data: sparse })).toEqual({
      ...{ kind: "numeric", dtype: "<u2", shape: [2, 3], data: Uint16Array.of(0, 9, 0, 0, 0, 700) },
    });
  });
  test("cut anywhere is refused; a pixel that is outside is left out", () => {
    for (let length = 0; length < sparse.length; length++)
      expect(() => decodeFrame({ format: "SPARSE_FRAME", data: sparse.slice(0, length) })).toThrow(TypeError);
    const outside = sparse.slice();
    outside[12] = 200;
    expect(decodeFrame({ format: "SPARSE_FRAME", data: outside }).data).toEqual(Uint16Array.of(0, 9, 0, 0, 0, 0));
  });

  test("that claims a size no detector has is refused before memory is taken for it", () => {
    const claims = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0);
    expect(() => decodeFrame({ format: "SPARSE_FRAME", data: claims })).toThrow("65535 x 65535 pixels, more than");
  });
});

test("another format is named", () => {
  expect(() => decodeFrame({ format: "JPEG", data: lima })).toThrow(/"JPEG" cannot be read/);
});
