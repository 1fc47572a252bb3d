// SPDX-License-Identifier: MIT
// A data stream of a scan, and the kinds there are (what blissdata calls plugins).
import type { CallOptions } from "../connection.ts";
import { type Batch, decoderOf, joinBatches, sliceBatch } from "../encoding.ts";
import type { Info, StreamDocument } from "../scan-document.ts";
import type { Events } from "./events.ts";
import { type Expired, type Feed, pointFeed } from "./feed.ts";
import type { ScanFiles } from "./files.ts";
import { followStream } from "./follow.ts";
import { type FollowOptions, IndexError, type ReadOptions, type View } from "./view.ts";

export type StreamKind = "plain" | "hdf5_fallback" | "lima" | "lima2" | "scan_sequence";

export interface DataStream {
  /** Full name of the channel. */
  readonly name: string;
  readonly kind: StreamKind;
  readonly info: Info;
  /** numpy's spelling, "<f8"; undefined for JSON. */
  readonly dtype: string | undefined;
  /** Of one point. */
  readonly shape: readonly number[];
  /** For `Cursor`. */
  readonly events: Events;
  feed(from: number): Feed;
  /** Points (frames) so far. */
  length(options?: CallOptions): Promise<number>;
  isSealed(options?: CallOptions): Promise<boolean>;
  /** Waits until the stream has ended. @returns its length, or undefined when the time is over */
  waitSeal(options?: ReadOptions): Promise<number | undefined>;
  /** The points as they come, until the stream ends. */
  follow(options?: FollowOptions): AsyncGenerator<View>;
}

/** A stream whose points are numbers, arrays or JSON values. */
export interface PointStream extends DataStream {
  readonly kind: "plain" | "hdf5_fallback" | "scan_sequence";
  /** One point. Negative: from the end, once that is known. @throws IndexError */
  at(index: number, options?: CallOptions): Promise<Batch>;
  /** Points `from` up to and without `to` that are there, each `step`-th. */
  slice(from?: number, to?: number, step?: number, options?: CallOptions): Promise<View<Batch>>;
}

export interface StreamParts {
  readonly name: string;
  readonly document: StreamDocument;
  readonly events: Events;
  readonly files: ScanFiles;
}

export function pointStream(
  { name, document, events, files }: StreamParts,
  kind: PointStream["kind"],
  saved?: SavedPlace,
): PointStream {
  const { encoding } = document;
  if (!encoding) throw new TypeError(`stream ${name} has no encoding`);
  const decoder = decoderOf(encoding);
  const expired: Expired | undefined = saved && ((from, to, options) => files.points(saved, from, to, options));
  const stream: PointStream = {
    name,
    kind,
    events,
    info: document.info ?? {},
    dtype: encoding.type === "numeric" ? encoding.dtype_str : undefined,
    shape: encoding.type === "numeric" ? encoding.shape : [],
    feed: (from) => pointFeed(decoder, from, expired),
    length: (options) => events.length(options),
    isSealed: async (options) => (await events.sealed(options)) !== undefined,
    waitSeal: (options) => events.waitSeal(options),
    follow: (options) => followStream(stream, options),
    async at(index, options) {
      const point = index < 0 ? await fromEnd(events, index, options) : index;
      const { batch, length } = await stream.slice(point, point + 1, 1, options);
      if (length === 0) throw await events.missing(point, options);
      return batch;
    },
    async slice(from = 0, to = Number.POSITIVE_INFINITY, step = 1, options = {}) {
      if (step < 1 || from < 0)
        throw new RangeError(`${name}: slices go forward from 0 on, not from ${from} by ${step}`);
      const end = Math.min(to, await events.length(options));
      const entries = await events.range(from, end, options);
      const [first] = entries;
      const batches: Batch[] = [];
      const start = first && first.index > from ? first.index : end;
      const lost = !first || first.index > from ? await expired?.(from, start, options) : undefined;
      if (lost) batches.push(lost);
      if (first) {
        const index = Math.max(from, first.index);
        batches.push(sliceBatch(decoder.decode(entries), index - first.index, end - first.index));
      }
      const index = lost || !first ? from : Math.max(from, first.index);
      const joined = joinBatches(batches) ?? decoder.decode([]);
      const length = Math.max(0, first || lost ? end - index : 0);
      const batch = step === 1 ? joined : sliceBatch(joined, 0, length, step);
      return { index, length: Math.ceil(length / step), expired: index - from, batch };
    },
  };
  return stream;
}

/** Where the points of a stream are saved. */
export interface SavedPlace {
  readonly file: string;
  readonly dataset: string;
}

async function fromEnd(events: Events, index: number, options?: CallOptions): Promise<number> {
  const length = await events.sealed(options);
  if (length === undefined)
    throw new IndexError("notYetThere", `${events.name}: point ${index} is not known before the stream has ended`);
  if (length + index < 0)
    throw new IndexError("wontBeThere", `${events.name}: there is no point ${index}, only ${length}`);
  return length + index;
}
