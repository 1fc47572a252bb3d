// SPDX-License-Identifier: MIT
// Dectris detectors with the SIMPLON interface (Eiger, Eiger2, Pilatus4) as a camera: REST to control, ZMQ for the frames.
import { Pull } from "zeromq";
import type { Camera, CameraSettings, Capabilities, HardwareSaving, TriggerMode } from "../camera.ts";
import { type Frame, type ImageType, imageTypeOf, type Pixels, sharedPixels } from "../frame.ts";
import { filewriter } from "./filewriter.ts";
import { readCborMessage, readMultipart, type StreamMessage } from "./messages.ts";
import { Simplon, type SimplonOptions } from "./rest.ts";
import { StreamStatistics } from "./stream-statistics.ts";

export interface EigerOptions extends SimplonOptions {
  /** "legacy": version 1 of the stream; "cbor": version 2. */
  readonly stream: "legacy" | "cbor";
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
  #socket: Pull | undefined;
  #settings: CameraSettings | undefined;
  #series = 0;
  /** Frames that software triggers have asked for and that have not come. */
  #owed = 0;
  /** Software triggers one after the other; rejects when the detector refuses one. */
  #triggering: Promise<unknown> = Promise.resolve();

  constructor(simplon: Simplon, options: EigerOptions, capabilities: Capabilities) {
    this.simplon = simplon;
    this.#options = options;
    this.capabilities = capabilities;
    this.saving = filewriter(simplon);
  }

  async refresh(): Promise<void> {
    this.capabilities = await capabilitiesOf(this.simplon, this.dynamicDepth);
  }

  get series(): number {
    return this.#series;
  }

  async prepare(settings: CameraSettings, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { frames, exposure, latency } = settings;
    if (frames === 0) throw new Error("An Eiger does not acquire until it is stopped: set acq_nb_frames");
    const { word, each } = triggers[settings.trigger as EigerTrigger];
    const { stream } = this.#options;
    const frameTime = exposure + Math.max(latency, this.capabilities.latency.min);
    const config = [
      ["detector", "compression", this.compression],
      ["detector", "trigger_mode", word],
      ["detector", "frame_time", frameTime],
      ["detector", "count_time", exposure],
      ["detector", "nimages", each ? 1 : frames],
      ["detector", "ntrigger", each ? frames : 1],
      ["stream", "mode", "enabled"],
      ["stream", "format", stream],
      ["stream", "header_detail", "none"],
    ] as const;
    for (const [subsystem, key, value] of config)
      await this.simplon.write(subsystem, `config/${key}`, value, { signal });
    const external = !word.startsWith("int");
    await this.#listen(external ? -1 : Math.ceil(frameTime * 1000 + patience));
    this.#settings = settings;
    this.#triggering = Promise.resolve();
    this.#owed = 0;
    this.statistics.clear();
    this.#series = (await this.simplon.command("arm", { signal, timeout: 60_000 })) ?? 0;
    this.status = "ARMED";
  }

  /**
   * One socket for all series: the detector deals its messages out to whoever is connected, and one that has just been closed
   * may still be given the next. What a stopped series left in it is thrown away.
   */
  async #listen(receiveTimeout: number): Promise<void> {
    const { host, stream, streamPort = stream === "legacy" ? 9999 : 31001 } = this.#options;
    if (!this.#socket) {
      this.#socket = new Pull({ linger: 0, receiveHighWaterMark: 10_000 });
      this.#socket.connect(`tcp://${host.includes(":") ? `[${host}]` : host}:${streamPort}`);
    }
    const socket = this.#socket;
    socket.receiveTimeout = 0;
    for (let left = true; left; )
      await socket.receive().catch(() => {
        left = false;
      });
    socket.receiveTimeout = receiveTimeout;
  }

  trigger(): void {
    this.#owed++;
    this.#triggering = this.#triggering.then(() => this.simplon.command("trigger", { timeout: 0 }));
    this.#triggering.catch(() => {}); // told by `frames`
  }

  async *frames(signal: AbortSignal): AsyncIterable<Frame> {
    const { frames, exposure, trigger, latency } = this.#settings ?? fail("frames are wanted before prepare");
    const socket = this.#socket ?? fail("frames are wanted before prepare");
    if (trigger === "INTERNAL_TRIGGER") this.trigger();
    const stop = () => this.#close();
    signal.addEventListener("abort", stop, { once: true });
    const period = exposure + Math.max(latency, this.capabilities.latency.min);
    this.status = "EXPOSURE";
    try {
      for (let index = 0; index < frames; ) {
        const message = await this.#next(socket, signal, trigger);
        if (!message) break;
        if (message.kind === "end") throw new Error(`The series ended after ${index} of ${frames} frames`);
        if (message.kind !== "image") continue;
        const { width, height, pixels } = message;
        this.#owed--;
        yield { index: index++, width, height, pixels: this.#ofType(pixels), time: message.image * period };
      }
      this.status = "READY";
    } catch (error) {
      this.status = "FAULT";
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) this.status = "READY";
      await this.simplon.command(signal.aborted ? "abort" : "disarm");
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

  /** The next message of this series; undefined when stopped. */
  async #next(socket: Pull, signal: AbortSignal, trigger: TriggerMode): Promise<StreamMessage | undefined> {
    for (;;) {
      if (signal.aborted) return undefined;
      let parts: readonly Uint8Array[];
      try {
        parts = await Promise.race([socket.receive(), this.#refused()]);
      } catch (error) {
        if (signal.aborted) return undefined;
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        // Between software triggers nothing is late.
        if (trigger === "INTERNAL_TRIGGER_MULTI" && this.#owed <= 0) continue;
        throw new Error(`No frame came from the stream within ${patience / 1000} s of its end`, { cause: error });
      }
      const [first] = parts;
      const message =
        this.#options.stream === "legacy" ? readMultipart(parts) : first ? readCborMessage(first) : undefined;
      if (message?.kind === "image")
        this.statistics.add(
          message,
          parts.reduce((sum, { length }) => sum + length, 0),
        );
      // What is left of a series that was stopped.
      if (message && (message.series === this.#series || message.kind === "image")) return message;
    }
  }

  /** Rejects when a trigger is refused, and never resolves. */
  #refused(): Promise<never> {
    return new Promise((_, reject) => void this.#triggering.catch(reject));
  }

  #close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
  }
}

function fail(why: string): never {
  throw new Error(`Eiger: ${why}`);
}
