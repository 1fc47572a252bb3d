// SPDX-License-Identifier: MIT
// The acquisition of one detector: prepare, start, frames through the processing chain into the ring buffer and to the disk.
import { accumulated, type SubFrames, subFrames } from "./accumulation.ts";
import type { Camera } from "./camera.ts";
import { type Frame, type ImageType, pixelKinds } from "./frame.ts";
import { applyOperations, checkOperations, finalSize } from "./image-operations.ts";
import { type AcquisitionParameters, defaultParameters } from "./parameters.ts";

export type Status = "Ready" | "Running" | "Fault" | "Configuration";

/** Frame indices, -1 before the first. */
export interface Counters {
  /** Given by the camera. */
  acquired: number;
  /** After image operations. */
  base: number;
  /** After the processing chain: what clients read. */
  ready: number;
  saved: number;
  /** Reduced by the counter plugins. */
  counted: number;
}

/** A plugin in the processing chain. It may replace the frame; chains run in order of `runLevel`. */
export interface Processor {
  readonly runLevel: number;
  /** Produces counters that the end of the acquisition waits for. */
  readonly counts: boolean;
  /** Forgets the results of the acquisition before. @throws Error when it cannot work on images of this size. */
  prepare(size: { readonly width: number; readonly height: number }): void;
  process(frame: Frame): Frame;
}

/** Where frames are saved, one acquisition at a time. */
export interface Saver {
  /** False: frames are not saved by themselves. */
  readonly automatic: boolean;
  /** @throws Error when the files cannot be written (they exist, no such folder ...). */
  prepare(plan: SavingPlan): Promise<void>;
  /** Frames arrive in order, one call at a time. False: it was given up. */
  save(frame: Frame): Promise<boolean>;
  /** Saves no longer what waits for something (a header that has not come). */
  giveUp(): void;
  /** Closes what is open; called at the end of every acquisition. */
  finish(): Promise<void>;
}

/** What is going to be saved. */
export interface SavingPlan {
  /** 0: until stopped. */
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  readonly imageType: ImageType;
  readonly parameters: AcquisitionParameters;
}

export interface AcquisitionOptions {
  /** The camera as it is connected now. @throws Error when none is. */
  readonly camera: () => Camera;
  /** The plugins that are on, in any order; they may come and go during an acquisition. */
  readonly processors: ReadonlySet<Processor>;
  readonly saver: Saver;
  /** Frames the ring buffer holds at most. */
  readonly bufferFrames: (bytesPerFrame: number) => number;
  readonly onStatus: () => void;
  readonly onCounters: () => void;
}

/** LIMA's state machine: Ready -> prepare -> start -> Running -> Ready or Fault. */
export class Acquisition {
  readonly parameters: AcquisitionParameters = defaultParameters();
  readonly counters: Counters = { acquired: -1, base: -1, ready: -1, saved: -1, counted: -1 };
  readonly #options: AcquisitionOptions;
  #status: Status = "Ready";
  #fault = "No error";
  #prepared: AcquisitionParameters | undefined;
  #buffer: (Frame | undefined)[] = [];
  #run: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  #triggered = 0;
  #saving: Promise<void> = Promise.resolve();
  #unsaved = 0;
  #discarding = false;

  constructor(options: AcquisitionOptions) {
    this.#options = options;
  }

