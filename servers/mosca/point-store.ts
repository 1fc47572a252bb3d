// SPDX-License-Identifier: MIT
// The points of an acquisition, kept as the blocks they came in: taking one in copies nothing, reading copies once.
import type { Available } from "./range.ts";

type Numbers = Uint32Array | Float64Array | BigInt64Array;
interface Stored<N> {
  readonly first: number;
  readonly points: number;
  readonly data: N;
}

/** Points that stay readable, as in MOSCA. */
export const KEPT_POINTS = 15_000;
/** Spectra of one acquisition take no more memory than this: then fewer points stay readable. */
export const KEPT_BYTES = 2 ** 31;

export class PointStore<N extends Numbers> {
  readonly rows: number;
  readonly width: number;
  readonly #make: (length: number) => N;
  readonly #kept: number;
  #blocks: Stored<N>[] = [];
  /** Blocks before this one have been dropped; the list is shortened now and then. */
  #dropped = 0;
  #end = 0;

  /** `make` gives an array of `length` zeros. */
  constructor(shape: { readonly rows: number; readonly width: number }, make: (length: number) => N) {
    this.rows = shape.rows;
    this.width = shape.width;
    this.#make = make;
    const bytes = Math.max(1, this.rows * this.width * make(0).BYTES_PER_ELEMENT);
    this.#kept = Math.max(1, Math.min(KEPT_POINTS, Math.floor(KEPT_BYTES / bytes)));
  }

  get available(): Available {
    return { first: Math.max(0, this.#end - this.#kept), end: this.#end };
  }

  /** Takes `data` over: (rows, points, width), row-major. */
  add(points: number, data: N): void {
    this.#blocks.push({ first: this.#end, points, data });
    this.#end += points;
    const { first } = this.available;
    for (let block = this.#blocks[this.#dropped]; block; block = this.#blocks[this.#dropped]) {
      if (block.first + block.points > first) break;
      this.#dropped++;
    }
    if (this.#dropped < 256) return;
    this.#blocks = this.#blocks.slice(this.#dropped);
    this.#dropped = 0;
  }

  /** Points [from, to) of every row: (rows, points, width), not to be written to. The range must be available. */
  read(from: number, to: number): N {
    const points = to - from;
    const first = this.#blocks[this.#find(from)];
    if (first?.first === from && first.points === points) return first.data;
    const out = this.#make(this.rows * points * this.width);
    for (let index = this.#find(from); index < this.#blocks.length; index++) {
      const block = this.#blocks[index];
      if (!block || block.first >= to) break;
      this.#copy(block, from, to, out);
    }
    return out;
  }

  #copy(block: Stored<N>, from: number, to: number, out: N): void {
    const begin = Math.max(from, block.first);
    const end = Math.min(to, block.first + block.points);
    const { width } = this;
    for (let row = 0; row < this.rows; row++) {
      const source = (row * block.points + begin - block.first) * width;
      const part = block.data.subarray(source, source + (end - begin) * width);
      (out.set as (part: Numbers, at: number) => void).call(out, part, (row * (to - from) + begin - from) * width);
    }
  }

  /** Index of the block that has this point. */
  #find(point: number): number {
    let low = this.#dropped;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#blocks[middle]?.first ?? 0) <= point) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
