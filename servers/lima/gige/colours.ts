// SPDX-License-Identifier: MIT
// Images of cameras that see colours: how bright each pixel is, and the picture as LIMA's video modes have it.
import type { ColourLayout } from "./pixel-format-table.ts";

/** `count` pixels. Brightness of red, green and blue as ITU-R BT.601 weighs them. */
export function colourPixels(
  layout: ColourLayout,
  data: Uint8Array<ArrayBuffer>,
  count: number,
): { readonly pixels: Uint8Array<ArrayBuffer>; readonly picture: Uint8Array<ArrayBuffer> } {
  const pixels = new Uint8Array(count);
  if ("red" in layout) {
    const { bytes, red, green, blue } = layout;
    for (let i = 0, at = 0; i < count; i++, at += bytes) {
      const [r, g, b] = [data[at + red] as number, data[at + green] as number, data[at + blue] as number];
      pixels[i] = (r * 19595 + g * 38470 + b * 7471 + 0x8000) >>> 16;
    }
    return { pixels, picture: data.subarray(0, count * bytes) };
  }
  const { bytes, brightness, swap } = layout;
  const each = brightness.length;
  for (let place = 0; place < each; place++)
    for (let i = place, at = brightness[place] as number; i < count; i += each, at += bytes)
      pixels[i] = data[at] as number;
  const picture = data.subarray(0, (count / each) * bytes);
  return { pixels, picture: swap ? inPairsTurned(picture) : picture };
}

const inPairsTurned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const turned = new Uint8Array(bytes);
  Buffer.from(turned.buffer).swap16();
  return turned;
};
