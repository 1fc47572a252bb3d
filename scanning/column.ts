// SPDX-License-Identifier: MIT
// The points of one channel: what is still to be sent to the sink, and what is kept to look at.
import type { BlockValues, Dtype, ImageProgress, TypedArray } from "./protocols.ts";

export type ColumnValue = number | TypedArray | ImageProgress | unknown;

export interface Column {
  /** Points so far. */
  readonly count: number;
  /** Points not taken yet. */
  readonly pending: number;
  /** The value of a point; undefined when it has not come, or is kept no longer. */
  at(point: number): ColumnValue | undefined;
  /** Hands over the pending points; the caller may keep the arrays. */
  take(): { first: number; points: number; values: TypedArray | readonly unknown[] | ImageProgress } | undefined;
}

const arrays = {
  float64: Float64Array, float32: Float32Array, int64: BigInt64Array, int32: Int32Array, int16: Int16Array,
  int8: Int8Array, uint64: BigUint64Array, uint32: Uint32Array, uint16: Uint16Array, uint8: Uint8Array, bool: Uint8Array,
} satisfies Record<Dtype, unknown>; // biome-ignore format: a table

/** An array of the type a channel's numbers have. */
export const arrayOf = (dtype: Dtype, length: number): TypedArray => new arrays[dtype](length);

/** One number a point, pushed one by one or in blocks. Of an endless scan only the newest are kept. */
export class NumberColumn implements Column {
  count = 0;
  // Float64Array nearly always: what the compiler and the machine are told to expect.
  #numbers: Float64Array;
  /** The point at index 0 of `#numbers`. */
  #oldest = 0;
  #taken = 0;
  readonly #most: number;

  /** `expected` points, or 0 for an endless scan; at most `most` are kept. */
  constructor(dtype: Dtype, expected: number, most: number) {
    this.#most = most;
    this.#numbers = arrayOf(dtype, expected > 0 ? Math.min(expected, most) : 256) as Float64Array;
  }

  push(value: number): void {
    let index = this.count - this.#oldest;
    if (index === this.#numbers.length) index = this.#makeRoom();
    this.#numbers[index] = value;
    this.count++;
  }

  extend(values: TypedArray): void {
    // Of the column's own type: a bigint goes where bigints are.
    for (const value of values) this.push(value as number);
  }

  #makeRoom(): number {
    const old = this.#numbers;
    // What waits for the sink stays, whatever its number: nothing measured is lost.
    const drop = old.length < this.#most ? 0 : Math.min(old.length >> 1, this.#taken - this.#oldest);
    if (drop > 0) {
      old.copyWithin(0, drop);
      this.#oldest += drop;
    } else {
      this.#numbers = new (old.constructor as Float64ArrayConstructor)(2 * old.length);
      this.#numbers.set(old);
    }
    return this.count - this.#oldest;
  }

