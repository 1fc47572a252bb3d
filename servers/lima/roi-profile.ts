// SPDX-License-Identifier: MIT
import type { Frame } from "./frame.ts";
import type { ProfileRegion } from "./pipeline/tasks.ts";

/** A region summed to one line: of its lines or of its columns. Pixels outside the frame or where the mask is 0 count nothing. */
export function profile(frame: Frame, region: ProfileRegion, mask?: Uint8Array): Int32Array {
  const { x, y, width, height, mode } = region;
  const byColumn = mode === "LINES_SUM";
  const spectrum = new Int32Array(byColumn ? width : height);
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(frame.width, x + width), Math.min(frame.height, y + height)];
  for (let row = top; row < bottom; row++)
    for (let column = left, i = row * frame.width + left; column < right; column++, i++) {
      if (mask && mask[i] === 0) continue;
      const at = byColumn ? column - x : row - y;
      spectrum[at] = (spectrum[at] as number) + (frame.pixels[i] as number);
    }
  return spectrum;
}
