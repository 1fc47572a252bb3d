// SPDX-License-Identifier: MIT
// Dectris detectors with the SIMPLON interface (Eiger, Eiger2, Pilatus4) as a camera: REST to control, ZMQ for the frames.
import type { Camera, CameraSettings, Capabilities, HardwareSaving, TriggerMode } from "../camera.ts";
import { type Frame, type ImageType, imageTypeOf, type Pixels, sharedPixels } from "../frame.ts";
import { filewriter } from "./filewriter.ts";
import type { StreamFormat, StreamImage } from "./messages.ts";
import { Simplon, type SimplonOptions } from "./rest.ts";
import { SimplonStream } from "./stream.ts";
import { StreamStatistics } from "./stream-statistics.ts";

export interface EigerOptions extends SimplonOptions {
  readonly stream: StreamFormat;
  /** Default 9999 (legacy) or 31001 (cbor). */
  readonly streamPort?: number;
}

/** The detector's word for each trigger mode, and whether each frame has a trigger of its own. */
const triggers = {
  INTERNAL_TRIGGER: { word: "ints", each: false },
  INTERNAL_TRIGGER_MULTI: { word: "ints", each: true },
  EXTERNAL_TRIGGER: { word: "exts", each: false },
  EXTERNAL_TRIGGER_MULTI: { word: "exts", each: true },
  EXTERNAL_GATE: { word: "exte", each: true },
} as const satisfies Partial<Record<TriggerMode, object>>;
type EigerTrigger = keyof typeof triggers;

/** Milliseconds a frame may be late. */
const patience = 10_000;
/** Milliseconds a frame may come after the end of its series was told. */
const afterEnd = 1000;

/** Words of `compression`. */
export const compressions = ["none", "lz4", "bslz4"] as const;

export interface Eiger extends Camera {
  readonly simplon: Simplon;
  readonly statistics: StreamStatistics;
  /** Of the stream, from the next prepare on. */
  compression: (typeof compressions)[number];
  /** Pixels as deep as the detector says; else of 32 bits with auto_summation and of 16 bits without. */
  dynamicDepth: boolean;
  readonly status: "READY" | "ARMED" | "EXPOSURE" | "FAULT";
  /** Asks the detector again what its frames are: something that changes them was written. */
  refresh(): Promise<void>;
  /** Number of the series that was armed last; 0 before. */
  readonly series: number;
}

/** Connects and initialises the detector unless it is. @throws Error naming what did not answer. */
export async function openEiger(options: EigerOptions, call: { readonly signal: AbortSignal }): Promise<Eiger> {
  const simplon = new Simplon(options);
  if ((await simplon.read("detector", "status/state", call)) === "na")
    await simplon.command("initialize", { ...call, timeout: 120_000 });
  return new EigerCamera(simplon, options, await capabilitiesOf(simplon, true, call));
}

async function capabilitiesOf(
  simplon: Simplon,
  dynamicDepth: boolean,
  call?: { readonly signal: AbortSignal },
): Promise<Capabilities> {
  const number = async (key: string) => Number(await simplon.read("detector", `config/${key}`, call));
  const [width, height, pixelX, pixelY, depth, readout] = await Promise.all(
    [
      "x_pixels_in_detector",
      "y_pixels_in_detector",
      "x_pixel_size",
      "y_pixel_size",
      "bit_depth_image",
      "detector_readout_time",
    ].map(number),
  );
  const description = String(await simplon.read("detector", "config/description", call));
  const summed = (await simplon.read("detector", "config/auto_summation", call)) === true;
  const { min = 1e-6, max = 3600 } = await simplon.range("config/count_time", call);
  return {
    ...{ type: "Eiger", model: description, width: width ?? 0, height: height ?? 0 },
    imageType: `Bpp${dynamicDepth ? (depth ?? 16) : summed ? 32 : 16}` as ImageType,
    pixelSize: [pixelX ?? 0, pixelY ?? 0],
    triggerModes: Object.keys(triggers) as EigerTrigger[],
    exposure: { min, max },
    latency: { min: readout ?? 0, max },
  };
}

class EigerCamera implements Eiger {
  readonly simplon: Simplon;
  readonly statistics = new StreamStatistics();
  readonly saving: HardwareSaving;
  compression: Eiger["compression"] = "bslz4";
  dynamicDepth = true;
  status: Eiger["status"] = "READY";
  capabilities: Capabilities;
  readonly #options: EigerOptions;
  readonly #stream: SimplonStream;
  /** Number of the series that the stream is giving; its header tells. */
  #streaming: number | undefined;
  /** Whether the stream has said that it ends. */
  #ended = false;
  /** Why the detector did not take a trigger. */
  #refusal: Error | undefined;
  /** When a frame came or was asked for. */
  #active = 0;
  #settings: CameraSettings | undefined;
  #series = 0;
  /** Frames that software triggers have asked for and that have not come. */
  #owed = 0;
  /** Software triggers one after the other. */
  #triggering: Promise<unknown> = Promise.resolve();

