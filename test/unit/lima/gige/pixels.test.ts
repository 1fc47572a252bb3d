// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { imageSize } from "../../../../servers/lima/gige/block.ts";
import { takePicture } from "../../../../servers/lima/gige/emulator/picture.ts";
import type { Leader } from "../../../../servers/lima/gige/gvsp.ts";
import { pixelFormats } from "../../../../servers/lima/gige/pixel-format-table.ts";
import { unpackPicture } from "../../../../servers/lima/gige/pixels.ts";

const unpackPixels = (leader: Leader, data: Uint8Array<ArrayBuffer>) => unpackPicture(leader, data).pixels;
const codeOf = (name: string) => pixelFormats.find((format) => format.name === name)?.code ?? 0;
const leaderOf = (name: string, width: number, height: number, paddingX = 0): Leader => ({
  ...{ kind: "leader", block: 1n, extended: false, packet: 0, timestamp: 0n, pixelFormat: codeOf(name) },
  ...{ width, height, offsetX: 0, offsetY: 0, paddingX, paddingY: 0 },
});

// Values that use every bit; bytes as the GigE Vision and PFNC documents draw them.
test.each([
  ["Mono8", [0x12, 0xff], "12ff"],
  ["Mono10", [0x3a5, 0x001], "a5030100"],
  ["Mono12", [0xabc, 0x001], "bc0a0100"],
  ["Mono16", [0xabcd, 0x0001], "cdab0100"],
  ["Mono12Packed", [0xabc, 0x123], "ab3c12"],
  ["Mono10Packed", [0b1010101011, 0b1100110001], "aa13cc"],
  ["Mono12p", [0xabc, 0x123], "bc3a12"],
  ["Mono10p", [0x3a5, 0x001, 0x200, 0x155], "a507006055"],
  ["BayerRG8", [1, 2], "0102"],
  ["BayerGR12Packed", [0xabc, 0x123], "ab3c12"],
  ["BayerBG10p", [0x3a5, 0x001, 0x200, 0x155], "a507006055"],
  ["RGB8", [76, 150, 29, 255], "ff000000ff000000ffffffff"],
  ["BGR8", [29, 76], "ff00000000ff"],
  ["RGBa8", [76, 150], "ff00000700ff0007"],
  ["YUV422Packed", [1, 2, 3, 4], "80018002 81038204"],
  ["YUV422_8", [1, 2, 3, 4], "01800280 03810482"],
  ["YUV411Packed", [1, 2, 3, 4], "800102810304"],
  ["YUV444Packed", [1, 2], "800182 810283"],
])("%s", (name, values, hex) => {
  const data = new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
  const leader = leaderOf(name, values.length, 1);
  expect(imageSize(leader)).toBe(data.length);
  expect(Array.from(unpackPixels(leader, data))).toEqual(values);
});

test("an odd number of packed pixels", () => {
  expect(Array.from(unpackPixels(leaderOf("Mono12Packed", 3, 1), Uint8Array.of(0xab, 0x3c, 0x12, 0xff, 0x0e)))).toEqual(
    [...[0xabc, 0x123, 0xffe]],
  );
});

test("lines with bytes behind them, even where those are odd", () => {
  expect(Array.from(unpackPixels(leaderOf("Mono8", 2, 2, 2), Uint8Array.of(1, 2, 9, 9, 3, 4, 9, 9)))).toEqual([
    1, 2, 3, 4,
  ]);
  expect(Array.from(unpackPixels(leaderOf("Mono16", 1, 2, 1), Uint8Array.of(1, 0, 9, 2, 0, 9)))).toEqual([1, 2]);
});

test.each([
  ["Mono8", undefined, ""],
  ["BayerRG8", "BAYER_RG8", "0a0b0c0d"],
  ["BayerGB8", undefined, ""],
  ["BayerBG12", "BAYER_BG16", "0a0b0c0d0a0b0c0d"],
  ["RGB8", "RGB24", "0a0b0c0d0a0b0c0d0a0b0c0d"],
  ["BGRa8", "BGR32", "0a0b0c0d0a0b0c0d0a0b0c0d0a0b0c0d"],
  ["YUV422Packed", "YUV422PACKED", "0a0b0c0d0a0b0c0d"],
  ["YUYVPacked", "YUV422PACKED", "0b0a0d0c0b0a0d0c"],
  ["YUV411_8_UYYVYY", "YUV411PACKED", "0a0b0c0d0a0b"],
])("%s as a live picture: %s", (name, mode, hex) => {
  const data = new Uint8Array(Buffer.from("0a0b0c0d".repeat(4), "hex"));
  const { video } = unpackPicture(leaderOf(name, 4, 1), data);
  expect([video?.mode, Buffer.from(video?.data ?? []).toString("hex")]).toEqual([mode, hex]);
});

test("unknown formats are refused by number", () => {
  const leader = { ...leaderOf("Mono8", 1, 1), pixelFormat: 0x02180099 };
  expect(() => unpackPixels(leader, new Uint8Array(3))).toThrow("pixel format 0x02180099 is not read here");
});

test.each(pixelFormats.filter(({ name }) => name.startsWith("Mono")).map(({ name, code }) => [name, code]))(
  "the emulated camera packs what is unpacked here: %s",
  (name, pixelFormat) => {
    const view = { width: 9, height: 3, offsetX: 1000, offsetY: 3000, pixelFormat };
    const pixels = unpackPixels(leaderOf(name, 9, 3), takePicture(view, 5));
    const mask = 2 ** (pixelFormats.find((format) => format.name === name)?.depth ?? 0) - 1;
    expect(Array.from(pixels)).toEqual(
      Array.from({ length: 27 }, (_, i) => (4005 + (i % 9) + Math.floor(i / 9)) & mask),
    );
  },
);
