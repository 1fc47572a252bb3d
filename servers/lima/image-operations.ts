// SPDX-License-Identifier: MIT
// What is done to each frame before anyone sees it, in this order: binning, flip, rotation, region of interest.
import { type Frame, imageTypeOf, type Pixels, pixelKinds } from "./frame.ts";

export const rotations = ["NONE", "90", "180", "270"] as const;
export type Rotation = (typeof rotations)[number];

export interface ImageOperations {
  readonly bin: readonly [x: number, y: number];
  readonly binMode: "SUM" | "MEAN";
  readonly flip: readonly [x: boolean, y: boolean];
  readonly rotation: Rotation;
  /** In the frame as it is after the other operations; all zero: the whole of it. */
  readonly roi: readonly [x: number, y: number, width: number, height: number];
}

export const noOperations: ImageOperations = {
  bin: [1, 1],
  binMode: "SUM",
  flip: [false, false],
  rotation: "NONE",
  roi: [0, 0, 0, 0],
};

/** Size of the final image, `[width, height]`, of a detector of `width` x `height` pixels. */
export function finalSize(width: number, height: number, operations: ImageOperations): readonly [number, number] {
  const [, , w, h] = operations.roi;
  if (w > 0 && h > 0) return [w, h];
  return sizeBeforeRoi(width, height, operations);
}

function sizeBeforeRoi(width: number, height: number, { bin, rotation }: ImageOperations): readonly [number, number] {
  const [w, h] = [Math.floor(width / bin[0]), Math.floor(height / bin[1])];
  return rotation === "90" || rotation === "270" ? [h, w] : [w, h];
}

/** @throws Error saying which operation is impossible on a detector of this size. */
export function checkOperations(width: number, height: number, operations: ImageOperations): void {
  const [bx, by] = operations.bin;
  if (!(Number.isInteger(bx) && Number.isInteger(by) && bx >= 1 && by >= 1 && bx <= width && by <= height))
    throw new Error(`Binning ${bx} x ${by} is impossible on a detector of ${width} x ${height} pixels`);
  const [w, h] = sizeBeforeRoi(width, height, operations);
  const [x, y, rw, rh] = operations.roi;
  if (x === 0 && y === 0 && rw === 0 && rh === 0) return;
  if (rw <= 0 || rh <= 0) throw new Error(`Software roi is empty: <${x},${y}>-<${rw}x${rh}>`);
  if (x < 0 || y < 0 || x + rw > w || y + rh > h)
    throw new Error(
      `Software roi out of limits: <${x},${y}>-<${rw}x${rh}> is not inside the image of ${w}x${h} pixels`,
    );
}

/** Whether frames stay as the camera gives them. */
export const changesNothing = ({ bin, flip, rotation, roi }: ImageOperations): boolean =>
  bin[0] === 1 && bin[1] === 1 && !flip[0] && !flip[1] && rotation === "NONE" && roi[2] === 0;

/** The final frame. The pixels are the given ones when nothing is to be done. */
export function applyOperations(frame: Frame, operations: ImageOperations): Frame {
  let result = frame;
  if (operations.bin[0] > 1 || operations.bin[1] > 1) result = binned(result, operations);
  if (operations.flip[0] || operations.flip[1])
    result = remapped(result, result.width, result.height, flipOf(result, operations));
  if (operations.rotation !== "NONE") result = rotated(result, operations.rotation);
  const [x, y, width, height] = operations.roi;
  if (width > 0 && (x > 0 || y > 0 || width !== result.width || height !== result.height))
    result = remapped(result, width, height, (column, row, source) => (row + y) * source.width + column + x);
  return result;
}

/** Sums saturate at the pixel type's maximum, as in the detector. */
function binned(frame: Frame, { bin, binMode }: ImageOperations): Frame {
  const [bx, by] = bin;
  const [width, height] = [Math.floor(frame.width / bx), Math.floor(frame.height / by)];
  const { create, max } = pixelKinds[imageTypeOf(frame.pixels)];
  const pixels = create(width * height);
  const share = binMode === "MEAN" ? 1 / (bx * by) : 1;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let dy = 0; dy < by; dy++) {
        const start = (row * by + dy) * frame.width + column * bx;
        for (let dx = 0; dx < bx; dx++) sum += frame.pixels[start + dx]!;
      }
      pixels[row * width + column] = Math.min(sum * share, max);
    }
  }
  return { ...frame, width, height, pixels };
}

type SourceIndex = (column: number, row: number, source: Frame) => number;

function remapped(frame: Frame, width: number, height: number, from: SourceIndex): Frame {
  const pixels: Pixels = pixelKinds[imageTypeOf(frame.pixels)].create(width * height);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      pixels[row * width + column] = frame.pixels[from(column, row, frame)]!;
  return { ...frame, width, height, pixels };
}

function flipOf(frame: Frame, { flip }: ImageOperations): SourceIndex {
  return (column, row) =>
    (flip[1] ? frame.height - 1 - row : row) * frame.width + (flip[0] ? frame.width - 1 - column : column);
}

/** Clockwise. */
function rotated(frame: Frame, rotation: Rotation): Frame {
  const { width, height } = frame;
  if (rotation === "180")
    return remapped(frame, width, height, (column, row) => (height - 1 - row) * width + width - 1 - column);
  if (rotation === "90") return remapped(frame, height, width, (column, row) => (height - 1 - column) * width + row);
  return remapped(frame, height, width, (column, row) => column * width + width - 1 - row);
}