  constructor(simplon: Simplon, options: EigerOptions, capabilities: Capabilities) {
    this.simplon = simplon;
    this.#options = options;
    this.capabilities = capabilities;
    this.saving = filewriter(simplon);
    this.#stream = new SimplonStream(this.#place, options.stream);
  }

  async refresh(): Promise<void> {
    this.capabilities = await capabilitiesOf(this.simplon, this.dynamicDepth);
  }

  get series(): number {
    return this.#series;
  }

  async prepare(settings: CameraSettings, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { frames, exposure } = settings;
    if (frames === 0) throw new Error("An Eiger does not acquire until it is stopped: set acq_nb_frames");
    const { word, each } = triggers[settings.trigger as EigerTrigger];
    const { stream } = this.#options;
    const config = [
      ["detector", "compression", this.compression],
      ["detector", "trigger_mode", word],
      ["detector", "frame_time", this.#period(settings)],
      ["detector", "count_time", exposure],
      ["detector", "nimages", each ? 1 : frames],
      ["detector", "ntrigger", each ? frames : 1],
      ["stream", "mode", "enabled"],
      ["stream", "format", stream],
      ["stream", "header_detail", "none"],
    ] as const;
    for (const [subsystem, key, value] of config)
      await this.simplon.write(subsystem, `config/${key}`, value, { signal });
    await this.#stream.clear();
    this.#settings = settings;
    this.#streaming = undefined;
    this.#ended = false;
    this.#refusal = undefined;
    this.#triggering = Promise.resolve();
    this.#owed = 0;
    this.statistics.clear();
    this.#series = (await this.simplon.command("arm", { signal, timeout: 60_000 })) ?? 0;
    this.status = "ARMED";
  }

  get #place(): string {
    const { host, stream, streamPort = stream === "legacy" ? 9999 : 31001 } = this.#options;
    return `tcp://${host.includes(":") ? `[${host}]` : host}:${streamPort}`;
  }

  trigger(): void {
    this.#owed++;
    this.#active = performance.now();
    this.#triggering = this.#triggering
      .then(() => this.simplon.command("trigger", { timeout: 0 }))
      .catch((error: Error) => void (this.#refusal ??= error));
  }

  async *frames(signal: AbortSignal): AsyncIterable<Frame> {
    const settings = this.#settings;
    if (!settings) throw new Error("Eiger: frames are wanted before prepare");
    if (settings.trigger === "INTERNAL_TRIGGER") this.trigger();
    this.#active = performance.now();
    this.status = "EXPOSURE";
    try {
      for (let index = 0; index < settings.frames; index++) {
        const image = await this.#image(settings, index, signal);
        if (!image) break;
        this.#owed--;
        const { width, height } = image;
        const pixels = this.#ofType(image.pixels);
        const packed = pixels === image.pixels ? image.packed : undefined;
        yield { index, width, height, pixels, packed, time: image.image * this.#period(settings) };
      }
      this.status = "READY";
    } catch (error) {
      this.status = "FAULT";
      // What happened comes before what the detector says to being disarmed.
      await this.simplon.command("disarm").catch(() => {});
      throw error;
    } finally {
      if (this.status !== "FAULT") {
        this.status = "READY";
        await this.simplon.command(signal.aborted ? "abort" : "disarm");
      }
    }
  }

  /** Pixels of the type that was announced: the detector may send fewer bits. */
  #ofType(pixels: Pixels): Pixels {
    const { imageType } = this.capabilities;
    if (imageTypeOf(pixels) === imageType) return pixels;
    const wanted = sharedPixels(imageType, pixels.length);
    wanted.set(pixels);
    return wanted;
  }

  /** Seconds from one frame to the next. */
  #period({ exposure, latency }: CameraSettings): number {
    return exposure + Math.max(latency, this.capabilities.latency.min);
  }

  /** The next frame of this series; undefined when stopped. */
  async #image(settings: CameraSettings, index: number, signal: AbortSignal): Promise<StreamImage | undefined> {
    while (!signal.aborted) {
      const received = await this.#stream.take();
      if (this.#refusal) throw this.#refusal;
      const { message, bytes } = received ?? { message: undefined, bytes: 0 };
      if (message) this.#active = performance.now();
      else this.#checkLate(settings, index);
      if (message?.kind === "start") this.#streaming = message.series;
      // What is left of a series that was stopped.
      if (!message || message.series !== this.#streaming) continue;
      if (message.kind === "end") this.#ended = true;
      if (message.kind !== "image") continue;
      this.statistics.add(message, bytes);
      return message;
    }
    return undefined;
  }

  /** @throws Error when a frame should have come. Between triggers nothing is late. */
  #checkLate(settings: CameraSettings, frames: number): void {
    const silence = performance.now() - this.#active;
    if (this.#ended && silence > afterEnd)
      throw new Error(`The series ended after ${frames} of ${settings.frames} frames`);
    const awaited = settings.trigger === "INTERNAL_TRIGGER" || this.#owed > 0;
    if (!settings.trigger.startsWith("INTERNAL") || !awaited) return;
    if (silence > this.#period(settings) * 1000 + patience)
      throw new Error(`No frame came from the stream within ${patience / 1000} s of its end`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream[Symbol.asyncDispose]();
  }
}
