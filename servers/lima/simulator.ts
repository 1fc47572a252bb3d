// SPDX-License-Identifier: MIT
// The simulated camera: exposes in real time, computes each frame from peaks. Pixel formulas: LIMA's simulator as its users
// know it (gaussian of given fwhm and maximum, growing by grow_factor a frame; diffraction rings; rotation about an axis).
import {
  type Camera, type CameraSettings, type Capabilities, type Shutter, shutterModes, triggerModes,
} from "./camera.ts"; // biome-ignore format: a list
import { edges } from "./edges.ts";
import { exposures } from "./exposures.ts";
import { type Frame, type ImageType, type Pixels, pixelKinds, shared, sharedPixels } from "./frame.ts";
import type { SavedImages } from "./saved-images.ts";

export interface Peak {
  readonly x: number;
  readonly y: number;
  readonly fwhm: number;
  readonly max: number;
  /** Degrees; where the peak stands on its circle about the rotation axis. */
  readonly angle: number;
}
export type FillType = "GAUSS" | "DIFFRACTION" | "EMPTY";

/** What the next frames show; its fields may be changed at any time. */
export interface Picture {
  width: number;
  height: number;
  imageType: ImageType;
  peaks: readonly Peak[];
  fill: FillType;
  /** Relative growth of the peaks from one frame to the next. */
  grow: number;
  rotationAxis: "ROTATIONX" | "ROTATIONY" | "STATIC";
  /** Degrees at frame 0, and degrees a frame. */
  rotationAngle: number;
  rotationSpeed: number;
  /** Pixels at frame 0, and pixels a frame. */
  diffraction: readonly [number, number];
  diffractionSpeed: readonly [number, number];
}

/** sigma / fwhm of a gaussian. */
const sigmaPerFwhm = 0.4246609;

/** The pixels of frame `index` of a picture, saturated to the pixel type. */
export function drawPicture(picture: Picture, index: number): Pixels {
  const { width, height, fill } = picture;
  const kind = pixelKinds[picture.imageType];
  const pixels = sharedPixels(picture.imageType, width * height);
  if (fill === "EMPTY") return pixels;
  const sums = new Float64Array(width * height);
  for (const peak of picture.peaks) addPeak(sums, picture, movedPeak(picture, peak, index), 1 + picture.grow * index);
  if (fill === "DIFFRACTION") multiplyRings(sums, picture, index);
  for (let i = 0; i < sums.length; i++) pixels[i] = Math.min(sums[i]!, kind.max);
  return pixels;
}

function movedPeak(picture: Picture, peak: Peak, index: number): Peak {
  if (picture.rotationAxis === "STATIC") return peak;
  const turn = ((picture.rotationAngle + picture.rotationSpeed * index + peak.angle) * Math.PI) / 180;
  const start = (peak.angle * Math.PI) / 180;
  if (picture.rotationAxis === "ROTATIONY") {
    const centre = picture.width / 2;
    const radius = (peak.x - centre) / (Math.cos(start) || 1);
    return { ...peak, x: centre + Math.trunc(radius * Math.cos(turn)) };
  }
  const centre = picture.height / 2;
  const radius = (peak.y - centre) / (Math.cos(start) || 1);
  return { ...peak, y: centre + Math.trunc(radius * Math.cos(turn)) };
}

/** A gaussian is the product of one in x and one in y: width + height exponentials instead of width * height. */
function addPeak(sums: Float64Array, { width, height }: Picture, { x, y, fwhm, max }: Peak, scale: number): void {
  const factor = -1 / (2 * (sigmaPerFwhm * fwhm) ** 2);
  const columns = Float64Array.from({ length: width }, (_, i) => Math.exp(factor * (i - x) ** 2));
  for (let row = 0; row < height; row++) {
    const amplitude = max * scale * Math.exp(factor * (row - y) ** 2);
    const start = row * width;
    for (let column = 0; column < width; column++) sums[start + column]! += amplitude * columns[column]!;
  }
}

function multiplyRings(sums: Float64Array, picture: Picture, index: number): void {
  const { width, height, diffraction, diffractionSpeed } = picture;
  const x0 = diffraction[0] + diffractionSpeed[0] * index;
  const y0 = diffraction[1] + diffractionSpeed[1] * index;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const r = Math.hypot(column - x0, row - y0);
      const omega = ((2 * Math.PI) / 100) * (0.5 + r / 500);
      const envelope = Math.exp(-((Math.max(r - 300, 0) / 500) ** 4)) / (r / 5000 + 0.1);
      sums[row * width + column]! *= envelope * Math.cos(r * omega) ** 20;
    }
  }
}

export interface SimulatorOptions {
  readonly picture: Picture;
  /** Metres: x, y. */
  readonly pixelSize: readonly [number, number];
}

export interface SimulatedCamera extends Camera {
  readonly picture: Picture;
  /** Frames drawn at prepare and given in turn, so that drawing takes no time while acquiring; 0: each is drawn when due. */
  prefetched: number;
  /** Given again and again instead of drawn pictures. */
  saved: SavedImages | undefined;
  /** One edge on the external trigger input; a change of its level for a gate. */
  externalTrigger(): void;
}

export function simulatedCamera({ picture, pixelSize }: SimulatorOptions): SimulatedCamera {
  let settings: CameraSettings | undefined;
  let wantedPrefetched = 0;
  let saved: SavedImages | undefined;
  let prefetched: readonly Pixels[] = [];
  // The size holds from prepare on: what is written during an acquisition counts for the next one.
  let size = { width: picture.width, height: picture.height, imageType: picture.imageType };
  const shutter: Shutter = {
    ...{ modes: shutterModes, mode: "MANUAL", openTime: 0, closeTime: 0, open: false },
  };
  const software = edges();
  const external = edges();

  const pixelsOf = async (index: number) =>
    saved ? shared(await saved.read(index % saved.count)) : drawPicture({ ...picture, ...size }, index);
  const shown = () => {
    const { width, height, imageType } = saved ?? picture;
    return { width, height, imageType };
  };

  async function* frames(signal: AbortSignal): AsyncIterable<Frame> {
    if (!settings) throw new Error("Simulator: frames wanted before prepare");
    for await (const { index, time } of exposures(settings, { software, external }, signal)) {
      const pixels = prefetched[index % prefetched.length] ?? (await pixelsOf(index));
      yield { index, width: size.width, height: size.height, pixels, time };
    }
  }

  return {
    picture,
    get prefetched() {
      return wantedPrefetched;
    },
    get saved() {
      return saved;
    },
    set saved(images: SavedImages | undefined) {
      saved = images;
    },
    set prefetched(frames: number) {
      wantedPrefetched = frames;
    },
    get capabilities(): Capabilities {
      const { width, height, imageType } = shown();
      const range = { min: 1e-8, max: 1e6 };
      const model = `${saved ? "Loader" : "Generator"}${wantedPrefetched > 0 ? " Prefetched" : ""}`;
      const about = { type: "Simulator", model, pixelSize, triggerModes };
      return { ...about, width, height, imageType, exposure: range, latency: range };
    },
    prepare: async (wanted) => {
      settings = wanted;
      size = shown();
      prefetched = [];
      const loaded: Pixels[] = [];
      for (let index = 0; index < wantedPrefetched; index++) loaded.push(await pixelsOf(index));
      prefetched = loaded;
      software.clear();
      external.clear();
    },
    frames,
    shutter,
    trigger: () => software.fire(),
    externalTrigger: () => external.fire(),
    [Symbol.asyncDispose]: async () => {},
  };
}
