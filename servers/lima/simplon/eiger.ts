// SPDX-License-Identifier: MIT
// Dectris detectors with the SIMPLON interface (Eiger, Eiger2, Pilatus4) as a camera: REST to control, ZMQ for the frames.
import { Pull } from "zeromq";
import type { Camera, CameraSettings, Capabilities, TriggerMode } from "../camera.ts";
import type { Frame, ImageType } from "../frame.ts";
import { readCborMessage, readMultipart, type StreamMessage } from "./messages.ts";
import { Simplon, type SimplonOptions } from "./rest.ts";

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

export interface Eiger extends Camera {
  readonly simplon: Simplon;
  /** Number of the series that was armed last; 0 before. */
  readonly series: number;
}

/** Connects and initialises the detector unless it is. @throws Error naming what did not answer. */
export async function openEiger(options: EigerOptions, call: { readonly signal: AbortSignal }): Promise<Eiger> {
  const simplon = new Simplon(options);
  if ((await simplon.read("detector", "status/state", call)) === "na")
    await simplon.command("initialize", { ...call, timeout: 120_000 });
  const capabilities = await capabilitiesOf(simplon, call);
  return new EigerCamera(simplon, options, capabilities);
}

async function capabilitiesOf(simplon: Simplon, call: { readonly signal: AbortSignal }): Promise<Capabilities> {
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
  const { min = 1e-6, max = 3600 } = await simplon.range("config/count_time", call);
  return {
    ...{ type: "Eiger", model: description, width: width ?? 0, height: height ?? 0 },
    imageType: `Bpp${depth ?? 16}` as ImageType,
    pixelSize: [pixelX ?? 0, pixelY ?? 0],
    triggerModes: Object.keys(triggers) as EigerTrigger[],
    exposure: { min, max },
    latency: { min: readout ?? 0, max },
  };
}

class EigerCamera implements Eiger {
  readonly simplon: Simplon;
  readonly capabilities: Capabilities;
  readonly #options: EigerOptions;
  #socket: Pull | undefined;
  #settings: CameraSettings | undefined;
  #series = 0;
  /** Software triggers one after the other; rejects when the detector refuses one. */
  #triggering: Promise<unknown> = Promise.resolve();

  constructor(simplon: Simplon, options: EigerOptions, capabilities: Capabilities) {
    this.simplon = simplon;
    this.#options = options;
    this.capabilities = capabilities;
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
      ["detector", "compression", "bslz4"],
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
    this.#series = (await this.simplon.command("arm", { signal, timeout: 60_000 })) ?? 0;
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
    try {
      for (let index = 0; index < frames; ) {
        const message = await this.#next(socket, signal, trigger);
        if (!message) break;
        if (message.kind === "end") throw new Error(`The series ended after ${index} of ${frames} frames`);
        if (message.kind !== "image") continue;
        const { width, height, pixels } = message;
        yield { index: index++, width, height, pixels, time: message.image * period };
      }
    } finally {
      signal.removeEventListener("abort", stop);
      await this.simplon.command(signal.aborted ? "abort" : "disarm");
    }
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
        if (trigger === "INTERNAL_TRIGGER_MULTI") continue;
        throw new Error(`No frame came from the stream within ${patience / 1000} s of its end`, { cause: error });
      }
      const [first] = parts;
      const message =
        this.#options.stream === "legacy" ? readMultipart(parts) : first ? readCborMessage(first) : undefined;
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
