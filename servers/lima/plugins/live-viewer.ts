// SPDX-License-Identifier: MIT
// The LiveViewer device: starts and stops the camera for people who look at it, and shows what it sees.
import { liveViewer } from "../../../devices/lima/live-viewer.ts";
import { DevFloat, DevLong, DevShort, DevUChar, DevULong, DevUShort } from "../../../tango/idl/tango-types.ts";
import { type Device, deviceClass } from "../../../tango/index.ts";
import { image, readable } from "../../../tango/interface.ts";
import type { Acquisition } from "../acquisition.ts";
import type { Detector } from "../detector.ts";
import { atLeast, field } from "../device/fields.ts";
import { changeOperations, roiOf } from "../device/image-members.ts";
import { type ImageType, pixelKinds } from "../frame.ts";
import { noOperations } from "../image-operations.ts";
import { jpegOf, type PictureStyle } from "../picture.ts";
import type { Processor } from "../processor.ts";
import { checkQuality } from "./bpm-picture.ts";
import { PicturePace } from "./picture-pace.ts";

/** Behind all other plugins. */
const runLevel = 1_000_000;

interface Wish {
  exposure: number;
  /** Hz. */
  rate: number;
  frames: number;
  external: boolean;
  quality: number;
}
const defaults: Wish = { exposure: 0.1, rate: 10, frames: 0, external: false, quality: 50 };

export const liveViewerClass = (detector: Detector) =>
  deviceClass(liveViewer, async (device) => {
    const wish = { ...defaults };
    const acquisition = () => acquisitionOf(detector);
    const viewing = new Viewing(device, detector, () => styleOf(wish));
    const announced = detector.announce("liveviewer", device.name);
    const picture = new ImageAttribute(device, detector);
    const start = async () => {
      picture.renew();
      await viewing.start(wish);
    };
    device.state = "OFF";
    if (device.properties.AcquisitionAutoStart) await start();
    return {
      Depth: () => pixelKinds[acquisition().imageType].bytes,
      Exposure: field(wish, "exposure", above("Exposure")),
      ExternalTrigger: field(wish, "external"),
      FrameRate: field(wish, "rate", above("FrameRate")),
      Frames: field(wish, "frames", atLeast("Frames", 0)),
      Gain: {
        read: () => 1,
        write: () => {
          throw new Error("Can't change the gain on Scientific camera");
        },
      },
      ImageCounter: () => acquisition().counters.ready,
      JpegImage: () => encoded(jpegOf(acquisition().frame(-1), styleOf(wish))),
      JpegQuality: field(wish, "quality", checkQuality),
      Roi: {
        read: () => Int32Array.from(acquisition().parameters.operations.roi),
        write: (values) => changeOperations(acquisition(), { roi: roiOf("Roi", values) }),
      },
      Start: start,
      Stop: () => viewing.stop(),
      Reset: async () => {
        Object.assign(wish, defaults);
        await acquisition().reset();
      },
      ResetRoi: () => changeOperations(acquisition(), { roi: noOperations.roi }),
      [Symbol.asyncDispose]: async () => {
        await viewing.stop();
        picture[Symbol.dispose]();
        announced[Symbol.dispose]();
      },
    };
  });

function acquisitionOf({ acquisition }: Detector): Acquisition {
  if (acquisition) return acquisition;
  throw new Error("The LimaCCDs device of this server is not open");
}

const above = (attribute: string) => (value: number) => {
  if (!(value > 0)) throw new Error(`Invalid ${attribute}: ${value} is not above 0`);
};
const styleOf = ({ quality }: Wish): PictureStyle => ({ range: undefined, levels: "LINEAR", coloured: false, quality });
const encoded = (jpeg: Uint8Array) => ({ format: "JPEG_GRAY8", data: jpeg });

/** An acquisition that people look at. */
class Viewing {
  readonly #device: Device<typeof liveViewer>;
  readonly #detector: Detector;
  readonly #processor: Processor<"picture">;
  #running = false;

  constructor(device: Device<typeof liveViewer>, detector: Detector, style: () => PictureStyle) {
    this.#device = device;
    this.#detector = detector;
    const pace = new PicturePace();
    this.#processor = {
      ...{ runLevel, counts: false, prepare: () => {} },
      task: () => (pace.due() ? { do: "picture", style: style() } : undefined),
      done: (picture) => {
        pace.shown(picture);
        device.push("JpegImage", encoded(picture.jpeg));
      },
    };
  }

  async start({ exposure, rate, frames, external }: Wish): Promise<void> {
    const acquisition = acquisitionOf(this.#detector);
    const latency = Math.max(0, 1 / rate - exposure);
    const trigger = external ? "EXTERNAL_TRIGGER_MULTI" : "INTERNAL_TRIGGER";
    Object.assign(acquisition.parameters, { mode: "SINGLE", frames, exposure, latency, trigger });
    this.#detector.processors.add(this.#processor);
    try {
      await acquisition.prepare();
      acquisition.start();
    } catch (error) {
      this.#detector.processors.delete(this.#processor);
      throw error;
    }
    this.#running = true;
    this.#device.state = "ON";
    void acquisition.ended.then(() => this.#ended(acquisition));
  }

  async stop(): Promise<void> {
    if (this.#running) await this.#detector.acquisition?.stop();
  }

  #ended({ status, fault }: Acquisition): void {
    this.#running = false;
    this.#detector.processors.delete(this.#processor);
    this.#device.state = status === "Fault" ? "FAULT" : "OFF";
    this.#device.status = status === "Fault" ? fault : "";
  }
}

const imageTypes = {
  ...{ Bpp8: DevUChar, Bpp16: DevUShort, Bpp32: DevULong, Bpp32S: DevLong, Bpp32F: DevFloat },
  // Tango has no signed bytes.
  ...{ Bpp8S: DevShort, Bpp16S: DevShort },
} as const;

/** Attribute `Image`, of the type of the camera's pixels. */
class ImageAttribute implements Disposable {
  readonly #device: Device<typeof liveViewer>;
  readonly #detector: Detector;
  #attached: { readonly imageType: ImageType; readonly attribute: Disposable } | undefined;

  constructor(device: Device<typeof liveViewer>, detector: Detector) {
    this.#device = device;
    this.#detector = detector;
    this.renew();
  }

  /** Looks at the camera's type again. */
  renew(): void {
    const { imageType } = this.#detector.camera.capabilities;
    if (this.#attached?.imageType === imageType) return;
    this.#attached?.attribute[Symbol.dispose]();
    const attribute = this.#device.attach("Image", readable(image(imageTypes[imageType], 65_536, 65_536)), {
      read: () => {
        const { pixels, width, height } = acquisitionOf(this.#detector).frame(-1);
        return { data: pixels, shape: [height, width] };
      },
    });
    this.#attached = { imageType, attribute };
  }

  [Symbol.dispose](): void {
    this.#attached?.attribute[Symbol.dispose]();
  }
}
