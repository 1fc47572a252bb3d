// SPDX-License-Identifier: MIT
// Frames as pictures for people: values spread over 256 levels, grey or coloured, as JPEG.
import type { Frame, Pixels } from "./frame.ts";
import { encodeJpeg } from "./jpeg/encode.ts";

export interface PictureStyle {
  /** Values that are black and white; undefined: those of the frame. */
  readonly range: readonly [min: number, max: number] | undefined;
  readonly levels: "LINEAR" | "LOG";
  /** Blue to red instead of black to white. */
  readonly coloured: boolean;
  /** 1 to 100. */
  readonly quality: number;
}

export function jpegOf({ pixels, width, height }: Frame, style: PictureStyle): Uint8Array {
  const grey = levelsOf(pixels, style);
  if (!style.coloured) return encodeJpeg({ width, height, planes: [grey] }, style.quality);
  const plane = (map: Uint8Array) => grey.map((level) => map[level] as number);
  const [y, cb, cr] = rainbow;
  return encodeJpeg({ width, height, planes: [plane(y), plane(cb), plane(cr)] }, style.quality);
}

/** 0 for the lower end of the range or what is below it, 255 for the upper end. */
export function levelsOf(pixels: Pixels, { range, levels }: Pick<PictureStyle, "range" | "levels">): Uint8Array {
  const [min, max] = range ?? extent(pixels);
  const out = new Uint8Array(pixels.length);
  const span = Math.max(max - min, 1e-12);
  const factor = levels === "LOG" ? 255 / Math.log1p(span) : 255 / span;
  for (let i = 0; i < out.length; i++) {
    const above = Math.min(Math.max((pixels[i] as number) - min, 0), span);
    out[i] = levels === "LOG" ? factor * Math.log1p(above) : factor * above;
  }
  return out;
}

function extent(pixels: Pixels): readonly [min: number, max: number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i] as number;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}

/** By level: brightness and colour differences of a map from blue over green to red. */
const rainbow = yCbCr(
  Array.from({ length: 256 }, (_, level) => {
    const part = (centre: number) => 255 * Math.min(Math.max(1.5 - Math.abs((4 * level) / 255 - centre), 0), 1);
    return [part(3), part(2), part(1)] as const;
  }),
);

function yCbCr(colours: readonly (readonly [red: number, green: number, blue: number])[]) {
  const plane = (r: number, g: number, b: number, offset: number) =>
    Uint8Array.from(colours, ([red, green, blue]) => Math.round(r * red + g * green + b * blue + offset));
  return [
    plane(0.299, 0.587, 0.114, 0),
    plane(-0.168736, -0.331264, 0.5, 128),
    plane(0.5, -0.418688, -0.081312, 128),
  ] as const;
}
