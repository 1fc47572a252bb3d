// SPDX-License-Identifier: MIT
// Frames out of the memory of detector servers, as Tango commands give them (DevEncoded).
// Source: Lima (DATA_ARRAY, versions 1 to 4), lima2-client 4.3 (DATA_ARRAY with channels, SPARSE_FRAME).
import type { CallOptions } from "../connection.ts";
import { layoutOf, toNumbers } from "../dtype.ts";
import { type NumericBatch, product } from "../encoding.ts";

export interface EncodedFrame {
  /** "DATA_ARRAY", "SPARSE_FRAME" */
  readonly format: string;
  readonly data: Uint8Array;
}

/** Whoever has a Tango client gives one, see `frameServers` of bandoneon/devices. */
export interface LiveFrames {
  /** Calls a command that gives a frame. @throws when the server does not have it (any more) */
  frame(server: string, command: string, index: number, options?: CallOptions): Promise<EncodedFrame>;
}

const magic = 0x44544159;
/** By the number in the header. */
const types = ["<u1", "<u2", "<u4", "<u8", "<i1", "<i2", "<i4", "<i8", "<f4", "<f8"] as const;
const firstPixel = { array: 32, sparse: 12 };
/** Pixels of a sparse frame, whose header alone says how much memory it takes: as many as a whole message holds. */
const MOST_PIXELS = 2 ** 27;

/** @throws TypeError for what is no frame */
export function decodeFrame({ format, data }: EncodedFrame): NumericBatch {
  if (format === "DATA_ARRAY") return dataArray(data);
  if (format === "SPARSE_FRAME") return sparseFrame(data);
  throw new TypeError(`frames of the format "${format}" cannot be read, but DATA_ARRAY and SPARSE_FRAME`);
}

function dataArray(bytes: Uint8Array): NumericBatch {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < firstPixel.array || header.getUint32(0, true) !== magic)
    throw new TypeError("the server gave no DATA_ARRAY: its first bytes are others");
  const [start, type, dimensions] = [header.getUint16(6, true), header.getUint32(12, true), header.getUint16(18, true)];
  const dtype = types[type];
  if (!dtype || header.getUint16(16, true) !== 0 || dimensions < 1 || dimensions > 6)
    throw new TypeError(`the server gave pixels of the type ${type} in ${dimensions} dimensions`);
  // The fastest dimension comes first.
  const shape = Array.from({ length: dimensions }, (_, at) => header.getUint16(20 + 2 * at, true)).reverse();
  const layout = layoutOf(dtype);
  const size = product(shape) * layout.size;
  if (start < firstPixel.array || start + size > bytes.length)
    throw new TypeError(`the server gave ${bytes.length} bytes, ${shape.join(" x ")} pixels take ${start + size}`);
  return { kind: "numeric", dtype: layout.dtype, shape, data: toNumbers(bytes.slice(start, start + size), layout) };
}

/** Width and height, number of pixels, frame; then the place of each pixel, then its value. */
function sparseFrame(bytes: Uint8Array): NumericBatch {
  if (bytes.length < firstPixel.sparse) throw new TypeError(`the server gave a SPARSE_FRAME of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height, pixels] = [view.getUint16(0, true), view.getUint16(2, true), view.getUint32(4, true)];
  const values = firstPixel.sparse + 4 * pixels;
  if (values + 2 * pixels > bytes.length)
    throw new TypeError(`the server gave ${bytes.length} bytes, ${pixels} pixels take ${values + 2 * pixels}`);
  if (width * height > MOST_PIXELS)
    throw new TypeError(`the server gave a SPARSE_FRAME of ${width} x ${height} pixels, more than ${MOST_PIXELS}`);
  const data = new Uint16Array(width * height);
  for (let pixel = 0; pixel < pixels; pixel++)
    data[view.getInt32(firstPixel.sparse + 4 * pixel, true)] = view.getUint16(values + 2 * pixel, true);
  return { kind: "numeric", dtype: "<u2", shape: [height, width], data };
}
