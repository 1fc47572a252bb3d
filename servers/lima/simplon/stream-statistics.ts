// SPDX-License-Identifier: MIT
// How the frames of a series come in: what Eiger's stream_stats and stream_last_info tell.
import type { StreamImage } from "./messages.ts";

export class StreamStatistics {
  #frames = 0;
  #bytes = 0;
  #began = 0;
  #latest = 0;
  #last: readonly string[] = [];

  clear(): void {
    this.#frames = 0;
    this.#bytes = 0;
    this.#began = performance.now();
    this.#latest = this.#began;
  }
  /** `bytes`: of the message, as it came. */
  add({ image, width, height, pixels }: StreamImage, bytes: number): void {
    this.#frames++;
    this.#bytes += bytes;
    this.#latest = performance.now();
    const depth = 8 * pixels.BYTES_PER_ELEMENT;
    this.#last = [String(image), `${width}x${height}`, `uint${depth}`, `${bytes} bytes`];
  }

  /** Frame, size, type and bytes of the last frame; nothing before the first. */
  get last(): readonly string[] {
    return this.#last;
  }
  /** Frames, mean size (bytes), mean time between them (s), mean speed (bytes/s). */
  get values(): Float64Array {
    if (this.#frames === 0) return new Float64Array(4);
    const seconds = Math.max((this.#latest - this.#began) / 1000, 1e-9);
    return Float64Array.of(this.#frames, this.#bytes / this.#frames, seconds / this.#frames, this.#bytes / seconds);
  }
}
