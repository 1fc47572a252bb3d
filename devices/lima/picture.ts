// SPDX-License-Identifier: MIT
// A frame as readImage of a LimaCCDs server gives it: DATA_ARRAY, a header, then the pixels.
import type { Picture } from "../../scanning/index.ts";

/** By the header's type number: bytes of a pixel, and how it is read. */
const pixels: Readonly<Record<number, readonly [bytes: number, read: (view: DataView, at: number, little: boolean) => number]>> = {
  0: [1, (view, at) => view.getUint8(at)],
  1: [2, (view, at, little) => view.getUint16(at, little)],
  2: [4, (view, at, little) => view.getUint32(at, little)],
  3: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  4: [1, (view, at) => view.getInt8(at)],
  5: [2, (view, at, little) => view.getInt16(at, little)],
  6: [4, (view, at, little) => view.getInt32(at, little)],
  7: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  8: [4, (view, at, little) => view.getFloat32(at, little)],
  9: [8, (view, at, little) => view.getFloat64(at, little)],
}; // biome-ignore format: a table

/** @throws TypeError for what is no image of numbers */
export function pictureOf(data: Uint8Array): Picture {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 32 || view.getUint32(0, true) !== 0x44544159) throw new TypeError("readImage gave no DATA_ARRAY");
  const start = view.getUint16(6, true);
  const kind = pixels[view.getUint32(12, true)];
  const little = view.getUint16(16, true) === 0;
  const [width, height] = [view.getUint16(20, true), view.getUint16(22, true)];
  if (!kind) throw new TypeError(`readImage gave pixels of unknown type ${view.getUint32(12, true)}`);
  const [bytes, read] = kind;
  if (start + bytes * width * height > data.length)
    throw new TypeError(`readImage gave ${data.length} bytes for ${width} x ${height} pixels`);
  const values = Float64Array.from({ length: width * height }, (_, i) => read(view, start + i * bytes, little));
  return { values, width, height };
}
