// SPDX-License-Identifier: MIT
// What a scan tells the world while it runs: to the data stream, the file writer, a display. Plain data, so that events
// can be spooled to a file and delivered later. Stable: changes are announced in this comment.
//
// Order for one scan: `Sink.open(created)`, then batches of events: prepared, started, data..., stopped, closed. A scan
// that fails in preparation goes from created to closed; one that fails later leaves out stopped. `closed` always comes.
import type { ChannelShape, ImageProgress, TypedArray } from "./protocols.ts";

/** Receives scans. Failing `open` refuses the scan before anything moves. */
export interface Sink {
  open(created: ScanCreated): Promise<ScanSink>;
}

/** Receives one scan. */
export interface ScanSink {
  /** Name of the scan where it is published now, e.g. `esrf:scan:<ulid>`; sub-scans refer to it. Delivered again as a whole it has another. */
  readonly key?: string | undefined;
  /**
   * Never called again before the promise has resolved: meanwhile the scan collects, and when too much is waiting it
   * slows down. The arrays of data events may be kept: they are not written again.
   */
  write(events: readonly ScanEvent[]): Promise<void>;
  /** Asked after it had not answered for a while: whether what was written before is still there. Absent: it is. */
  intact?(): Promise<boolean>;
  /** After `closed` was written, or because the scan gives up on this sink. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ScanIdentity {
  /** "ascan". */
  readonly name: string;
  readonly number: number;
  /** "None" (basic) or "ESRF". */
  readonly dataPolicy: string;
  readonly session: string | null;
  readonly proposal: string | null;
  readonly collection: string | null;
  readonly dataset: string | null;
  /** The data file; null when the scan is not saved. */
  readonly path: string | null;
}

/** The document blissdata calls `scan.info`, by its key names; see docs/reference/scans.md. NaN may occur. */
export type ScanInfo = Readonly<Record<string, unknown>>;

export interface ScanCreated {
  readonly identity: ScanIdentity;
  readonly info: ScanInfo;
  /** In document order. Shapes are final only with `prepared`. */
  readonly channels: readonly Channel[];
}

/** How a channel's values are carried: json values are anything JSON can say; scans are `{ key, scan_number }`. */
export type ChannelEncoding = "numeric" | "ragged" | "json" | "images" | "scans";

export interface Channel extends ChannelShape {
  /** "axis:robx", "cam:roi_counters:r1_sum". */
  readonly fullname: string;
  /** "robx": also `display_name` in the document. */
  readonly name: string;
  /** Key in `info.devices`, e.g. "3:det". */
  readonly device: string;
  readonly dim: 0 | 1 | 2;
  readonly encoding: ChannelEncoding;
  readonly unit?: string;
  readonly decimals?: number;
}

export type ScanEvent = ScanPrepared | ScanStarted | ScanData | ScanStopped | ScanClosed;

export interface ScanPrepared {
  readonly type: "prepared";
  /** The whole document as it is now. */
  readonly info: ScanInfo;
  /** The same channels in the same order, with their final shapes and image sources. */
  readonly channels: readonly Channel[];
}
export interface ScanStarted {
  readonly type: "started";
}
export interface ScanData {
  readonly type: "data";
  readonly blocks: readonly ChannelBlock[];
}
export interface ScanStopped {
  readonly type: "stopped";
}
export interface ScanClosed {
  readonly type: "closed";
  readonly reason: EndReason;
  /** The whole document as it is now, with end_time and end_reason. */
  readonly info: ScanInfo;
}
export type EndReason = "SUCCESS" | "FAILURE" | "USER_ABORT";

/** Points `first` to `first + points - 1` of one channel; the points of a channel come in order without a gap. */
export interface ChannelBlock {
  /** Index in `channels`. */
  readonly channel: number;
  readonly first: number;
  readonly points: number;
  /** numeric: one array, points x shape; ragged: one array a point; json, scans: one value a point; images: progress. */
  readonly values: TypedArray | readonly TypedArray[] | readonly unknown[] | ImageProgress;
}
