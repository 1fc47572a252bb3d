// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { imageSize } from "../../../../servers/lima/gige/block.ts";
import { takePicture } from "../../../../servers/lima/gige/emulator/picture.ts";
import type { Leader } from "../../../../servers/lima/gige/gvsp.ts";
import { pixelFormats } from "../../../../servers/lima/gige/pixel-format-table.ts";
import { unpackPixels } from "../../../../servers/lima/gige/pixels.ts";

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
])("%s", (name, values, hex) => {
  const data = new Uint8Array(Buffer.from(hex, "hex"));
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

test("colour and unknown formats are refused by number", () => {
  const leader = { ...leaderOf("Mono8", 1, 1), pixelFormat: 0x02180014 };
  expect(() => unpackPixels(leader, new Uint8Array(3))).toThrow("pixel format 0x02180014 is not read here");
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
