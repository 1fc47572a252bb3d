// SPDX-License-Identifier: MIT
// saving_statistics: how fast the last frames were saved.

import { appendFile } from "node:fs/promises";

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
  /** Whether a line is kept for each frame of the acquisition (saving_statistics_log_enable). */
  logs = false;
  #lines: string[] = [];
  #saved: (Saved & { readonly at: number })[] = [];

  clear(): void {
    this.#saved = [];
    this.#lines = [];
  }
  add(index: number, saved: Saved): void {
    const { incoming, written, packing, writing } = saved;
    if (this.logs) this.#lines.push([index, incoming, written, seconds(packing), seconds(writing)].join(" "));
    this.#saved = [...this.#saved, { ...saved, at: performance.now() }].slice(-this.history);
  }

  /** Adds a line for each frame to a file: its number, bytes coming in and written, seconds packing and writing. */
  async log(file: string): Promise<void> {
    if (this.#lines.length === 0) return;
    const lines = [`# ${new Date().toISOString()}: frame bytes written packing/s writing/s`, ...this.#lines, ""];
    this.#lines = [];
    await appendFile(file, lines.join("\n"));
  }

  /** Bytes a second written; packed; how many times smaller they are then; bytes a second coming in. Zeros before the first. */
  get statistics(): Float64Array {
    const [first] = this.#saved;
    const last = this.#saved.at(-1);
    if (!first || !last) return new Float64Array(4);
    const total = (key: keyof Saved) => this.#saved.reduce((sum, saved) => sum + saved[key], 0);
    const atLeast = (milliseconds: number) => Math.max(milliseconds / 1000, 1e-9);
    const [incoming, written, writing] = [total("incoming"), total("written"), atLeast(total("writing"))];
    const span = atLeast(last.at - first.at + first.packing + first.writing);
    // Some formats pack while they write.
    const packing = total("packing") > 0 ? atLeast(total("packing")) : writing;
    return Float64Array.of(written / writing, incoming / packing, incoming / Math.max(written, 1), incoming / span);
  }
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(6);
