// SPDX-License-Identifier: MIT
// The points of one stream that are on their way: encoded as they come, taken as entries as large as is good.
import { type Layout, layoutOf, type NumericArray, toBytes } from "../dtype.ts";
import { type Encoding, isRagged, product } from "../encoding.ts";
import { toStreamJson } from "../json.ts";
import { packRagged } from "../ragged.ts";

/** A point whose shape varies from point to point. */
export interface ShapedPoint {
  readonly shape: readonly number[];
  readonly data: NumericArray;
}
/**
 * numeric: a number (or boolean, or bigint), or a typed array of the stream's type with the points one after the other;
 * ragged: a shaped point; json: any JSON value, one point each.
 */
export type Points = number | bigint | boolean | NumericArray | ShapedPoint | unknown;

export interface PendingEntry {
  readonly payload: Uint8Array;
  readonly points: number;
}

export interface PointQueue {
  /** Bytes that wait. */
  readonly bytes: number;
  /** @returns number of points added. @throws TypeError when they are not what the stream holds */
  add(points: Points): number;
  /** Takes everything, as few entries as possible. */
  take(): PendingEntry[];
}

/** Entries grow up to this many bytes by joining; a larger one is sent as it came. */
const entryBytes = 1 << 20;

export function pointQueue(name: string, encoding: Encoding): PointQueue {
  if (encoding.type === "json") return jsonQueue();
  const layout = layoutOf(encoding.dtype_str);
  if (isRagged(encoding.shape)) return raggedQueue(name, layout, encoding.shape);
  return numericQueue(name, layout, encoding.shape);
}

function jsonQueue(): PointQueue {
  let waiting: PendingEntry[] = [];
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    add(value) {
      const payload = Buffer.from(toStreamJson(value), "utf8");
      waiting.push({ payload, points: 1 });
      bytes += payload.length;
      return 1;
    },
    take() {
      const taken = waiting;
      [waiting, bytes] = [[], 0];
      return taken;
    },
  };
}

function raggedQueue(name: string, layout: Layout, shape: readonly number[]): PointQueue {
  let waiting: { shape: readonly number[]; parts: Uint8Array[]; size: number }[] = [];
  let bytes = 0;
  const fits = (point: ShapedPoint) =>
    point.shape.length === shape.length &&
    point.shape.every((size, axis) => shape[axis] === -1 || shape[axis] === size) &&
    point.data instanceof layout.array &&
    point.data.length === product(point.shape) * layout.parts;
  return {
    get bytes() {
      return bytes;
    },
    add(points) {
      const point = shaped(points);
      if (!point || !fits(point))
        throw new TypeError(
          `${name}: a point is { shape, data } of shape [${shape}] and type ${layout.name}, got ${describe(points)}`,
        );
      const part = Uint8Array.from(toBytes(point.data, layout));
      const last = waiting.at(-1);
      if (
        last &&
        last.size + part.length <= entryBytes &&
        last.shape.every((size, axis) => size === point.shape[axis])
      ) {
        last.parts.push(part);
        last.size += part.length;
      } else waiting.push({ shape: [...point.shape], parts: [part], size: part.length });
      bytes += part.length;
      return 1;
    },
    take() {
      const taken = waiting;
      [waiting, bytes] = [[], 0];
      return taken.map(({ shape: dimensions, parts }) => ({
        payload: packRagged({ shape: dimensions, bytes: parts.length === 1 ? parts[0]! : Buffer.concat(parts) }),
        points: parts.length,
      }));
    },
  };
}

/** A one-dimensional array needs no shape. */
function shaped(points: Points): ShapedPoint | undefined {
  if (ArrayBuffer.isView(points)) return { shape: [(points as NumericArray).length], data: points as NumericArray };
  const { shape, data } = (points ?? {}) as Partial<ShapedPoint>;
  return Array.isArray(shape) && ArrayBuffer.isView(data) ? { shape, data } : undefined;
}

function numericQueue(name: string, layout: Layout, shape: readonly number[]): PointQueue {
  const pointNumbers = product(shape) * layout.parts;
  const pointBytes = product(shape) * layout.size;
  const { BYTES_PER_ELEMENT: numberBytes } = layout.array;
  let buffer = new Uint8Array(0);
  let numbers = numbersOver(layout, buffer);
  let used = 0;
  const reserve = (size: number) => {
    if (used + size <= buffer.length) return;
    const larger = new Uint8Array(Math.ceil(Math.max(256, 2 * buffer.length, used + size) / 8) * 8);
    larger.set(buffer.subarray(0, used));
    buffer = larger;
    numbers = numbersOver(layout, buffer);
  };
  const wrong = (points: Points) =>
    new TypeError(`${name} holds ${layout.name} points of shape [${shape}], got ${describe(points)}`);
  const isBig = numbers instanceof BigInt64Array || numbers instanceof BigUint64Array;
  return {
    get bytes() {
      return used;
    },
    add(points) {
      if (typeof points === "number" || typeof points === "bigint" || typeof points === "boolean") {
        if (pointNumbers !== 1) throw wrong(points);
        reserve(numberBytes);
        (numbers as { [index: number]: unknown })[used / numberBytes] = isBig ? BigInt(points) : Number(points);
        used += numberBytes;
        return 1;
      }
      if (!(points instanceof layout.array) || points.length === 0 || points.length % pointNumbers !== 0)
        throw wrong(points);
      reserve(points.byteLength);
      buffer.set(new Uint8Array(points.buffer, points.byteOffset, points.byteLength), used);
      used += points.byteLength;
      return points.length / pointNumbers;
    },
    take() {
      const taken = toBytes(numbersOver(layout, buffer.subarray(0, used)), layout);
      const perEntry = Math.max(1, Math.floor(entryBytes / pointBytes)) * pointBytes;
      [buffer, used] = [new Uint8Array(0), 0];
      numbers = numbersOver(layout, buffer);
      const entries: PendingEntry[] = [];
      for (let at = 0; at < taken.length; at += perEntry) {
        const payload = taken.subarray(at, at + perEntry);
        entries.push({ payload, points: payload.length / pointBytes });
      }
      return entries;
    },
  };
}

const numbersOver = ({ array: ArrayType }: Layout, bytes: Uint8Array): NumericArray =>
  new ArrayType(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / ArrayType.BYTES_PER_ELEMENT));

function describe(points: Points): string {
  if (ArrayBuffer.isView(points)) return `${points.constructor.name} of ${(points as NumericArray).length}`;
  return typeof points === "object" ? JSON.stringify(points)?.slice(0, 60) : `${typeof points} ${String(points)}`;
}
