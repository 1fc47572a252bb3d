// SPDX-License-Identifier: MIT

/** Results of the last frames, oldest first: a client that reads late gets those that are still there. */
export class RecentResults<Result> {
  #kept: { readonly frame: number; readonly result: Result }[] = [];
  #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get capacity(): number {
    return this.#capacity;
  }
  set capacity(frames: number) {
    if (!(Number.isInteger(frames) && frames >= 1))
      throw new Error(`Invalid BufferSize: ${frames}; a whole number of frames from 1 on is wanted`);
    this.#capacity = frames;
    this.#kept = this.#kept.slice(-frames);
  }
  clear(): void {
    this.#kept = [];
  }
  add(frame: number, result: Result): void {
    this.#kept.push({ frame, result });
    if (this.#kept.length > this.#capacity) this.#kept.shift();
  }
  /** -1 before the first. */
  get last(): number {
    return this.#kept.at(-1)?.frame ?? -1;
  }
  /** Of frame `first` and those after it. */
  from(first: number): readonly { readonly frame: number; readonly result: Result }[] {
    return this.#kept.filter(({ frame }) => frame >= first);
  }
}
