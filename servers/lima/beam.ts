// SPDX-License-Identifier: MIT
// Position and size of a beam in a frame, from its projections; and where its highest pixel is.
import { type Frame, imageTypeOf, pixelKinds } from "./frame.ts";
import type { Region } from "./pipeline/tasks.ts";

export interface Beam {
  /** Pixels; -1 when there is no beam. */
  readonly x: number;
  readonly y: number;
  /** Pixels; 0 when there is no beam. */
  readonly fwhmX: number;
  readonly fwhmY: number;
  /** Sum of the pixels; -1 when there is no beam. */
  readonly intensity: number;
  /** Highest pixel. */
  readonly max: number;
  readonly projectionX: Float64Array;
  readonly projectionY: Float64Array;
}

/** The beam again, from the pixels not further from it than its widths. */
export function closerBeam(frame: Frame, { x, y, fwhmX, fwhmY, ...beam }: Beam): Beam {
  if (beam.intensity < 0) return { ...beam, x, y, fwhmX, fwhmY };
  const [left, right] = [Math.max(0, Math.floor(x - 2 * fwhmX)), Math.min(frame.width, Math.ceil(x + 2 * fwhmX) + 1)];
  const [top, bottom] = [Math.max(0, Math.floor(y - 2 * fwhmY)), Math.min(frame.height, Math.ceil(y + 2 * fwhmY) + 1)];
  const near = beamOf(cut(frame, { x: left, y: top, width: right - left, height: bottom - top }));
  if (near.intensity < 0) return { ...beam, x, y, fwhmX, fwhmY };
  const { projectionX, projectionY } = beam;
  return { ...near, x: near.x + left, y: near.y + top, projectionX, projectionY };
}

/** The part of a frame inside a region, which has to be inside the frame. */
function cut({ pixels, width, ...frame }: Frame, { x, y, width: columns, height: rows }: Region): Frame {
  const inside = pixelKinds[imageTypeOf(pixels)].create(columns * rows);
  for (let row = 0; row < rows; row++) {
    const start = (y + row) * width + x;
    inside.set(pixels.subarray(start, start + columns), row * columns);
  }
  return { ...frame, width: columns, height: rows, pixels: inside };
}

export function beamOf({ pixels, width, height }: Frame): Beam {
  const projectionX = new Float64Array(width);
  const projectionY = new Float64Array(height);
  let intensity = 0;
  let max = Number.NEGATIVE_INFINITY;
  for (let row = 0, i = 0; row < height; row++) {
    let line = 0;
    for (let column = 0; column < width; column++, i++) {
      const value = pixels[i] as number;
      line += value;
      projectionX[column] = (projectionX[column] as number) + value;
      if (value > max) max = value;
    }
    projectionY[row] = line;
    intensity += line;
  }
  const across = peakOf(projectionX);
  const along = peakOf(projectionY);
  if (!across || !along) return { ...none, max, projectionX, projectionY };
  const { position: x, fwhm: fwhmX } = across;
  const { position: y, fwhm: fwhmY } = along;
  return { x, y, fwhmX, fwhmY, intensity, max, projectionX, projectionY };
}

const none = { x: -1, y: -1, fwhmX: 0, fwhmY: 0, intensity: -1 };

/** Centre of mass and full width of what stands above half the height of a projection; undefined for a flat one. */
export function peakOf(projection: Float64Array): { readonly position: number; readonly fwhm: number } | undefined {
  const at = (i: number) => projection[i] as number;
  let top = 0;
  let base = Number.POSITIVE_INFINITY;
  for (let i = 0; i < projection.length; i++) {
    if (at(i) > at(top)) top = i;
    if (at(i) < base) base = at(i);
  }
  if (projection.length === 0 || at(top) === base) return undefined;
  const half = (at(top) + base) / 2;
  let left = top;
  while (left > 0 && at(left - 1) >= half) left--;
  let right = top;
  while (right < projection.length - 1 && at(right + 1) >= half) right++;
  let [sum, moment] = [0, 0];
  for (let i = left; i <= right; i++) {
    sum += at(i) - base;
    moment += i * (at(i) - base);
  }
  // Where the flanks cross half the height, between pixels.
  const from = left > 0 ? left - (at(left) - half) / (at(left) - at(left - 1)) : left;
  const to = right < projection.length - 1 ? right + (at(right) - half) / (at(right) - at(right + 1)) : right;
  return { position: moment / sum, fwhm: to - from };
}

/** The highest pixel (the first of several) where the mask is not 0; `radius` pixels around it are weighed when one is given. */
export function highestPixel(
  { pixels, width, height }: Frame,
  radius = 0,
  mask?: Uint8Array,
): { readonly x: number; readonly y: number } {
  let top = -1;
  for (let i = 0; i < pixels.length; i++)
    if (mask?.[i] !== 0 && (top < 0 || (pixels[i] as number) > (pixels[top] as number))) top = i;
  if (top < 0) return { x: -1, y: -1 };
  const [x, y] = [top % width, Math.floor(top / width)];
  if (radius === 0) return { x, y };
  let [sum, byX, byY] = [0, 0, 0];
  for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row++)
    for (let column = Math.max(0, x - radius); column <= Math.min(width - 1, x + radius); column++) {
      const at = row * width + column;
      if (mask && mask[at] === 0) continue;
      const value = pixels[at] as number;
      sum += value;
      byX += value * column;
      byY += value * row;
    }
  return sum > 0 ? { x: byX / sum, y: byY / sum } : { x, y };
}
