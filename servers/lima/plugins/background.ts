// SPDX-License-Identifier: MIT
// The BackgroundSubstractionDeviceServer device.
import { rm } from "node:fs/promises";
import { backgroundSubstraction } from "../../../devices/lima/plugins.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { kept } from "../device/fields.ts";
import { type Frame, type Pixels, pixelKinds } from "../frame.ts";
import { ImageFile } from "./image-file.ts";
import { pluginSwitch } from "./switch.ts";

export const backgroundClass = (detector: Detector) =>
  deviceClass(backgroundSubstraction, (device) => {
    const background = new ImageFile();
    const offset = kept<number>(0);
    const once = kept(false);
    const taking = new Taking();
    const plugin = pluginSwitch<"copy" | "subtract">({
      device,
      detector,
      type: "backgroundsubstraction",
      processor: (runLevel) => ({
        runLevel,
        counts: false,
        corrects: true,
        prepare: (size) => {
          taking.acquisition();
          if (!taking.active) background.check(size);
        },
        task: () => {
          if (taking.active) return { do: "copy" };
          const { image } = background;
          return image && { do: "subtract", image: image.pixels, offset: offset.read() };
        },
        done: (pixels, frame) => {
          if (pixels) background.take(taking.add(pixels, frame));
        },
      }),
    });
    const read = async (file: string) => {
      await background.read(file);
      if (file && once.read()) await rm(file);
    };
    return {
      ...plugin.members,
      offset,
      delete_dark_after_read: once,
      BackgroundFile: { read: () => background.file, write: read },
      setBackgroundImage: read,
      setBackgroundFile: read,
      takeNextAcquisitionAsBackground: () => taking.next(),
      [Symbol.asyncDispose]: () => plugin[Symbol.dispose](),
    };
  });

/** The mean of the frames of one acquisition, asked for before it. */
class Taking {
  #wanted = false;
  #active = false;
  #sums = new Float64Array(0);
  #frames = 0;

  get active(): boolean {
    return this.#active;
  }
  next(): void {
    this.#wanted = true;
  }
  acquisition(): void {
    this.#active = this.#wanted;
    this.#wanted = false;
    this.#frames = 0;
  }
  /** The mean of the frames so far. */
  add(pixels: Pixels, { width, height }: Frame) {
    if (this.#frames++ === 0) this.#sums = new Float64Array(pixels.length);
    const mean = pixelKinds.Bpp32F.create(pixels.length);
    for (let i = 0; i < pixels.length; i++) {
      this.#sums[i] = (this.#sums[i] as number) + (pixels[i] as number);
      mean[i] = (this.#sums[i] as number) / this.#frames;
    }
    return { width, height, pixels: mean, header: new Map<string, string>() };
  }
}
