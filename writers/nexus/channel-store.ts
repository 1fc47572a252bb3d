// SPDX-License-Identifier: MIT
// The points of one channel on their way into a dataset: they are collected, and taken as rows from time to time.
import type { ImageProgress, ImageSource } from "../../scanning/index.ts";
import { count, elementSize, elementType, swapped } from "../hdf5/dtype.ts";
import type { Growing, Operation } from "../hdf5/port.ts";
import { chunking } from "./chunks.ts";
import type { MappedStream } from "./map-operations.ts";

/** A channel as the writer needs it: of this program, or of another one's stream. */
export interface StoredChannel {
  readonly fullname: string;
  readonly encoding: "numeric" | "ragged" | "json" | "images";
  /** As in numpy's array interface: "<f8". */
  readonly dtype: string;
  /** Shape of one point; -1 where it varies. */
  readonly row: readonly number[];
  readonly images?: ImageSource;
}
/** Points `first` to `first + points - 1`. */
export interface StoredBlock {
  readonly channel: string;
  readonly first: number;
  readonly points: number;
  /** numeric: bytes as the dtype says, in one piece or several; ragged: bytes and shape of each point; json: values; images: progress. */
  readonly values: Uint8Array | readonly Uint8Array[] | readonly RaggedPoint[] | readonly unknown[] | ImageProgress;
}
export interface RaggedPoint {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

export interface ChannelStore {
  readonly create: Operation;
  /** Points that came, from here or from before a restart. */
  readonly points: number;
  /** Bytes that wait. */
  readonly waiting: number;
  push(block: StoredBlock): void;
  /** What waits: all of it, or only whole chunks. */
  take(everything: boolean): readonly Operation[];
}

export interface StoreOptions {
  /** Points the scan will have, 0 when it does not know. */
  readonly npoints: number;
  /** gzip level of spectra and images, 0 for none. */
  readonly gzip: number;
  /** Points that are in the file already. */
  readonly present: number;
  /** Whether the adapter fills what is not written with NaN. */
  readonly fills: boolean;
}

export function channelStore(channel: StoredChannel, mapped: MappedStream, options: StoreOptions): ChannelStore {
  if (channel.encoding === "json") return textStore(channel, mapped, options);
  if (channel.encoding === "ragged" || channel.row.includes(-1)) return raggedStore(channel, mapped, options);
  return numericStore(channel, mapped, options);
}

const isFloat = (dtype: string): boolean => ["f", "c"].includes(elementType(dtype).kind);

function growing(
  { path, attributes }: MappedStream,
  dataset: Omit<Growing, "chunk">,
  options: StoreOptions,
): Operation {
  const { dtype, row } = dataset;
  const cut = chunking(typeof dtype === "string" ? dtype : "<f8", row, options.npoints, options.gzip);
  const made = { ...dataset, row: row.map((length) => Math.max(length, 0)), ...cut };
  return { do: "growing", path, dataset: made, attributes };
}

/** Points of one shape: their bytes, gathered into one buffer of whole chunks. */
function numericStore({ dtype, row }: StoredChannel, mapped: MappedStream, options: StoreOptions): ChannelStore {
  const size = elementSize(dtype) * count(row);
  const little = dtype.replace(">", "<");
  const fill = isFloat(dtype) ? Number.NaN : 0;
  const create = growing(mapped, { dtype: little, row, fill }, options);
  const chunkRows = (create as Extract<Operation, { do: "growing" }>).dataset.chunk[0] ?? 1;
  let parts: Uint8Array[] = [];
  let waiting = 0;
  let points = options.present;
  let written = options.present;
  return {
    create,
    get points() {
      return points;
    },
    get waiting() {
      return waiting;
    },
    push({ first, points: more, values }) {
      const skip = Math.max(0, points - first);
      if (skip >= more) return;
      const pieces = values instanceof Uint8Array ? [values] : (values as readonly Uint8Array[]);
      const wanted = skip ? split(pieces, skip * size).rest : pieces;
      for (const piece of wanted) parts.push(elementType(dtype).bigEndian ? swapped(piece, dtype) : piece);
      waiting += (more - skip) * size;
      points = first + more;
    },
    take(everything) {
      const whole = everything ? points - written : Math.floor(points / chunkRows) * chunkRows - written;
      if (whole <= 0) return [];
      const { head, rest } = split(parts, whole * size);
      parts = rest;
      waiting -= whole * size;
      return together(head, chunkRows * size).map(([data, ...more]): Operation => {
        const at = written;
        written += more.reduce((sum, { byteLength }) => sum + byteLength, data.byteLength) / size;
        return { do: "rows", path: mapped.path, at, count: written - at, data, more };
      });
    },
  };
}

/** The first `length` bytes, and the others. */
function split(parts: readonly Uint8Array[], length: number): { head: Uint8Array[]; rest: Uint8Array[] } {
  const head: Uint8Array[] = [];
  const rest: Uint8Array[] = [];
  let left = length;
  for (const part of parts) {
    const taken = Math.min(part.byteLength, left);
    if (taken > 0) head.push(part.subarray(0, taken));
    if (taken < part.byteLength) rest.push(part.subarray(taken));
    left -= taken;
  }
  return { head, rest };
}

/** What is written at once: all, unless each piece is whole chunks. A chunk that is written in two parts is compressed twice. */
function together(pieces: readonly Uint8Array[], chunkBytes: number): readonly [Uint8Array, ...Uint8Array[]][] {
  const [first, ...more] = pieces;
  if (!first) return [];
  return pieces.every(({ byteLength }) => byteLength % chunkBytes === 0)
    ? pieces.map((piece) => [piece])
    : [[first, ...more]];
}

/** Points of different shapes, padded to the largest so far: NaN for floats, 0 for integers. */
function raggedStore({ dtype, row }: StoredChannel, mapped: MappedStream, options: StoreOptions): ChannelStore {
  const little = dtype.replace(">", "<");
  const fill = isFloat(dtype) ? Number.NaN : 0;
  let points = options.present;
  let queue: { at: number; point: RaggedPoint }[] = [];
  let waiting = 0;
  return {
    create: growing(mapped, { dtype: little, row, ragged: true, fill }, options),
    get points() {
      return points;
    },
    get waiting() {
      return waiting;
    },
    push({ first, values }) {
      for (const [index, point] of (values as readonly RaggedPoint[]).entries()) {
        if (first + index < points) continue;
        queue.push({ at: first + index, point });
        points = first + index + 1;
        waiting += point.data.byteLength;
      }
    },
    take() {
      const operations = queue.map(({ at, point }): Operation => {
        const data = elementType(dtype).bigEndian ? swapped(point.data, dtype) : point.data;
        return { do: "rows", path: mapped.path, at, count: 1, row: point.shape, data };
      });
      queue = [];
      waiting = 0;
      return operations;
    },
  };
}

/** Anything JSON can say: texts as they are, other values as their JSON text. */
function textStore(_channel: StoredChannel, mapped: MappedStream, options: StoreOptions): ChannelStore {
  let points = options.present;
  let written = options.present;
  let queue: string[] = [];
  return {
    create: growing(mapped, { dtype: "string", row: [] }, options),
    get points() {
      return points;
    },
    get waiting() {
      return queue.length * 16;
    },
    push({ first, values }) {
      for (const [index, value] of (values as readonly unknown[]).entries()) {
        if (first + index < points) continue;
        queue.push(typeof value === "string" ? value : JSON.stringify(value));
        points = first + index + 1;
      }
    },
    take() {
      if (!queue.length) return [];
      const operation: Operation = { do: "rows", path: mapped.path, at: written, count: queue.length, data: queue };
      written += queue.length;
      queue = [];
      return [operation];
    },
  };
}
