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
    this.#given.set(frame, headers);
    this.#waiting.get(frame)?.(headers);
    this.#waiting.delete(frame);
  }
  clear(): void {
    this.#given.clear();
  }
  of(frame: number): Headers {
    return this.#given.get(frame) ?? none;
  }
  /** Resolves when the frame's headers are there; with undefined when nobody waits for them any more. */
  next(frame: number): Promise<Headers | undefined> {
    const given = this.#given.get(frame);
    if (given || this.#closed) return Promise.resolve(given);
    return new Promise((resolve) => void this.#waiting.set(frame, resolve));
  }
  close(): void {
    this.#closed = true;
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }
}
