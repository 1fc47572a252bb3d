// SPDX-License-Identifier: MIT
// Any GigE Vision camera as a camera of LimaCCDs: GVCP to control it by its own GenICam description, GVSP for the images.
import { extname } from "node:path";
import type { Camera, CameraSettings, Capabilities } from "../camera.ts";
import { edges } from "../edges.ts";
import { type Frame, pixelKinds } from "../frame.ts";
import { Thread } from "../threads/thread.ts";
import type { VideoMode } from "../video-mode-table.ts";
import type { BlockEnd, StreamStatistics } from "./blocks.ts";
import { describeCamera, videoModeOf } from "./capabilities.ts";
import { type GigeDevice, openDevice } from "./device.ts";
import type { NodeMap } from "./genicam/node-map.ts";
import { gvcpPort } from "./gvcp.ts";
import { needsUnpacking, type Picture, unpackPicture } from "./pixels.ts";
import { capability, registers } from "./registers-table.ts";
import { applySettings, readableFormats, setFullFrame, setIfPossible } from "./settings.ts";
import { type ImageStream, openStream } from "./stream.ts";
import { openTransport } from "./transport.ts";
import type { Image } from "./unpack-thread.ts";

export interface GigeOptions {
  readonly host: string;
  /** What `capabilities.type` says. Default GigE. */
  readonly type?: string;
  /** Of GVCP. Default 3956. */
  readonly port?: number;
  /** Bytes of a stream packet with all its headers; less when the network does not carry it. Default 8000. */
  readonly packetSize?: number;
  /** Ticks of the camera's clock between two packets. Default 0. */
  readonly packetDelay?: number;
  /** Ticks of the camera's clock from exposure to sending. Default 0. */
  readonly frameDelay?: number;
  /** The input of external triggers. Default: Line1, or the first there is. */
  readonly line?: string;
  /** Metres: x, y. Cameras do not tell it. */
  readonly pixelSize?: readonly [number, number];
  /** An image that was lost is given with zeros in all pixels, instead of ending the acquisition. */
  readonly blankForLost?: boolean;
}

/** Images counted since the camera was opened. */
export interface GigeCounts {
  total: number;
  failed: number;
}

export interface GigeCamera extends Camera {
  readonly about: string;
  readonly features: NodeMap;
  readonly counts: Readonly<GigeCounts>;
  /** Of the acquisition that was prepared last. */
  readonly statistics: Readonly<StreamStatistics>;
  /** Looks again at what the camera is able to do: after a feature was written. */
  refresh(): Promise<void>;
}

/** Milliseconds a frame may be late. */
const patience = 5000;
/** Bytes of images that may wait to be processed. */
const queueMemory = 512 << 20;

/** Takes control. @throws Error naming the camera: no answer, controlled by another program, or not usable here, and why. */
export async function openGige(options: GigeOptions, call: { readonly signal: AbortSignal }): Promise<GigeCamera> {
  await using stack = new AsyncDisposableStack();
  const device = stack.use(await openDevice(options, call));
  try {
    await setIfPossible(device.features, "TLParamsLocked", 0);
    await setReadableFormat(device.features);
    await setFullFrame(device.features);
    const capabilities = await describeCamera(device.features, options);
    const { localAddress } = device.control;
    const queue = Math.max(2, Math.floor(queueMemory / bytesPerFrame(capabilities)));
    const address = { address: device.control.remoteAddress, port: options.port ?? gvcpPort };
    const stream = stack.use(await openStream({ localAddress, queue, device: address }));
    const unpacker = stack.use(
      new Thread<Image>(new URL(`./unpack-thread${extname(import.meta.url)}`, import.meta.url)),
    );
    const owned = stack.move();
    return new StreamingCamera({ device, stream, unpacker, options, capabilities }, owned);
  } catch (error) {
    throw named(device.about, error);
  }
}

const bytesPerFrame = ({ width, height, imageType }: Capabilities) => width * height * pixelKinds[imageType].bytes;

/** Keeps the format that is set when it can be read here. */
async function setReadableFormat(features: NodeMap): Promise<void> {
  const formats = await readableFormats(features);
  const [first] = formats;
  if (first === undefined) throw new Error("it has no Mono, Bayer, RGB or YUV pixel format");
  if (!formats.includes(String(await features.read("PixelFormat")))) await features.write("PixelFormat", first);
}

interface Parts {
  readonly device: GigeDevice;
  readonly stream: ImageStream;
  readonly unpacker: Thread<Image>;
  readonly options: GigeOptions;
  readonly capabilities: Capabilities;
}

class StreamingCamera implements GigeCamera {
  readonly counts: GigeCounts = { total: 0, failed: 0 };
  capabilities: Capabilities;
  readonly #device: GigeDevice;
  readonly #stream: ImageStream;
  readonly #unpacker: Thread<Image>;
  readonly #options: GigeOptions;
  readonly #owned: AsyncDisposableStack;
  readonly #software = edges();
  /** Wanted at first, then what the network was found to carry. */
  #packetSize: number;
  #prepared: { readonly settings: CameraSettings; readonly tickSeconds: number } | undefined;

  constructor({ device, stream, unpacker, options, capabilities }: Parts, owned: AsyncDisposableStack) {
    this.#device = device;
    this.#stream = stream;
    this.#unpacker = unpacker;
    this.#options = options;
    this.#packetSize = options.packetSize ?? 8000;
    this.capabilities = capabilities;
    this.#owned = owned;
  }

  get about(): string {
    return this.#device.about;
  }
  get features(): NodeMap {
    return this.#device.features;
  }
  get statistics(): Readonly<StreamStatistics> {
    return this.#stream.statistics;
  }

