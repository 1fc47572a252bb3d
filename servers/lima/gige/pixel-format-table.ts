// SPDX-License-Identifier: MIT
// Pixel formats of the Pixel Format Naming Convention that can be read, and how their pixels lie in memory.
import type { ImageType } from "../frame.ts";
import type { VideoMode } from "../video-mode-table.ts";

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
  readonly layout: "whole" | "packed" | "dense" | ColourLayout;
  /** How LIMA calls it as a live picture; without it the picture is grey. */
  readonly video?: VideoMode;
}

/** Colours of 8 bits each, in groups of `bytes` bytes. */
export type ColourLayout = { readonly bytes: number } & (
  | { readonly red: number; readonly green: number; readonly blue: number }
  /** Where the brightness of each pixel of the group is; `swap`: the bytes of the picture are turned around in pairs. */
  | { readonly brightness: readonly number[]; readonly swap?: true }
);

const format = (name: string, code: number, depth: number, layout: PixelFormat["layout"] = "whole"): PixelFormat => ({
  ...{ name, code, depth, layout },
  imageType: depth === 8 ? "Bpp8" : "Bpp16",
});

/** The four ways a colour filter's pixels may begin, by the last digits of their numbers. LIMA knows two of them. */
const bayer = (
  suffix: string,
  depth: number,
  layout: "whole" | "packed" | "dense",
  codes: Readonly<Record<"GR" | "RG" | "GB" | "BG", number>>,
): PixelFormat[] =>
  Object.entries(codes).map(([order, code]) => ({
    ...format(`Bayer${order}${suffix}`, code, depth, layout),
    ...((order === "RG" || order === "BG") && { video: `BAYER_${order}${depth === 8 ? 8 : 16}` as const }),
  }));

/** The names of SFNC 1 and 2. */
const colour = (names: readonly string[], code: number, video: VideoMode, layout: ColourLayout): PixelFormat[] =>
  names.map((name) => ({ ...format(name, code, 8, layout), video }));

/** A colour filter's pixels are given as they are: one value a pixel. Of colours the brightness is given. */
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
  ...bayer("8", 8, "whole", { GR: 0x01080008, RG: 0x01080009, GB: 0x0108000a, BG: 0x0108000b }),
  ...bayer("10", 10, "whole", { GR: 0x0110000c, RG: 0x0110000d, GB: 0x0110000e, BG: 0x0110000f }),
  ...bayer("12", 12, "whole", { GR: 0x01100010, RG: 0x01100011, GB: 0x01100012, BG: 0x01100013 }),
  ...bayer("10Packed", 10, "packed", { GR: 0x010c0026, RG: 0x010c0027, GB: 0x010c0028, BG: 0x010c0029 }),
  ...bayer("12Packed", 12, "packed", { GR: 0x010c002a, RG: 0x010c002b, GB: 0x010c002c, BG: 0x010c002d }),
  ...bayer("10p", 10, "dense", { GR: 0x010a0056, RG: 0x010a0058, GB: 0x010a0054, BG: 0x010a0052 }),
  ...bayer("12p", 12, "dense", { GR: 0x010c0057, RG: 0x010c0059, GB: 0x010c0055, BG: 0x010c0053 }),
  ...bayer("16", 16, "whole", { GR: 0x0110002e, RG: 0x0110002f, GB: 0x01100030, BG: 0x01100031 }),
  ...colour(["RGB8", "RGB8Packed"], 0x02180014, "RGB24", { bytes: 3, red: 0, green: 1, blue: 2 }),
  ...colour(["BGR8", "BGR8Packed"], 0x02180015, "BGR24", { bytes: 3, red: 2, green: 1, blue: 0 }),
  ...colour(["RGBa8", "RGBA8Packed"], 0x02200016, "RGB32", { bytes: 4, red: 0, green: 1, blue: 2 }),
  ...colour(["BGRa8", "BGRA8Packed"], 0x02200017, "BGR32", { bytes: 4, red: 2, green: 1, blue: 0 }),
  ...colour(["YUV411_8_UYYVYY", "YUV411Packed"], 0x020c001e, "YUV411PACKED", { bytes: 6, brightness: [1, 2, 4, 5] }),
  ...colour(["YUV422_8_UYVY", "YUV422Packed"], 0x0210001f, "YUV422PACKED", { bytes: 4, brightness: [1, 3] }),
  ...colour(["YUV422_8", "YUYVPacked", "YUV422_YUYV_Packed"], 0x02100032, "YUV422PACKED", {
    ...{ bytes: 4, brightness: [0, 2], swap: true },
  }),
  ...colour(["YUV8_UYV", "YUV444Packed"], 0x02180020, "YUV444PACKED", { bytes: 3, brightness: [1] }),
]; // biome-ignore format: a table

/** Bits a pixel takes, which every format's number says. */
export const bitsOfFormat = (code: number): number => (code >> 16) & 0xff;

/** @throws Error for a format that is not read here. */
export function pixelFormatOf(code: number): PixelFormat {
  const found = pixelFormats.find((each) => each.code === code);
  if (found) return found;
  throw new Error(
    `pixel format 0x${code.toString(16).padStart(8, "0")} is not read here: set a Mono, Bayer, RGB or YUV format`,
  );
}
