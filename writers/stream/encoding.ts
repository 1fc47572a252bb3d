// SPDX-License-Identifier: MIT
// What the entries of a stream hold, as the scan document says it in `encoding`, and decoding them.
import { type Layout, layoutOf, type NumericArray, toNumbers } from "./dtype.ts";
import { parseJson } from "./json.ts";
import { unpackRagged } from "./ragged.ts";

/** The document's `encoding`. A -1 in the shape: that dimension varies from point to point. */
export type Encoding =
  | { readonly type: "numeric"; readonly dtype_str: string; readonly shape: readonly number[] }
  | { readonly type: "json" };

/** Points of one shape, one after the other: `data` is C-ordered, `shape` starts with the number of points. */
export interface NumericBatch {
  readonly kind: "numeric";
  /** numpy's spelling of the elements' type. `|b1` is 0 or 1 in a Uint8Array; a complex number is two floats. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: NumericArray;
  /** The bytes of `data` as they came, where nothing had to be changed: for those who only pass them on. */
  readonly pieces?: readonly Uint8Array[];
}
/** Points of different shapes. */
export interface RaggedBatch {
  readonly kind: "ragged";
  readonly dtype: string;
  readonly points: readonly { readonly shape: readonly number[]; readonly data: NumericArray }[];
}
export interface JsonBatch {
  readonly kind: "json";
  readonly values: readonly unknown[];
}
export type Batch = NumericBatch | RaggedBatch | JsonBatch;

/** An entry of a data stream: `length` points from point `index` on. */
export interface DataEntry {
  readonly index: number;
  readonly length: number;
  readonly payload: Uint8Array;
}

/** Turns entries into points. */
export interface Decoder {
  readonly encoding: Encoding;
  /** Points of consecutive entries. @throws RangeError when the bytes are not what the encoding says */
  decode(entries: readonly DataEntry[]): Batch;
}

export const isRagged = (shape: readonly number[]): boolean => shape.includes(-1);
export const product = (shape: readonly number[]): number => shape.reduce((size, dimension) => size * dimension, 1);

/** @throws TypeError for an encoding that is not known */
export function decoderOf(encoding: Encoding): Decoder {
  if (encoding.type === "json") return { encoding, decode: decodeJson };
  if (encoding.type !== "numeric")
    throw new TypeError(`stream encoding ${JSON.stringify(encoding)} is not known: it must be numeric or json`);
  const layout = layoutOf(encoding.dtype_str);
  const { shape } = encoding;
  if (isRagged(shape)) return { encoding, decode: (entries) => decodeRagged(entries, layout, shape.length) };
  return { encoding, decode: (entries) => decodeNumeric(entries, layout, shape) };
}

const decodeJson = (entries: readonly DataEntry[]): JsonBatch => ({
  kind: "json",
  values: entries.map(({ payload }) => parseJson(Buffer.from(payload).toString("utf8"))),
});

function decodeNumeric(entries: readonly DataEntry[], layout: Layout, shape: readonly number[]): NumericBatch {
  const pointBytes = layout.size * product(shape);
  for (const { index, length, payload } of entries)
    if (payload.length !== length * pointBytes)
      throw new RangeError(
        `entry at point ${index}: ${length} points of ${layout.dtype} [${shape}] take ${length * pointBytes} bytes, it has ${payload.length}`,
      );
  const payloads = entries.map(({ payload }) => payload);
  const points = entries.reduce((sum, { length }) => sum + length, 0);
  let data: NumericArray | undefined;
  return {
    kind: "numeric",
    dtype: layout.dtype,
    shape: [points, ...shape],
    ...(!layout.bigEndian && layout.name !== "float16" && { pieces: payloads }),
    get data() {
      data ??= toNumbers(payloads.length === 1 ? payloads[0]! : Buffer.concat(payloads), layout);
      return data;
    },
  };
}

function decodeRagged(entries: readonly DataEntry[], layout: Layout, dimensions: number): RaggedBatch {
  const points = entries.flatMap(({ index, length, payload }) => {
    const { shape, bytes } = unpackRagged(payload);
    const size = layout.size * product(shape);
    if (shape.length !== dimensions || bytes.length !== length * size)
      throw new RangeError(
        `entry at point ${index}: ${bytes.length} bytes are not ${length} points of ${layout.dtype} [${shape}]`,
      );
    return Array.from({ length }, (_, point) => ({
      shape,
      data: toNumbers(bytes.subarray(point * size, (point + 1) * size), layout),
    }));
  });
  return { kind: "ragged", dtype: layout.dtype, points };
}

/** Number of points. */
export function batchLength(batch: Batch): number {
  if (batch.kind === "numeric") return batch.shape[0] ?? 0;
  return batch.kind === "json" ? batch.values.length : batch.points.length;
}

/** The points `from` up to and without `to`, each `step`-th. */
export function sliceBatch(batch: Batch, from: number, to: number, step = 1): Batch {
  if (from === 0 && step === 1 && to === batchLength(batch)) return batch;
  if (batch.kind === "json") return { ...batch, values: everyNth(batch.values, from, to, step) };
  if (batch.kind === "ragged") return { ...batch, points: everyNth(batch.points, from, to, step) };
  const { kind, dtype } = batch;
  const size = batch.data.length / Math.max(1, batch.shape[0]!);
  const shape = [Math.max(0, Math.ceil((to - from) / step)), ...batch.shape.slice(1)];
  if (step === 1) return { kind, dtype, shape, data: batch.data.subarray(from * size, Math.max(from, to) * size) };
  const { array: ArrayType } = layoutOf(batch.dtype);
  const data = new ArrayType(shape[0]! * size);
  for (let point = 0; point < shape[0]!; point++) {
    const start = (from + point * step) * size;
    data.set(batch.data.subarray(start, start + size) as never, point * size);
  }
  return { kind, dtype, shape, data };
}

const everyNth = <T>(items: readonly T[], from: number, to: number, step: number): T[] =>
  items.slice(from, to).filter((_, index) => index % step === 0);

/** One batch of several that follow each other. */
export function joinBatches(batches: readonly Batch[]): Batch | undefined {
  const [first, ...rest] = batches;
  if (!first || rest.length === 0) return first;
  if (first.kind === "json") return { kind: "json", values: batches.flatMap((batch) => (batch as JsonBatch).values) };
  if (first.kind === "ragged") return { ...first, points: batches.flatMap((batch) => (batch as RaggedBatch).points) };
  const parts = batches as readonly NumericBatch[];
  const { array: ArrayType } = layoutOf(first.dtype);
  const data = new ArrayType(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data as never, at);
    at += part.data.length;
  }
  const shape = [parts.reduce((sum, part) => sum + part.shape[0]!, 0), ...first.shape.slice(1)];
  return { kind: first.kind, dtype: first.dtype, shape, data };
}
