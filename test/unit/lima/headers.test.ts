// SPDX-License-Identifier: MIT
// The headers in which images leave the server, byte by byte, written down from the layouts of LIMA's documentation.
import { expect, test } from "vitest";
import { dataArray, dataArrayParts, videoImage } from "../../../servers/lima/data-array.ts";
import { type Frame, type ImageType, pixelKinds } from "../../../servers/lima/frame.ts";

const frameOf = (type: ImageType, index = 7): Frame => {
  const pixels = pixelKinds[type].create(6);
  pixels.set([1, 2, 3, 4, 5, 6]);
  return { index, width: 3, height: 2, pixels, time: 0 };
};
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const spaced = (text: string) => text.replaceAll(/\s/g, "");

test("DATA_ARRAY of one frame", () => {
  const { format, data } = dataArray(frameOf("Bpp16"), 0xffffffffn);
  expect(format).toBe("DATA_ARRAY");
  expect(hex(data)).toBe(
    spaced(`
      59415444 0400 5000 02000000 01000000 0000 0200
      0300 0200 0000 0000 0000 0000
      02000000 06000000 00000000 00000000 00000000 00000000
      0700000000000000 ffffffff00000000 0000000000000000
      0100 0200 0300 0400 0500 0600`),
  );
});

test("DATA_ARRAY of a stack: the number of its first frame, a third dimension", () => {
  const frames = [frameOf("Bpp32S", 258), frameOf("Bpp32S", 259)] as const;
  const { parts } = dataArrayParts(frames, 0x1_0000_0002n);
  expect(parts.slice(1).map(({ buffer }) => buffer)).toEqual(frames.map(({ pixels }) => pixels.buffer));
  const data = Buffer.concat(parts);
  expect(hex(data.subarray(0, 80))).toBe(
    spaced(`
      59415444 0400 5000 04000000 06000000 0000 0300
      0300 0200 0200 0000 0000 0000
      04000000 0c000000 18000000 00000000 00000000 00000000
      0201000000000000 0200000001000000 0000000000000000`),
  );
  expect(data.length).toBe(80 + 2 * 24);
});

test.each([
  ["Bpp8", 0, 1], ["Bpp16", 1, 2], ["Bpp32", 2, 4], ["Bpp8S", 4, 1], ["Bpp16S", 5, 2], ["Bpp32S", 6, 4], ["Bpp32F", 8, 4],
] as const)("DATA_ARRAY calls pixels of type %s %i", (type, number, bytes) => {
  const view = new DataView(dataArray(frameOf(type), 0n).data.buffer);
  expect([view.getUint32(12, true), view.getUint32(32, true)]).toEqual([number, bytes]);
}); // biome-ignore format: a list

test.each([
  ["Bpp8", "0000", "010203040506"],
  ["Bpp16", "0001", "010002000300040005000600"],
  ["Bpp32", "0002", "010000000200000003000000040000000500000006000000"],
] as const)("VIDEO_IMAGE of %s: a big-endian header, little-endian pixels", (type, mode, pixels) => {
  const { format, data } = videoImage(frameOf(type));
  expect(format).toBe("VIDEO_IMAGE");
  expect(hex(data)).toBe(
    spaced(`5644454f 0001 ${mode} 0000000000000007 00000003 00000002 0000 0020 0000 0000 ${pixels}`),
  );
});

test("VIDEO_IMAGE without a frame: number -1, no size, no pixels", () => {
  expect(hex(videoImage(undefined).data)).toBe(
    spaced("5644454f 0001 0000 ffffffffffffffff 00000000 00000000 0000 0020 0000 0000"),
  );
});
