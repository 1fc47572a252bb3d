// SPDX-License-Identifier: MIT
// The acquisition of one detector: LIMA's state machine around the flow of its frames.
import { accumulated, type SubFrames, subFrames } from "./accumulation.ts";
import type { Camera, Capabilities } from "./camera.ts";
import { acquisitionFault, savingFault } from "./fault-table.ts";
import { type Frame, type ImageType, pixelKinds } from "./frame.ts";
import { type Counters, FrameFlow, noFrames } from "./frame-flow.ts";
import { changesNothing, checkOperations, finalSize } from "./image-operations.ts";
import { type AcquisitionParameters, defaultParameters } from "./parameters.ts";
import type { ProcessingPool } from "./pipeline/pool.ts";
import type { Processor } from "./processor.ts";
import { FrameRing } from "./ring.ts";
import { SaturationCounter } from "./saturation.ts";
import { SavingQueue } from "./saving-queue.ts";

export type Status = "Ready" | "Running" | "Fault" | "Configuration";

/** Where frames are saved, one acquisition at a time. */
export interface Saver {
  /** False: frames are not saved by themselves. */
  readonly automatic: boolean;
  /** Frames that are packed, or files that are written at the same time. Default 1. */
  readonly tasks?: number;
  /** The camera writes the files. */
  readonly byCamera: boolean;
  /** @throws Error when the files cannot be written (they exist, no such folder ...). */
  prepare(plan: SavingPlan): Promise<void>;
  /**
   * Frames arrive in order, the next when the one before is on its way: when the outer promise has resolved. The inner one
   * resolves when it is in its file; with false when it was given up.
   */
  save(frame: Frame): Promise<{ readonly written: Promise<boolean> }>;
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
  /** Absent: nothing of it is kept. */
  readonly detector?: DetectorInformation;
}
/** What files keep of the detector. */
export type DetectorInformation = Pick<Capabilities, "type" | "model" | "pixelSize" | "width" | "height">;

export interface AcquisitionOptions {
  /** The camera as it is connected now. @throws Error when none is. */
  readonly camera: () => Camera;
  /** The plugins that are on, in any order; they may come and go during an acquisition. */
  readonly processors: ReadonlySet<Processor>;
  readonly pool: ProcessingPool;
  readonly saver: Saver;
  /** Whether binning, flips, rotations and regions are allowed: cameras do none of them. Default true. */
  readonly operations?: boolean;
  /** Frames the ring buffer holds at most. */
  readonly bufferFrames: (bytesPerFrame: number) => number;
  readonly onStatus: () => void;
  readonly onCounters: () => void;
}

/** From prepare on. */
interface Prepared {
  readonly parameters: AcquisitionParameters;
  readonly ring: FrameRing;
  /** The frames before the plugins' corrections; without corrections those of the ring. */
  readonly bases: FrameRing;
  readonly saving: SavingQueue | undefined;
  readonly saturation: SaturationCounter;
}

/** Readable frames of an acquisition without an end. */
const endlessFrames = 16;
/** Milliseconds a camera may take to get ready. */
const prepareTimeout = 60_000;

