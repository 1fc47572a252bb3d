// SPDX-License-Identifier: MIT
// A camera whose frames are images of files: what was acquired once is acquired again, in real time.
import { type Camera, type CameraSettings, type Capabilities, triggerModes } from "../camera.ts";
import { edges } from "../edges.ts";
import { exposures } from "../exposures.ts";
import type { Frame } from "../frame.ts";
import { openSavedImages, type SavedImages } from "../saved-images.ts";

export interface Replay extends Camera {
  /** What `open` was given. */
  readonly pattern: string;
  /** 0 before files were opened. */
  readonly images: number;
  /** The image of the first frame. */
  first: number;
  /** After the last image comes the first; else an acquisition longer than the images is refused. */
  loop: boolean;
  /** Opens other files; an acquisition that runs goes on with the ones before. @throws Error when none match or one is not readable. */
  open(pattern: string): Promise<void>;
  /** One edge on the external trigger input. */
  externalTrigger(): void;
}

/** Of a camera without files, so that its size is some size. */
const nothing = { width: 1, height: 1, imageType: "Bpp16" } as const;

export interface ReplayOptions {
  /** "": files are opened later. */
  readonly pattern: string;
  readonly loop: boolean;
  /** Metres: x, y. */
  readonly pixelSize: readonly [number, number];
}

/** @throws Error when no files match, or one is not readable. */
export async function openReplay({ pattern, loop, pixelSize }: ReplayOptions): Promise<Replay> {
  const camera = new FileCamera(pixelSize);
  camera.loop = loop;
  if (pattern !== "") await camera.open(pattern);
  return camera;
}

class FileCamera implements Replay {
  pattern = "";
  first = 0;
  loop = true;
  readonly #pixelSize: readonly [number, number];
  readonly #software = edges();
  readonly #external = edges();
  #images: SavedImages | undefined;
  #prepared: { readonly settings: CameraSettings; readonly images: SavedImages; readonly first: number } | undefined;

  constructor(pixelSize: readonly [number, number]) {
    this.#pixelSize = pixelSize;
  }

  get images(): number {
    return this.#images?.count ?? 0;
  }

  get capabilities(): Capabilities {
    const { width, height, imageType } = this.#images ?? nothing;
    const range = { min: 1e-8, max: 1e6 };
    return {
      ...{ type: "Replay", model: "Files", width, height, imageType, pixelSize: this.#pixelSize, triggerModes },
      ...{ exposure: range, latency: { ...range, min: 0 } },
    };
  }

  async open(pattern: string): Promise<void> {
    const images = await openSavedImages(pattern);
    const before = this.#images;
    this.#images = images;
    this.pattern = pattern;
    this.first = 0;
    if (before && before !== this.#prepared?.images) await before[Symbol.asyncDispose]();
  }

  async prepare(settings: CameraSettings): Promise<void> {
    const images = this.#images;
    if (!images) throw new Error("Replay: no images: write file_pattern first");
    const left = images.count - this.first;
    if (!this.loop && (settings.frames === 0 || settings.frames > left))
      throw new Error(
        `Replay: ${left} images from image ${this.first} on, ${settings.frames || "endless"} frames wanted: write loop true, or acq_nb_frames ${left}`,
      );
    const before = this.#prepared?.images;
    this.#prepared = { settings, images, first: this.first };
    if (before && before !== images) await before[Symbol.asyncDispose]();
    this.#software.clear();
    this.#external.clear();
  }

  async *frames(signal: AbortSignal): AsyncIterable<Frame> {
    if (!this.#prepared) throw new Error("Replay: frames are wanted before prepare");
    const { settings, images, first } = this.#prepared;
    const { width, height } = images;
    const triggers = { software: this.#software, external: this.#external };
    for await (const { index, time } of exposures(settings, triggers, signal)) {
      const pixels = await images.read((first + index) % images.count);
      yield { index, width, height, pixels, time };
    }
  }

  trigger(): void {
    this.#software.fire();
  }
  externalTrigger(): void {
    this.#external.fire();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const images of new Set([this.#images, this.#prepared?.images])) await images?.[Symbol.asyncDispose]();
    this.#images = undefined;
    this.#prepared = undefined;
  }
}
