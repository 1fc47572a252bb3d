// SPDX-License-Identifier: MIT
// The frames of one acquisition on their way: camera, processing threads, ring, disk. Threads work on several at a time; what
// comes after them is in order.
import type { Frame, VideoPicture } from "./frame.ts";
import { changesNothing } from "./image-operations.ts";
import type { AcquisitionParameters } from "./parameters.ts";
import type { ProcessingPool } from "./pipeline/pool.ts";
import type { Processed } from "./pipeline/process.ts";
import { corrections, type Task } from "./pipeline/tasks.ts";
import type { Processor } from "./processor.ts";
import type { FrameRing } from "./ring.ts";
import type { SavingQueue } from "./saving-queue.ts";

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
export const noFrames: Counters = { acquired: -1, base: -1, ready: -1, saved: -1, counted: -1 };

export interface FrameFlowOptions {
  readonly parameters: AcquisitionParameters;
  readonly counters: Counters;
  readonly processors: ReadonlySet<Processor>;
  readonly pool: ProcessingPool;
  readonly ring: FrameRing;
  /** For the frames as they were before corrections. */
  readonly bases: FrameRing;
  /** Undefined: frames are not saved by themselves. */
  readonly saving: SavingQueue | undefined;
  /** Called with each frame that clients can read now. */
  readonly onReady: (frame: Frame, video: VideoPicture | undefined) => void;
  /** A plugin could not do its task: the frames after it are not taken any more. */
  readonly onError: (error: Error) => void;
  /** The frames ended before their time: what the camera threw, or RingOverrun. */
  readonly onBreak: (error: unknown) => void;
}

/** A plugin and what it wants done to one frame. */
interface Link {
  readonly processor: Processor;
  readonly task: Task;
}

/** What goes beside a frame on its way. */
interface Beside extends Pick<Frame, "video" | "packed"> {
  readonly chain: readonly Link[];
}

export class FrameFlow {
  readonly #options: FrameFlowOptions;
  /** The last frame on its way, after all those before it. */
  #last: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(options: FrameFlowOptions) {
    this.#options = options;
  }

  /** Resolves when the last frame is where it belongs, however they ended. */
  async run(frames: AsyncIterable<Frame>): Promise<void> {
    const { pool, saving, onBreak } = this.#options;
    const onTheWay: Promise<void>[] = [];
    try {
      for await (const frame of frames) {
        if (this.#failed) break;
        onTheWay.push(this.#take(frame));
        // The camera waits while all threads are busy.
        if (onTheWay.length > pool.threads) await onTheWay.shift();
        // Clients are served between frames even when frames come faster than they are processed.
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      onBreak(error);
    }
    await this.#last;
    await saving?.done;
  }

  #take({ video, packed, ...frame }: Frame): Promise<void> {
    const { counters, ring, bases, pool, parameters, processors } = this.#options;
    const into = ring.claim(frame.index);
    counters.acquired = frame.index;
    const chain = [...processors]
      .sort((a, b) => a.runLevel - b.runLevel)
      .flatMap((processor) => {
        const task = processor.task();
        return task ? [{ processor, task }] : [];
      });
    const tasks = chain.map(({ task }) => task);
    const corrected = tasks.some((task) => corrections.has(task.do));
    const base = corrected ? bases.claim(frame.index) : undefined;
    const unchanged = !corrected && changesNothing(parameters.operations);
    const processing = pool.process({ frame, operations: parameters.operations, tasks, into, base });
    const finish = processing.then(
      (processed) => () => this.#finish(processed, { chain, video, packed: unchanged ? packed : undefined }),
      (error: Error) => () => this.#fail(error),
    );
    this.#last = this.#last.then(async () => (await finish)()).catch((error: Error) => this.#fail(error));
    return this.#last;
  }

  #finish({ frame, base, results }: Processed, { chain, video, packed }: Beside): void {
    if (this.#failed) return;
    const { counters, processors, ring, bases, saving, onReady } = this.#options;
    for (const [i, { processor, task }] of chain.entries()) processor.done?.(results[i] as never, frame, task);
    if ([...processors].some(({ counts }) => counts)) counters.counted = frame.index;
    ring.put(frame);
    bases.put(base ?? frame);
    counters.base = frame.index;
    counters.ready = frame.index;
    saving?.add(packed ? { ...frame, packed } : frame);
    onReady(frame, video);
  }

  #fail(error: Error): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onError(error);
  }
}
