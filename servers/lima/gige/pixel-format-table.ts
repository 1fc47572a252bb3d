// SPDX-License-Identifier: MIT
// Pixel formats of the Pixel Format Naming Convention that can be read, and how their pixels lie in memory.
import type { ImageType } from "../frame.ts";

export interface PixelFormat {
  readonly name: string;
  readonly code: number;
  readonly imageType: ImageType;
  /** Bits that carry the value. */
  readonly depth: number;
  /**
   * whole: one pixel in 8 or 16 bits, little-endian. packed: GigE Vision's, two pixels in three bytes (first pixel's high
   * bits, both pixels' low bits, second pixel's high bits). dense: PFNC's, pixels follow each other bit by bit, lowest first.
   */
  readonly layout: "whole" | "packed" | "dense";
}

const format = (name: string, code: number, depth: number, layout: PixelFormat["layout"] = "whole"): PixelFormat => ({
  ...{ name, code, depth, layout },
  imageType: depth === 8 ? "Bpp8" : "Bpp16",
});

/** A colour filter's pixels are given as they are: one value a pixel. */
export const pixelFormats: readonly PixelFormat[] = [
  format("Mono8", 0x01080001, 8),
  format("Mono10", 0x01100003, 10),
  format("Mono10Packed", 0x010c0004, 10, "packed"),
  format("Mono10p", 0x010a0046, 10, "dense"),
  format("Mono12", 0x01100005, 12),
  format("Mono12Packed", 0x010c0006, 12, "packed"),
  format("Mono12p", 0x010c0047, 12, "dense"),
  format("Mono14", 0x01100025, 14),
  format("Mono16", 0x01100007, 16),
  format("BayerGR8", 0x01080008, 8),
  format("BayerRG8", 0x01080009, 8),
  format("BayerGB8", 0x0108000a, 8),
  format("BayerBG8", 0x0108000b, 8),
  format("BayerGR10", 0x0110000c, 10),
  format("BayerRG10", 0x0110000d, 10),
  format("BayerGB10", 0x0110000e, 10),
  format("BayerBG10", 0x0110000f, 10),
  format("BayerGR12", 0x01100010, 12),
  format("BayerRG12", 0x01100011, 12),
  format("BayerGB12", 0x01100012, 12),
  format("BayerBG12", 0x01100013, 12),
  format("BayerGR16", 0x0110002e, 16),
  format("BayerRG16", 0x0110002f, 16),
  format("BayerGB16", 0x01100030, 16),
  format("BayerBG16", 0x01100031, 16),
];

/** Bits a pixel takes, which every format's number says. */
export const bitsOfFormat = (code: number): number => (code >> 16) & 0xff;

/** @throws Error for a format that is not read here. */
export function pixelFormatOf(code: number): PixelFormat {
  const found = pixelFormats.find((each) => each.code === code);
  if (found) return found;
  throw new Error(`pixel format 0x${code.toString(16).padStart(8, "0")} is not read here: set a Mono or Bayer format`);
}