  get status(): Status {
    return this.#status;
  }
  /** One of LIMA's texts; "No error" unless the status is Fault. */
  get fault(): string {
    return this.#fault;
  }
  get camera(): Camera {
    return this.#options.camera();
  }
  /** Size of the final image `[width, height]` with the parameters as they are now. */
  get size(): readonly [number, number] {
    const { width, height } = this.camera.capabilities;
    return finalSize(width, height, this.parameters.operations);
  }
  /** Pixel type of the final image. */
  get imageType(): ImageType {
    return this.parameters.mode === "ACCUMULATION"
      ? this.parameters.accumulation.type
      : this.camera.capabilities.imageType;
  }
  /** How an accumulated image is exposed with the parameters as they are now; one exposure in the other modes. */
  get subFrames(): SubFrames {
    return subFrames(this.parameters, this.camera.capabilities.latency.min);
  }
  /** The tag of the acquisition that was prepared last. */
  get tag(): bigint {
    return (this.#prepared ?? this.parameters).tag;
  }
  get bufferFrames(): number {
    const [width, height] = this.size;
    return this.#options.bufferFrames(width * height * pixelKinds[this.imageType].bytes);
  }
  /** Whether the detector waits for a start or the next software trigger. */
  get readyForNextImage(): boolean {
    if (this.#status !== "Running") return true;
    return this.#prepared?.trigger === "INTERNAL_TRIGGER_MULTI" && this.counters.acquired + 1 >= this.#triggered;
  }

  /** Resolves when the acquisition that runs has ended, however it ended. */
  get ended(): Promise<void> {
    return this.#run?.ended ?? Promise.resolve();
  }

  async prepare(): Promise<void> {
    if (this.#status === "Running") throw new Error("Acquisition not finished");
    if (this.#status === "Configuration") throw new Error("Configuration not finished");
    // One in INTERNAL_TRIGGER_MULTI that waits for its next trigger ends here.
    if (this.#run) await this.stop();
    const parameters = { ...this.parameters };
    this.#check(parameters);
    this.#setStatus("Configuration");
    try {
      Object.assign(this.counters, { acquired: -1, base: -1, ready: -1, saved: -1, counted: -1 });
      const kept = parameters.frames === 0 ? 16 : parameters.frames;
      this.#buffer = new Array(Math.max(1, Math.min(kept, this.bufferFrames)));
      const [width, height] = this.size;
      for (const processor of this.#options.processors) processor.prepare({ width, height });
      const { frames, latency, trigger } = parameters;
      await this.#options.saver.prepare({ frames, width, height, imageType: this.imageType, parameters });
      const { count, exposure } = this.subFrames;
      const settings = { frames: frames * count, exposure, latency, trigger };
      await this.camera.prepare(settings, { signal: AbortSignal.timeout(60_000) });
      this.#triggered = 0;
      this.#unsaved = 0;
      this.#discarding = false;
      this.#saving = Promise.resolve();
      this.#prepared = parameters;
      this.#fault = "No error";
      this.#options.onCounters();
    } catch (error) {
      this.#prepared = undefined;
      throw error;
    } finally {
      this.#setStatus("Ready");
    }
  }

  #check({ operations, trigger }: AcquisitionParameters): void {
    const { width, height, triggerModes } = this.camera.capabilities;
    checkOperations(width, height, operations);
    if (!triggerModes.includes(trigger)) throw new Error(`Trigger mode: ${trigger} not available`);
  }

  /** Starts the prepared acquisition, or exposes the next frame of one in INTERNAL_TRIGGER_MULTI. */
  start(): void {
    if (this.#status === "Fault") throw new Error("Can't process startAcq: Acquisition is in fault");
    const prepared = this.#prepared;
    if (!prepared) throw new Error("Run prepareAcq before starting acquisition");
    const multi = prepared.trigger === "INTERNAL_TRIGGER_MULTI";
    if (this.#run && !multi) throw new Error("Run prepareAcq before starting acquisition");
    if (multi && prepared.frames !== 0 && this.#triggered >= prepared.frames)
      throw new Error("Run prepareAcq before starting acquisition");
    if (!this.readyForNextImage) throw new Error("Try to restart before detector is ready");
    this.#triggered++;
    if (!this.#run) {
      const abort = new AbortController();
      this.#run = { abort, ended: this.#acquire(prepared, abort.signal) };
    }
    this.#setStatus("Running");
    if (multi) for (let i = 0; i < this.subFrames.count; i++) this.camera.trigger();
  }

  /** Stops the camera and forgets what is not saved yet. */
  async abort(): Promise<void> {
    this.#discarding = true;
    await this.stop();
  }

  /** Stops the camera and waits until what it gave is processed and saved. */
  async stop(): Promise<void> {
    this.#run?.abort.abort();
    this.#options.saver.giveUp();
    await this.#run?.ended;
    this.#run = undefined;
    this.#prepared = undefined;
    if (this.#status !== "Fault") this.#setStatus("Ready");
  }

  async reset(): Promise<void> {
    await this.stop();
    Object.assign(this.parameters, defaultParameters());
    this.#fault = "No error";
    this.#setStatus("Ready");
  }

  /** Frame `index` of the last acquisition, -1: the latest. @throws Error in LIMA's words when it is not there. */
  frame(index: number): Frame {
    const wanted = index < 0 ? this.counters.ready : index;
    if (wanted < 0 || wanted > this.counters.ready) throw new Error("Frame not available yet");
    const frame = this.#buffer[wanted % this.#buffer.length];
    if (frame?.index !== wanted) throw new Error("Frame no more available");
    return frame;
  }

  async #acquire(parameters: AcquisitionParameters, signal: AbortSignal): Promise<void> {
    try {
      const frames = accumulated(this.camera.frames(signal), parameters, this.subFrames.count);
      for await (const raw of frames) {
        this.#take(raw, parameters);
        // Clients are served between frames even when frames come faster than they are processed.
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      await this.#saving;
    } catch (error) {
      this.#fail(`Camera: error (${error instanceof Error ? error.message : error})`);
    } finally {
      await this.#options.saver
        .finish()
        .catch((error: Error) => this.#fail(`Saving: file close error (${error.message})`));
      this.#run = undefined;
      this.#prepared = undefined;
      if (this.#status === "Running") this.#setStatus("Ready");
    }
  }

  #take(raw: Frame, parameters: AcquisitionParameters): void {
    const { counters } = this;
    counters.acquired = raw.index;
    let frame = applyOperations(raw, parameters.operations);
    counters.base = frame.index;
    const chain = [...this.#options.processors].sort((a, b) => a.runLevel - b.runLevel);
    try {
      for (const processor of chain) frame = processor.process(frame);
    } catch (error) {
      this.#fail(`Processing: error (${error instanceof Error ? error.message : error})`);
      return;
    }
    if (chain.some((processor) => processor.counts)) counters.counted = frame.index;
    const slot = frame.index % this.#buffer.length;
    if (this.#options.saver.automatic && this.#unsaved >= this.#buffer.length) {
      this.#fail("Saving: overun");
      return;
    }
    this.#buffer[slot] = frame;
    counters.ready = frame.index;
    if (this.#options.saver.automatic) this.#save(frame);
    this.#options.onCounters();
    const more = parameters.frames === 0 || frame.index + 1 < parameters.frames;
    // Between software triggers the detector is idle: clients wait for Ready before they trigger again.
    if (more && parameters.trigger === "INTERNAL_TRIGGER_MULTI" && !this.#options.saver.automatic)
      this.#setStatus("Ready");
  }

  #save(frame: Frame): void {
    this.#unsaved++;
    this.#saving = this.#saving.then(async () => {
      if (this.#status === "Fault" || this.#discarding) return;
      try {
        const saved = await this.#options.saver.save(frame);
        this.#unsaved--;
        if (saved) this.counters.saved = frame.index;
        this.#options.onCounters();
        const waiting = this.#prepared?.trigger === "INTERNAL_TRIGGER_MULTI" && this.#unsaved === 0;
        if (waiting && this.#run && this.readyForNextImage) this.#setStatus("Ready");
      } catch (error) {
        this.#fail(savingFault(error));
      }
    });
  }

  #fail(fault: string): void {
    this.#fault = fault;
    this.#run?.abort.abort();
    this.#setStatus("Fault");
  }

  #setStatus(status: Status): void {
    this.#status = status;
    this.#options.onStatus();
  }
}

function savingFault(error: unknown): string {
  const { code, reason, message } = error as { code?: string; reason?: string; message?: string };
  if (code === "ENOSPC" || reason === "full") return `Saving: disk full (${message})`;
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return `Saving: access error (${message})`;
  if (code === "ENOENT" || reason === "missing") return `Saving: file open error (${message})`;
  return `Saving: unknown error (${message ?? error})`;
}
