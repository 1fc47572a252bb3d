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
  if (operations.flip[0] || operations.flip[1]) result = walked(result, flipped(result, operations.flip));
  if (operations.rotation !== "NONE") result = walked(result, turned(result, operations.rotation));
  const [x, y, width, height] = operations.roi;
  if (width > 0 && (x > 0 || y > 0 || width !== result.width || height !== result.height))
    result = walked(result, { width, height, start: y * result.width + x, right: 1, down: result.width });
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

/** A new frame whose pixels are found in the old one step by step. */
interface Walk {
  readonly width: number;
  readonly height: number;
  /** Where the first pixel is in the old frame, and how far it is to the next one to the right and in the line below. */
  readonly start: number;
  readonly right: number;
  readonly down: number;
}

function walked(frame: Frame, { width, height, start, right, down }: Walk): Frame {
  const { pixels: source } = frame;
  const pixels: Pixels = pixelKinds[imageTypeOf(source)].create(width * height);
  for (let row = 0, to = 0; row < height; row++) {
    const from = start + row * down;
    if (right === 1) pixels.set(source.subarray(from, from + width), to);
    else for (let column = 0; column < width; column++) pixels[to + column] = source[from + column * right] as number;
    to += width;
  }
  return { ...frame, width, height, pixels };
}

function flipped({ width, height }: Frame, [x, y]: ImageOperations["flip"]): Walk {
  const start = (y ? (height - 1) * width : 0) + (x ? width - 1 : 0);
  return { width, height, start, right: x ? -1 : 1, down: y ? -width : width };
}

/** Clockwise. */
function turned({ width, height }: Frame, rotation: Exclude<Rotation, "NONE">): Walk {
  const on = { width: height, height: width };
  if (rotation === "90") return { ...on, start: (height - 1) * width, right: -width, down: 1 };
  if (rotation === "270") return { ...on, start: width - 1, right: width, down: -1 };
  return { width, height, start: height * width - 1, right: -1, down: -width };
}
