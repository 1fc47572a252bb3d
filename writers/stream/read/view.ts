// SPDX-License-Identifier: MIT
// What readers get.
import type { Batch } from "../encoding.ts";

/** Where a frame is. */
export interface ImageReference {
  /** Point of the stream. */
  readonly frame: number;
  /** "hdf5", "edf", ... */
  readonly format: string;
  readonly file: string;
  /** Dataset in the file, null where the format has none. */
  readonly dataset: string | null;
  /** Frame within the file or dataset. */
  readonly index: number;
}

/** Frames that came: their pixels are with the detector or in its files, see `ImageStream`. */
export interface ImagesBatch {
  readonly kind: "images";
  readonly frames: number;
}

/** Points `index` to `index + length - 1` of a stream. */
export interface View<B = Batch | ImagesBatch> {
  readonly index: number;
  readonly length: number;
  /** Points before `index` that were asked for and are no more in the store. */
  readonly expired: number;
  readonly batch: B;
}

export type IndexReason =
  /** It may still come. */
  | "notYetThere"
  /** It was trimmed from the store, and there is no file to read it from. */
  | "noMoreThere"
  /** The stream has ended before it. */
  | "wontBeThere";

/** A point that cannot be had. */
export class IndexError extends RangeError {
  override readonly name = "IndexError";
  readonly reason: IndexReason;
  constructor(reason: IndexReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most. Default: for ever. */
  readonly timeout?: number | undefined;
}
export interface FollowOptions extends ReadOptions {
  /** First point wanted. Default 0. */
  readonly from?: number;
  /** Only the newest point each time, for displays that cannot show them all. */
  readonly last?: boolean;
}
