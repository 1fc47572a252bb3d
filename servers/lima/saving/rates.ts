// SPDX-License-Identifier: MIT
// saving_statistics: how fast the last frames were saved.

interface Saved {
  readonly incoming: number;
  readonly written: number;
  readonly milliseconds: number;
  readonly at: number;
}

export class SavingRates {
  /** Frames that are averaged. */
  history = 16;
  #saved: Saved[] = [];

  clear(): void {
    this.#saved = [];
  }
  add(incoming: number, written: number, milliseconds: number): void {
    this.#saved = [...this.#saved, { incoming, written, milliseconds, at: performance.now() }].slice(-this.history);
  }

  /** Bytes a second written; compressed; compression ratio; bytes a second coming in. Zeros before the first frame. */
  get statistics(): Float64Array {
    const [first] = this.#saved;
    const last = this.#saved.at(-1);
    if (!first || !last) return new Float64Array(4);
    const total = (key: "incoming" | "written" | "milliseconds") =>
      this.#saved.reduce((sum, saved) => sum + saved[key], 0);
    const seconds = Math.max(total("milliseconds") / 1000, 1e-9);
    const span = Math.max((last.at - first.at + first.milliseconds) / 1000, 1e-9);
    const [incoming, written] = [total("incoming"), total("written")];
    return Float64Array.of(written / seconds, incoming / seconds, incoming / Math.max(written, 1), incoming / span);
  }
}
