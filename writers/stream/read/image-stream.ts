// SPDX-License-Identifier: MIT
// Streams of frames that stay with the detector: lima and lima2.
import type { CallOptions } from "../connection.ts";
import { layoutOf } from "../dtype.ts";
import { type DataEntry, decoderOf, type NumericBatch, product } from "../encoding.ts";
import type { DataStream, StreamParts } from "./data-stream.ts";
import { frameFeed } from "./feed.ts";
import { followStream } from "./follow.ts";
import { type ImageReference, IndexError } from "./view.ts";

export interface ImageStream extends DataStream {
  readonly kind: "lima" | "lima2";
  /** Where frames are, for those of `from` up to and without `to` that are in complete files. */
  references(from?: number, to?: number, options?: CallOptions): Promise<ImageReference[]>;
  /** Number of frames in complete files. */
  saved(options?: CallOptions): Promise<number>;
  /** A frame: from its file, or from the detector's memory. @throws IndexError */
  frame(index: number, options?: CallOptions): Promise<NumericBatch>;
  /** The newest frame there is, from wherever it can be had; undefined when there is none yet. */
  latestFrame(options?: CallOptions): Promise<{ readonly index: number; readonly image: NumericBatch } | undefined>;
}

/** How far the detector is. */
export interface Progress {
  readonly frames: number;
  /** Frames in complete files. */
  readonly saved: number;
}

/** What differs between lima and lima2. */
export interface ImageSourceReader {
  readonly kind: ImageStream["kind"];
  /** Number of frames an entry tells of. */
  frames(entry: DataEntry): number;
  progress(entry: DataEntry, ended: boolean): Progress;
  reference(index: number, progress: Progress, options?: CallOptions): Promise<ImageReference | undefined>;
  /** From the detector's memory; undefined when it cannot be had there. */
  live(index: number, progress: Progress, options?: CallOptions): Promise<NumericBatch | undefined>;
}

export function imageStream({ name, document, events, files }: StreamParts, source: ImageSourceReader): ImageStream {
  const info = document.info ?? {};
  const none: Progress = { frames: 0, saved: 0 };
  const progress = async (options?: CallOptions): Promise<Progress> => {
    const { entry, ended } = await events.lastData(options);
    return entry ? source.progress(entry, ended) : none;
  };
  const fromFile = async (index: number, now: Progress, options?: CallOptions) => {
    const reference = await source.reference(index, now, options);
    return reference && shaped(await files.frame(reference, options), stream.shape);
  };
  const fromMemory = async (index: number, now: Progress, options?: CallOptions) => {
    const image = await source.live(index, now, options);
    return image && shaped(image, stream.shape);
  };
  /** Its file, unless that cannot be read yet and the detector has the frame. */
  const fromAnywhere = async (index: number, now: Progress, options?: CallOptions) => {
    try {
      const image = await fromFile(index, now, options);
      if (image) return image;
    } catch (error) {
      const image = await fromMemory(index, now, options).catch(() => undefined);
      if (image) return image;
      throw error;
    }
    return fromMemory(index, now, options);
  };
  const stream: ImageStream = {
    name,
    kind: source.kind,
    info,
    events,
    dtype: typeof info.dtype === "string" ? layoutOf(info.dtype).dtype : undefined,
    shape: Array.isArray(info.shape) ? info.shape : [],
    feed: (from) => frameFeed(source.frames, from),
    length: async (options) => (await progress(options)).frames,
    isSealed: async (options) => (await events.sealed(options)) !== undefined,
    waitSeal: async (options) => ((await events.waitSeal(options)) === undefined ? undefined : stream.length(options)),
    follow: (options) => followStream(stream, options),
    async references(from = 0, to = Number.POSITIVE_INFINITY, options) {
      const now = await progress(options);
      const found: ImageReference[] = [];
      for (let index = from; index < Math.min(to, now.frames); index++) {
        const reference = await source.reference(index, now, options);
        if (reference) found.push(reference);
      }
      return found;
    },
    saved: async (options) => (await progress(options)).saved,
    async frame(index, options) {
      const now = await progress(options);
      const wanted = index < 0 && (await stream.isSealed(options)) ? now.frames + index : index;
      if (wanted < 0 || wanted >= now.frames) throw await noFrame(stream, wanted, now, options);
      const image = await fromAnywhere(wanted, now, options);
      if (image) return image;
      throw new IndexError(
        "noMoreThere",
        `${name}: frame ${wanted} of ${now.frames} is in no complete file (${now.saved} are) and not in the detector's memory`,
      );
    },
    async latestFrame(options) {
      const now = await progress(options);
      if (now.frames === 0) return undefined;
      const live = await fromMemory(now.frames - 1, now, options);
      if (live) return { index: now.frames - 1, image: live };
      if (now.saved === 0) return undefined;
      const image = await fromFile(now.saved - 1, now, options);
      return image && { index: now.saved - 1, image };
    },
  };
  return stream;
}

async function noFrame(
  stream: ImageStream,
  index: number,
  { frames }: Progress,
  options?: CallOptions,
): Promise<IndexError> {
  return (await stream.isSealed(options)) && index >= 0
    ? new IndexError("wontBeThere", `${stream.name}: there is no frame ${index}, the stream ended with ${frames}`)
    : new IndexError("notYetThere", `${stream.name}: frame ${index} is not yet there, there are ${frames}`);
}

/** A detector of one channel has that as a dimension of its own in memory and files, but not in its stream. */
const shaped = (image: NumericBatch, shape: readonly number[]): NumericBatch =>
  image.shape.length > shape.length && product(image.shape) === product(shape) ? { ...image, shape } : image;

/** The last value of an entry of a stream of numbers. */
export function lastNumber(entry: DataEntry): number {
  const batch = decoderOf({ type: "numeric", dtype_str: "<u4", shape: [] }).decode([entry]) as NumericBatch;
  return Number(batch.data.at(-1));
}
