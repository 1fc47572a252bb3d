// SPDX-License-Identifier: MIT
// Mode ACCUMULATION: an image made of several exposures, so that none of them saturates the detector.
import { type Frame, type Pixels, pixelKinds, sharedPixels } from "./frame.ts";
import type { Accumulation, AcquisitionParameters } from "./parameters.ts";

/** How one image is exposed. Seconds. */
export interface SubFrames {
  readonly count: number;
  readonly exposure: number;
  /** Between the exposures of one image. */
  readonly dead: number;
  /** Sum of the exposures. */
  readonly live: number;
}

/** The exposures of one image; `latency` is the shortest time between two. */
export function subFrames({ mode, exposure, accumulation }: AcquisitionParameters, latency: number): SubFrames {
  if (mode !== "ACCUMULATION") return { count: 1, exposure, dead: 0, live: exposure };
  const { maxExposure, time } = accumulation;
  if (time === "LIVE") {
    const whole = Math.trunc(exposure / maxExposure);
    const count = exposure - whole * maxExposure > 1e-6 ? whole + 1 : Math.max(1, whole);
    return { count, exposure: exposure / count, dead: (count - 1) * latency, live: exposure };
  }
  const count = Math.trunc(exposure / (maxExposure + latency)) + 1;
  const dead = (count - 1) * latency;
  return { count, exposure: (exposure - dead) / count, dead, live: exposure - dead };
}

/** What is counted while images are accumulated; told of each exposure and of the end of each image. */
export interface ExposureObserver {
  exposure(pixels: Pixels): void;
  image(index: number): void;
}

/** Images of `count` frames each; the frames themselves in the other modes. An image that is not complete is not given. */
export async function* accumulated(
  frames: AsyncIterable<Frame>,
  { mode, accumulation }: AcquisitionParameters,
  count: number,
  observer?: ExposureObserver,
): AsyncIterable<Frame> {
  if (mode !== "ACCUMULATION") {
    yield* frames;
    return;
  }
  let sums: Float64Array | undefined;
  let first: Frame | undefined;
  let index = 0;
  for await (const frame of frames) {
    first ??= frame;
    sums ??= new Float64Array(frame.pixels.length);
    addFiltered(sums, frame.pixels, accumulation);
    observer?.exposure(frame.pixels);
    if ((frame.index + 1) % count !== 0) continue;
    observer?.image(index);
    yield { ...first, index: index++, pixels: pixelsOf(sums, accumulation, count) };
    sums = undefined;
    first = undefined;
  }
}

function addFiltered(sums: Float64Array, pixels: Pixels, { filter, threshold, offset }: Accumulation): void {
  if (filter === "FILTER_NONE") {
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (pixels[i] ?? 0);
    return;
  }
  const dark = filter === "FILTER_OFFSET_THEN_THRESHOLD_MIN" ? offset : 0;
  for (let i = 0; i < sums.length; i++) {
    const value = (pixels[i] ?? 0) - dark;
    if (value > threshold) sums[i] = (sums[i] ?? 0) + value;
  }
}

function pixelsOf(sums: Float64Array, { operation, type }: Accumulation, count: number): Pixels {
  const { max } = pixelKinds[type];
  const pixels = sharedPixels(type, sums.length);
  const scale = operation === "ACC_MEAN" ? 1 / count : 1;
  for (let i = 0; i < sums.length; i++) pixels[i] = Math.min((sums[i] ?? 0) * scale, max);
  return pixels;
}
