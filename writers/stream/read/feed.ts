// SPDX-License-Identifier: MIT
// What a stream makes of entries as they come: the step from events in the store to points of a reader.
import type { CallOptions } from "../connection.ts";
import { type Batch, batchLength, type DataEntry, type Decoder, sliceBatch } from "../encoding.ts";
import type { ImagesBatch, View } from "./view.ts";

/** The reading of one stream from one place on. */
export interface Feed {
  /** Entries after this event index are wanted. */
  readonly next: number;
  /** The end was read. */
  ended: boolean;
  /** Points of new entries, in order. */
  take(entries: readonly DataEntry[], options?: CallOptions): Promise<View | undefined>;
}

/** Points that left the store, from somewhere else; fewer where there are no more. */
export type Expired = (from: number, to: number, options?: CallOptions) => Promise<Batch | undefined>;

/** Entries are points, or batches of points. */
export function pointFeed(decoder: Decoder, from: number, expired?: Expired): Feed {
  let position = from;
  return {
    get next() {
      return position;
    },
    ended: false,
    async take(entries, options) {
      const wanted = entries.filter(({ index, length }) => index + length > position);
      const [first] = wanted;
      const last = wanted.at(-1);
      if (!first || !last) return undefined;
      const start = position;
      position = last.index + last.length;
      if (first.index > start && expired) {
        const lost = await expired(start, first.index, options);
        // Points of the file first; those of the entries come with the next call.
        if (lost && batchLength(lost) === first.index - start) {
          position = first.index;
          return { index: start, length: first.index - start, expired: 0, batch: lost };
        }
      }
      const index = Math.max(start, first.index);
      const batch = sliceBatch(decoder.decode(wanted), index - first.index, position - first.index);
      return { index, length: position - index, expired: index - start, batch };
    },
  };
}

/** Each entry tells how many frames there are; only the last one counts. */
export function frameFeed(framesOf: (entry: DataEntry) => number, from: number): Feed {
  let events = 0;
  let position = from;
  return {
    get next() {
      return events;
    },
    ended: false,
    async take(entries) {
      const last = entries.at(-1);
      if (!last) return undefined;
      events = last.index + last.length;
      const frames = framesOf(last);
      if (frames <= position) return undefined;
      const batch: ImagesBatch = { kind: "images", frames: frames - position };
      const view: View = { index: position, length: frames - position, expired: 0, batch };
      position = frames;
      return view;
    },
  };
}

/** The newest point only. */
export function newestOnly(view: View): View {
  const { index, length, expired, batch } = view;
  if (length <= 1) return view;
  const newest = batch.kind === "images" ? { ...batch, frames: 1 } : sliceBatch(batch, length - 1, length);
  return { index: index + length - 1, length: 1, expired, batch: newest };
}
