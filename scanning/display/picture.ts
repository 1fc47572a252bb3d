// SPDX-License-Identifier: MIT
// An image in characters: two rows of pixels a line, dark to bright.
import type { Picture } from "../protocols.ts";
import { written } from "./numbers.ts";

export interface PictureOptions {
  /** Characters; the height follows from the image's shape. */
  readonly width?: number;
  /** Lines at most. */
  readonly height?: number;
  readonly label?: string;
}

/** Dark to bright. */
const ramp = " .:-=+*#%@";
/** A character is about twice as high as wide. */
const aspect = 2;
/** Of the pixels: darker ones are darkest, brighter ones brightest, so that one hot pixel does not hide all others. */
const [darkest, brightest] = [0.01, 0.995];

/** The largest value of the pixels under each character: a small spot is not averaged away. */
export function pictureLines({ values, width, height }: Picture, options: PictureOptions = {}): string[] {
  const { width: most = 64, height: lines = 24, label = "" } = options;
  const scale = Math.max(width / most, height / aspect / lines, 1);
  const [columns, rows] = [Math.max(1, Math.floor(width / scale)), Math.max(1, Math.floor(height / scale / aspect))];
  const sorted = Float64Array.from(values).filter(Number.isFinite).toSorted();
  if (sorted.length === 0) return [`${label}: no finite pixel`];
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
  const [low, high] = [at(darkest), at(brightest)];
  const shade = (value: number) => {
    const part = high > low ? (value - low) / (high - low) : 0;
    return Number.isFinite(value) ? ramp[Math.max(0, Math.min(ramp.length - 1, Math.floor(part * ramp.length)))]! : "?";
  };
  const drawn = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) =>
      shade(largest({ values, width, height }, row / rows, (row + 1) / rows, column / columns, (column + 1) / columns)),
    ).join(""),
  );
  const about = `${width} x ${height}, ${shown(sorted[0]!)} to ${shown(sorted.at(-1)!)}`;
  return [`${label === "" ? "" : `${label}  `}${about}`, ...drawn.map((line) => `|${line}|`)];
}

const shown = (value: number) => written(value, { whole: Number.isInteger(value) });

/** Within parts of the height and width. */
function largest({ values, width, height }: Picture, top: number, bottom: number, left: number, right: number): number {
  let most = Number.NaN;
  const [firstRow, firstColumn] = [Math.floor(top * height), Math.floor(left * width)];
  for (let y = firstRow; y < Math.max(firstRow + 1, Math.floor(bottom * height)); y++)
    for (let x = firstColumn; x < Math.max(firstColumn + 1, Math.floor(right * width)); x++) {
      const value = values[y * width + x]!;
      if (!(value <= most)) most = value;
    }
  return most;
}