  get pending(): number {
    return this.count - this.#taken;
  }
  at(point: number): number | undefined {
    return point >= this.#oldest && point < this.count ? Number(this.#numbers[point - this.#oldest]) : undefined;
  }
  /** All that is kept, as one array, and the point it starts at. */
  kept(): { first: number; values: Float64Array } {
    return {
      first: this.#oldest,
      values: Float64Array.from(this.#numbers.slice(0, this.count - this.#oldest), Number),
    };
  }
  take() {
    const [first, points] = [this.#taken, this.count - this.#taken];
    if (points === 0) return undefined;
    this.#taken = this.count;
    return { first, points, values: this.#numbers.slice(first - this.#oldest, this.count - this.#oldest) };
  }
}

/** One spectrum or image a point, coming in blocks from a detector. The newest `keep` points can be looked at. */
export class BlockColumn implements Column {
  count = 0;
  readonly #size: number;
  readonly #keep: number;
  #blocks: { first: number; points: number; values: TypedArray }[] = [];
  #taken = 0;

  constructor(size: number, keep: number) {
    this.#size = size;
    this.#keep = keep;
  }

  append(values: TypedArray, points: number): void {
    this.#blocks.push({ first: this.count, points, values });
    this.count += points;
    this.#forget();
  }
  get pending(): number {
    return this.count - this.#taken;
  }
  at(point: number): ColumnValue | undefined {
    const block = this.#blocks.findLast(({ first, points }) => point >= first && point < first + points);
    if (!block) return undefined;
    const from = (point - block.first) * this.#size;
    return block.values.subarray(from, from + this.#size);
  }
  take() {
    if (this.count === this.#taken) return undefined;
    const waiting = this.#blocks.filter(({ first }) => first >= this.#taken);
    const first = this.#taken;
    this.#taken = this.count;
    this.#forget();
    return { first, points: this.count - first, values: joined(waiting.map(({ values }) => values)) };
  }
  #forget(): void {
    const oldest = Math.min(this.#taken, this.count - this.#keep);
    let drop = 0;
    while (drop < this.#blocks.length && this.#blocks[drop]!.first + this.#blocks[drop]!.points <= oldest) drop++;
    if (drop > 0) this.#blocks.splice(0, drop);
  }
}

function joined(parts: readonly TypedArray[]): TypedArray {
  if (parts.length === 1) return parts[0]!;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new (parts[0]!.constructor as new (length: number) => TypedArray)(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part as never, at);
    at += part.length;
  }
  return whole;
}

/** Anything a point that is not one block of numbers: varying shapes, JSON. The newest `keep` can be looked at. */
export class ListColumn implements Column {
  count = 0;
  readonly #keep: number;
  #values: unknown[] = [];
  #taken = 0;

  constructor(keep: number) {
    this.#keep = keep;
  }
  push(value: unknown): void {
    this.#values.push(value);
    this.count++;
    const spare = this.#values.length - Math.max(this.#keep, this.pending);
    if (spare > this.#keep) this.#values.splice(0, spare);
  }
  extend(values: readonly unknown[]): void {
    for (const value of values) this.push(value);
  }
  get pending(): number {
    return this.count - this.#taken;
  }
  at(point: number): unknown {
    return this.#values[point - (this.count - this.#values.length)];
  }
  take() {
    const points = this.pending;
    if (points === 0) return undefined;
    const first = this.#taken;
    this.#taken = this.count;
    return { first, points, values: this.#values.slice(this.#values.length - points) };
  }
}

/** References to images held elsewhere: how far they are. */
export class ProgressColumn implements Column {
  count = 0;
  #progress: ImageProgress = { lastIndex: -1, lastIndexSaved: -1 };
  #taken = 0;
  #news = false;

  move(progress: ImageProgress): void {
    this.#progress = progress;
    this.count = Math.max(this.count, progress.lastIndex + 1);
    this.#news = true;
  }
  get pending(): number {
    return this.#news ? Math.max(1, this.count - this.#taken) : 0;
  }
  at(point: number): ImageProgress | undefined {
    return point < this.count ? { lastIndex: point, lastIndexSaved: this.#progress.lastIndexSaved } : undefined;
  }
  take() {
    if (!this.#news) return undefined;
    const first = this.#taken;
    this.#taken = this.count;
    this.#news = false;
    return { first, points: this.count - first, values: this.#progress };
  }
}

/** Adds a detector's block to a column of the right kind. @throws TypeError naming the channel when it does not fit. */
export function append(column: Column, fullname: string, values: BlockValues, points: number, size: number): void {
  if (column instanceof ProgressColumn && "lastIndex" in values) column.move(values);
  else if (column instanceof ListColumn && Array.isArray(values) && values.length === points) column.extend(values);
  else if (column instanceof BlockColumn && isArray(values, points * size)) column.append(values, points);
  else if (column instanceof NumberColumn && isArray(values, points)) column.extend(values);
  else {
    const got = "length" in values ? `${values.length} elements` : "an image reference";
    throw new TypeError(`${fullname}: the detector gave ${got} for ${points} points of ${size} elements each`);
  }
}

const isArray = (values: BlockValues, length: number): values is TypedArray =>
  ArrayBuffer.isView(values) && values.length === length;
