// SPDX-License-Identifier: MIT
// The frames of one acquisition that clients can read: the latest ones, in memory that is used again and again.
import type { Frame } from "./frame.ts";

export interface RingOptions {
  /** Frames that stay readable. */
  readonly capacity: number;
  /** Places more, for frames that are on their way. */
  readonly spare: number;
  /** Of one frame. */
  readonly bytes: number;
  /** Frames whose memory is one piece (CONCATENATION). */
  readonly block: number;
}

/** A frame came, and the place for it holds one that still waits to be saved. */
export class RingOverrun extends Error {
  override readonly name = "RingOverrun";
}

export class FrameRing {
  readonly #options: RingOptions;
  readonly #frames: (Frame | undefined)[];
  /** Memory of each place, from its first use on. */
  readonly #memory: (Uint8Array | undefined)[];
  /** Places whose memory somebody outside reads: it is not written again. */
  readonly #lent = new Set<number>();
  readonly #held = new Set<number>();

  constructor(options: RingOptions) {
    this.#options = options;
    this.#frames = new Array(options.capacity + options.spare);
    this.#memory = new Array(this.#frames.length);
  }

  /** Memory for a frame that comes; the frame that was there can be read no more. @throws RingOverrun */
  claim(index: number): Uint8Array {
    const place = index % this.#frames.length;
    const old = this.#frames[place];
    if (old && this.#held.has(old.index))
      throw new RingOverrun(
        `frame ${index} found the ${this.#frames.length} places of the buffer full of frames that wait to be saved`,
      );
    this.#frames[place] = undefined;
    if (this.#lent.delete(place)) this.#memory[place] = memoryOf(this.#options.bytes);
    return (this.#memory[place] ??= this.#newBlock(place));
  }

  put(frame: Frame): void {
    this.#frames[frame.index % this.#frames.length] = frame;
  }

  /** Keeps a frame until it is let go. */
  hold({ index }: Frame): void {
    this.#held.add(index);
  }
  letGo({ index }: Frame): void {
    this.#held.delete(index);
  }

  /** Frame `index` when `ready` is the latest; -1: that. @throws Error in LIMA's words when it is not there. */
  frame(index: number, ready: number): Frame {
    const wanted = index < 0 ? ready : index;
    if (wanted < 0 || wanted > ready) throw new Error("Frame not available yet");
    const frame = this.#frames[wanted % this.#frames.length];
    if (frame?.index !== wanted || wanted <= ready - this.#options.capacity) throw new Error("Frame no more available");
    return frame;
  }

  /** The same to somebody who reads it later, as a connection does: its pixels stay what they are. */
  lend(index: number, ready: number): Frame {
    const frame = this.frame(index, ready);
    this.#lent.add(frame.index % this.#frames.length);
    return frame;
  }

  /** For this place and those that share its block. */
  #newBlock(place: number): Uint8Array {
    const { bytes, block } = this.#options;
    const memory = memoryOf(bytes * block);
    const first = place - (place % block);
    for (let i = 0; i < block; i++) this.#memory[first + i] ??= memory.subarray(i * bytes, (i + 1) * bytes);
    return this.#memory[place] as Uint8Array;
  }
}

/** Zero pages until they are written: what no frame needs takes no memory. */
const memoryOf = (bytes: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(bytes));