  async refresh(): Promise<void> {
    this.capabilities = await describeCamera(this.features, this.#options);
  }

  async prepare(settings: CameraSettings, call: { readonly signal: AbortSignal }): Promise<void> {
    const { features, control } = this.#device;
    try {
      // A camera that was switched off and on has forgotten everything.
      await this.#device.takeControl(call);
      await setIfPossible(features, "TLParamsLocked", 0);
      await setFullFrame(features);
      await applySettings(features, settings, this.#options.line ?? "");
      await this.refresh();
      const { packetDelay = 0, frameDelay = 0 } = this.#options;
      await setIfPossible(features, "GevSCFTD", frameDelay);
      await this.#stream.renew();
      const packetSize = await openTransport(control, this.#stream, { size: this.#packetSize, packetDelay }, call);
      this.#packetSize = packetSize;
      const resend = ((await control.readRegister(registers.gvcpCapability, call)) & capability.packetResend) !== 0;
      this.#stream.begin({ imageSize: await features.number("PayloadSize"), packetSize, resend });
      this.#software.clear();
      this.#prepared = { settings, tickSeconds: await this.#tickSeconds() };
    } catch (error) {
      this.#prepared = undefined;
      throw named(this.about, error);
    }
  }

  async #tickSeconds(): Promise<number> {
    const [high, low] = [registers.tickFrequencyHigh, registers.tickFrequencyLow];
    const [upper, lower] = [
      await this.#device.control.readRegister(high),
      await this.#device.control.readRegister(low),
    ];
    return 1 / (upper * 2 ** 32 + lower || 1e9);
  }

  async setVideoMode(mode: VideoMode): Promise<void> {
    const fitting = (await readableFormats(this.features)).filter((each) => videoModeOf(each) === mode);
    // Colour filters that LIMA has no mode for are shown grey too.
    const name = fitting.find((each) => each.startsWith("Mono")) ?? fitting[0];
    if (name === undefined) throw new Error(`${this.about} has no pixel format for video_mode ${mode}`);
    await this.features.write("PixelFormat", name);
    await this.refresh();
  }

  trigger(): void {
    this.#software.fire();
  }

  async *frames(signal: AbortSignal): AsyncIterable<Frame> {
    if (!this.#prepared) throw new Error(`${this.about}: frames are wanted before prepare`);
    const { settings, tickSeconds } = this.#prepared;
    const { lost } = this.#device;
    const stopped = AbortSignal.any([signal, lost]);
    let first: bigint | undefined;
    await setIfPossible(this.features, "TLParamsLocked", 1);
    await this.features.execute("AcquisitionStart");
    try {
      for (let index = 0; settings.frames === 0 || index < settings.frames; ) {
        if (!(await this.#triggered(settings, stopped))) break;
        const end = await this.#next(settings, stopped);
        if (!end) break;
        const image = await this.#imageOf(end, settings, index);
        if (!image) continue;
        const { timestamp, ...picture } = image;
        first ??= timestamp;
        const time = timestamp > first ? Number(timestamp - first) * tickSeconds : 0;
        yield { ...picture, index: index++, time };
      }
      if (lost.aborted && !signal.aborted) throw named(this.about, lost.reason);
    } finally {
      await this.#end();
    }
  }

  /** With software triggers: when the next is due, and sent. False when stopped. */
  async #triggered({ trigger }: CameraSettings, stopped: AbortSignal): Promise<boolean> {
    if (trigger !== "INTERNAL_TRIGGER_MULTI") return !stopped.aborted;
    if (!(await this.#software.next(stopped))) return false;
    await this.features.execute("TriggerSoftware");
    return true;
  }

  async #next({ trigger, exposure, latency }: CameraSettings, stopped: AbortSignal): Promise<BlockEnd | undefined> {
    // Nobody knows when an external trigger comes; that the camera is there, the heartbeat tells.
    if (!trigger.startsWith("INTERNAL")) return this.#stream.next(stopped);
    const late = AbortSignal.timeout(Math.ceil((exposure + latency) * 1000 + patience));
    const end = await this.#stream.next(AbortSignal.any([stopped, late]));
    if (end || stopped.aborted) return end;
    throw new Error(
      `${this.about}: no image came within ${patience / 1000} s of its end: is UDP port ${this.#stream.port} of this machine open?`,
    );
  }

  /** Undefined: it was lost, and nothing takes its place. @throws Error when the acquisition cannot go on without it. */
  async #imageOf(end: BlockEnd, { frames }: CameraSettings, index: number) {
    this.counts.total++;
    if (end.kind === "whole") {
      const { leader, data } = end;
      const { width, height } = this.capabilities;
      if (leader.width !== width || leader.height !== height)
        throw new Error(`${this.about} sent ${leader.width} x ${leader.height} pixels instead of ${width} x ${height}`);
      const { timestamp } = leader;
      if (!needsUnpacking(leader)) return { width, height, ...unpackPicture(leader, data), timestamp };
      return { width, height, ...(await this.#unpacker.ask<Picture>({ leader, data }, [data.buffer])), timestamp };
    }
    this.counts.failed++;
    const { width, height, imageType } = this.capabilities;
    if (this.#options.blankForLost)
      return { width, height, pixels: pixelKinds[imageType].create(width * height), timestamp: 0n };
    if (frames === 0) return undefined;
    throw new Error(`${this.about}: frame ${index} is lost: ${end.why}`);
  }

  async #end(): Promise<void> {
    this.#stream.end();
    if (this.#device.lost.aborted) return;
    await this.features.execute("AcquisitionStop").catch(() => {});
    await setIfPossible(this.features, "TLParamsLocked", 0);
    await this.#device.control.writeRegister(registers.streamPort, 0).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }
}

/** Says which camera it is, once. */
function named(about: string, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith("GigE camera") ? (error as Error) : new Error(`${about}: ${message}`);
}
