// SPDX-License-Identifier: MIT
// saving_statistics: how fast the last frames were saved.

/** Of one frame: bytes, and the milliseconds that packing and writing took. */
export interface Saved {
  readonly incoming: number;
  readonly written: number;
  readonly packing: number;
  readonly writing: number;
}

export class SavingRates {
  /** Frames that are averaged. */
  history = 16;
  #saved: (Saved & { readonly at: number })[] = [];

  clear(): void {
    this.#saved = [];
  }
  add(saved: Saved): void {
    this.#saved = [...this.#saved, { ...saved, at: performance.now() }].slice(-this.history);
  }

  /** Bytes a second written; packed; how many times smaller they are then; bytes a second coming in. Zeros before the first. */
  get statistics(): Float64Array {
    const [first] = this.#saved;
    const last = this.#saved.at(-1);
    if (!first || !last) return new Float64Array(4);
    const total = (key: keyof Saved) => this.#saved.reduce((sum, saved) => sum + saved[key], 0);
    const seconds = (milliseconds: number) => Math.max(milliseconds / 1000, 1e-9);
    const [incoming, written, writing] = [total("incoming"), total("written"), seconds(total("writing"))];
    const span = seconds(last.at - first.at + first.packing + first.writing);
    // Some formats pack while they write.
    const packing = total("packing") > 0 ? seconds(total("packing")) : writing;
    return Float64Array.of(written / writing, incoming / packing, incoming / Math.max(written, 1), incoming / span);
  }
}
