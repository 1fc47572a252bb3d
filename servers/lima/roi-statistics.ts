// SPDX-License-Identifier: MIT
// A region of interest and what its pixels come to.
import type { Frame } from "./frame.ts";

export type Roi =
  | {
      readonly kind: "rectangle";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    }
  /** A part of a ring: centre and radii in pixels, angles in degrees from x towards y. */
  | {
      readonly kind: "arc";
      readonly x: number;
      readonly y: number;
      readonly r1: number;
      readonly r2: number;
      readonly a1: number;
      readonly a2: number;
    };

export interface RoiStatistics {
  readonly sum: number;
  readonly average: number;
  /** Of the population. */
  readonly std: number;
  readonly min: number;
  readonly max: number;
}

/** Over the pixels of the region inside the frame and not excluded by the mask (0 = excluded). An empty region gives zeros. */
export function roiStatistics(frame: Frame, roi: Roi, mask?: Uint8Array): RoiStatistics {
  const { pixels, width } = frame;
  const [left, top, right, bottom] = bounds(frame, roi);
  const inside = roi.kind === "arc" ? arcTest(roi) : undefined;
  let count = 0;
  let sum = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let row = top; row < bottom; row++) {
    for (let i = row * width + left, column = left; column < right; column++, i++) {
      if ((inside && !inside(column, row)) || (mask && mask[i] === 0)) continue;
      const value = pixels[i]!;
      count++;
      sum += value;
      squares += value * value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  if (count === 0) return { sum: 0, average: 0, std: 0, min: 0, max: 0 };
  const average = sum / count;
  return { sum, average, std: Math.sqrt(Math.max(0, squares / count - average * average)), min, max };
}

function bounds(frame: Frame, roi: Roi): readonly [number, number, number, number] {
  const clip = (value: number, max: number) => Math.min(Math.max(Math.floor(value), 0), max);
  if (roi.kind === "rectangle")
    return [
      clip(roi.x, frame.width),
      clip(roi.y, frame.height),
      clip(roi.x + roi.width, frame.width),
      clip(roi.y + roi.height, frame.height),
    ];
  const r = Math.max(roi.r1, roi.r2);
  return [
    clip(roi.x - r, frame.width),
    clip(roi.y - r, frame.height),
    clip(roi.x + r + 1, frame.width),
    clip(roi.y + r + 1, frame.height),
  ];
}

function arcTest({ x, y, r1, r2, a1, a2 }: Extract<Roi, { kind: "arc" }>): (column: number, row: number) => boolean {
  const [inner, outer] = [Math.min(r1, r2) ** 2, Math.max(r1, r2) ** 2];
  const span = (((a2 - a1) % 360) + 360) % 360 || 360;
  return (column, row) => {
    const [dx, dy] = [column - x, row - y];
    const r = dx * dx + dy * dy;
    if (r < inner || r > outer) return false;
    const angle = (Math.atan2(dy, dx) * 180) / Math.PI;
    return (((angle - a1) % 360) + 360) % 360 <= span;
  };
}