/** Ready -> prepare -> start -> Running -> Ready or Fault. */
export class Acquisition {
  readonly parameters: AcquisitionParameters = defaultParameters();
  readonly counters: Counters = { ...noFrames };
  readonly #options: AcquisitionOptions;
  #status: Status = "Ready";
  #fault = "No error";
  /** What was prepared last, also after its end: its frames stay readable. */
  #latest: Prepared | undefined;
  /** Whether `#latest` may be started. */
  #armed = false;
  #run: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  #triggered = 0;
  #video: Frame | undefined;

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
    const { mode, accumulation } = this.parameters;
    return mode === "ACCUMULATION" ? accumulation.type : this.camera.capabilities.imageType;
  }
  /** How an accumulated image is exposed with the parameters as they are now; one exposure in the other modes. */
  get subFrames(): SubFrames {
    return subFrames(this.parameters, this.camera.capabilities.latency.min);
  }
  /** The tag of the acquisition that was prepared last. */
  get tag(): bigint {
    return (this.#latest?.parameters ?? this.parameters).tag;
  }
  /** Buffers there is memory for; in CONCATENATION each holds several frames. */
  get buffers(): number {
    return this.#options.bufferFrames(this.#frameBytes * this.#framesPerBuffer * (this.#keepsBase ? 2 : 1));
  }
  /** Whether the detector waits for a start or the next software trigger. */
  get readyForNextImage(): boolean {
    if (this.#status !== "Running") return true;
    return this.#triggeredOneByOne && this.counters.acquired + 1 >= this.#triggered;
  }
  /** Saturated pixels of accumulated images. @throws Error before the first acquisition. */
  get saturation(): SaturationCounter {
    if (this.#latest) return this.#latest.saturation;
    throw new Error("Nothing was acquired: no saturated pixels were counted");
  }
  /** Resolves when the acquisition that runs has ended, however it ended. */
  get ended(): Promise<void> {
    return this.#run?.ended ?? Promise.resolve();
  }

  get #frameBytes(): number {
    const [width, height] = this.size;
    return width * height * pixelKinds[this.imageType].bytes;
  }
  /** Whether frames are corrected: they are kept as they were too. */
  get #keepsBase(): boolean {
    return [...this.#options.processors].some(({ corrects }) => corrects === true);
  }
  get #framesPerBuffer(): number {
    return this.parameters.mode === "CONCATENATION" ? this.parameters.concatenated : 1;
  }
  get #triggeredOneByOne(): boolean {
    return this.#latest?.parameters.trigger === "INTERNAL_TRIGGER_MULTI";
  }

  async prepare(): Promise<void> {
    if (this.#status === "Running") throw new Error("Acquisition not finished");
    if (this.#status === "Configuration") throw new Error("Configuration not finished");
    // One in INTERNAL_TRIGGER_MULTI that waits for its next trigger ends here.
    if (this.#run) await this.stop();
    const parameters = { ...this.parameters };
    this.#check(parameters);
    this.#armed = false;
    this.#setStatus("Configuration");
    try {
      Object.assign(this.counters, noFrames);
      await this.#prepareAll(parameters);
      this.#triggered = 0;
      this.#video = undefined;
      this.#armed = true;
      this.#fault = "No error";
      this.#options.onCounters();
    } finally {
      this.#setStatus("Ready");
    }
  }

  async #prepareAll(parameters: AcquisitionParameters): Promise<void> {
    const { processors, saver } = this.#options;
    const [width, height] = this.size;
    for (const processor of processors) processor.prepare({ width, height });
    const { frames, latency, trigger, accumulation } = parameters;
    const { type, model, pixelSize, ...whole } = this.camera.capabilities;
    const detector = { type, model, pixelSize, width: whole.width, height: whole.height };
    await saver.prepare({ frames, width, height, imageType: this.imageType, parameters, detector });
    if (saver.byCamera && (processors.size > 0 || !changesNothing(parameters.operations)))
      throw new Error("Can't have any software operation if Hardware saving is active");
    const ring = this.#newRing(frames);
    const saving = saver.automatic ? this.#newQueue(ring) : undefined;
    const bases = this.#newRing(frames);
    this.#latest = { parameters, ring, bases, saving, saturation: new SaturationCounter(accumulation.saturation) };
    const { count, exposure } = this.subFrames;
    const settings = { frames: frames * count, exposure, latency, trigger };
    await this.camera.prepare(settings, { signal: AbortSignal.timeout(prepareTimeout) });
  }

  #newRing(frames: number): FrameRing {
    const block = this.#framesPerBuffer;
    const wanted = Math.ceil((frames === 0 ? endlessFrames : frames) / block);
    const capacity = Math.max(1, Math.min(wanted, this.buffers)) * block;
    const spare = frames > 0 && frames <= capacity ? 0 : this.#options.pool.threads + 1;
    return new FrameRing({ capacity, spare, bytes: this.#frameBytes, block });
  }

  #newQueue(ring: FrameRing): SavingQueue {
    return new SavingQueue({
      ring,
      tasks: this.#options.saver.tasks ?? 1,
      save: (frame) => this.#options.saver.save(frame),
      onSaved: ({ index }) => {
        this.counters.saved = index;
        this.#progress();
      },
      onError: (error) => this.#fail(savingFault(error)),
    });
  }

  #check({ operations, trigger, mode, concatenated }: AcquisitionParameters): void {
    const { width, height, triggerModes } = this.camera.capabilities;
    checkOperations(width, height, operations);
    if (this.#options.operations === false && !changesNothing(operations))
      throw new Error("Property ImageOpMode is HardOnly, and this camera neither bins nor turns nor cuts its images");
    if (!triggerModes.includes(trigger)) throw new Error(`Trigger mode: ${trigger} not available`);
    if (mode === "CONCATENATION" && !(concatenated > 0))
      throw new Error(`Invalid concat. nb frames: ${concatenated} is not above 0`);
  }

  /** Starts the prepared acquisition, or exposes the next frame of one in INTERNAL_TRIGGER_MULTI. */
  start(): void {
    if (this.#status === "Fault") throw new Error("Can't process startAcq: Acquisition is in fault");
    const prepared = this.#latest;
    const multi = this.#triggeredOneByOne;
    const { frames } = prepared?.parameters ?? { frames: 0 };
    const over = multi ? frames !== 0 && this.#triggered >= frames : this.#run !== undefined;
    if (!prepared || !this.#armed || over) throw new Error("Run prepareAcq before starting acquisition");
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
    this.#latest?.saving?.discard();
    await this.stop();
  }

  /** Stops the camera and waits until what it gave is processed and saved. */
  async stop(): Promise<void> {
    this.#run?.abort.abort();
    this.#options.saver.giveUp();
    await this.#run?.ended;
    this.#armed = false;
    if (this.#status !== "Fault") this.#setStatus("Ready");
  }

  async reset(): Promise<void> {
    await this.stop();
    Object.assign(this.parameters, defaultParameters());
    Object.assign(this.counters, noFrames);
    this.#latest = undefined;
    this.#fault = "No error";
    this.#options.onCounters();
    this.#setStatus("Ready");
  }

  /** Frame `index` of the last acquisition, -1: the latest. @throws Error in LIMA's words when it is not there. */
  frame(index: number): Frame {
    return this.#prepared.ring.frame(index, this.counters.ready);
  }
  /** The same for those who read it later: its memory is not used again. */
  lend(index: number): Frame {
    return this.#prepared.ring.lend(index, this.counters.ready);
  }
  /** A frame as it was before the plugins' corrections; the final one where there are none. */
  base(index: number): Frame {
    return this.#prepared.bases.frame(index, this.counters.base);
  }
  lendBase(index: number): Frame {
    const base = this.base(index);
    // A frame that nothing corrected lies in the memory of the final ones.
    if (base === this.frame(base.index)) return this.lend(base.index);
    return this.#prepared.bases.lend(base.index, this.counters.base);
  }
  /** The latest frame when it has a picture in colours. */
  get videoFrame(): Frame | undefined {
    return this.#video;
  }
  get #prepared(): Prepared {
    if (!this.#latest) throw new Error("Frame not available yet");
    return this.#latest;
  }

  async #acquire({ parameters, ring, bases, saving, saturation }: Prepared, signal: AbortSignal): Promise<void> {
    const { processors, pool, saver } = this.#options;
    const flow = new FrameFlow({
      ...{ parameters, counters: this.counters, processors, pool, ring, bases, saving },
      onReady: (frame, video) => {
        this.#video = video && { ...frame, video };
        this.#progress();
      },
      onError: (error) => this.#fail(`Processing: error (${error.message})`),
      onBreak: (error) => this.#fail(acquisitionFault(error)),
    });
    try {
      const { count } = this.subFrames;
      await flow.run(accumulated(this.camera.frames(signal), { parameters, count, pool, saturation }));
    } finally {
      await saver.finish().then(
        () => saver.byCamera && (this.counters.saved = this.counters.acquired),
        (error: Error) => this.#fail(savingFault(error, "Saving: file close error")),
      );
      this.#run = undefined;
      this.#armed = false;
      if (this.#status === "Running") this.#setStatus("Ready");
      this.#options.onCounters();
    }
  }

  /** After each frame that is ready or saved. */
  #progress(): void {
    this.#options.onCounters();
    const { frames } = this.#latest?.parameters ?? { frames: 0 };
    const { ready } = this.counters;
    const waits = this.#latest?.saving?.waiting ?? 0;
    const more = frames === 0 || ready + 1 < frames;
    // Between software triggers the detector is idle: clients wait for Ready before they trigger again.
    if (this.#status === "Running" && this.#triggeredOneByOne && more && ready + 1 >= this.#triggered && waits === 0)
      this.#setStatus("Ready");
  }

  #fail(fault: string): void {
    if (this.#status !== "Fault") this.#fault = fault;
    this.#run?.abort.abort();
    this.#setStatus("Fault");
  }

  #setStatus(status: Status): void {
    this.#status = status;
    this.#options.onStatus();
  }
}
