// SPDX-License-Identifier: MIT
// Header entries of single frames, given by clients before or after the frame is there (setImageHeader).

type Headers = ReadonlyMap<string, string>;
const none: Headers = new Map();

export class FrameHeaders {
  readonly #given = new Map<number, Headers>();
  readonly #waiting = new Map<number, (headers: Headers | undefined) => void>();
  #closed = false;

  /** From now on frames may wait for their headers. */
  open(): void {
    this.#closed = false;
  }
  give(frame: number, headers: Headers): void {
    const waiting = this.#waiting.get(frame);
    this.#waiting.delete(frame);
    if (waiting) waiting(headers);
    else this.#given.set(frame, headers);
  }
  clear(): void {
    this.#given.clear();
  }
  /** The frame's headers, for one frame only: the next acquisition's needs its own. */
  take(frame: number): Headers {
    const given = this.#given.get(frame);
    this.#given.delete(frame);
    return given ?? none;
  }
  /** Resolves when the frame's headers are there; with undefined when nobody waits for them any more. */
  next(frame: number): Promise<Headers | undefined> {
    if (this.#given.has(frame)) return Promise.resolve(this.take(frame));
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => void this.#waiting.set(frame, resolve));
  }
  close(): void {
    this.#closed = true;
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }
}
