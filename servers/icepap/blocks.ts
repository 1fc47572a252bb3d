// SPDX-License-Identifier: MIT
// Binary blocks: what follows a command such as *PARDAT, and the vectors of a parametric trajectory inside one.

const SIGNATURE = 0xa5aa555a;
const VECTOR = 0xcafe;
export const BLOCK_HEADER = 12;

/** Header (signature, count of 16-bit words, sum of the words) and data, padded to a word. */
export function encodeBlock(data: Uint8Array): Uint8Array {
  const words = Math.ceil(data.length / 2);
  const block = new Uint8Array(BLOCK_HEADER + words * 2);
  block.set(data, BLOCK_HEADER);
  const view = new DataView(block.buffer);
  view.setUint32(0, SIGNATURE, true);
  view.setUint32(4, words, true);
  view.setUint32(8, wordSum(block.subarray(BLOCK_HEADER)), true);
  return block;
}

/** Bytes of data that follow a header. @throws RangeError when it is none. */
export function blockLength(header: Uint8Array, most = 2 ** 20): number {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const signature = view.getUint32(0, true);
  if (signature !== SIGNATURE) throw new RangeError(`a binary block does not begin with 0x${signature.toString(16)}`);
  const bytes = view.getUint32(4, true) * 2;
  if (bytes > most) throw new RangeError(`a binary block of ${bytes} bytes is longer than ${most}`);
  return bytes;
}

/** The data of a whole block. @throws RangeError when its checksum is wrong. */
export function decodeBlock(block: Uint8Array): Uint8Array {
  const data = block.subarray(BLOCK_HEADER, BLOCK_HEADER + blockLength(block));
  const expected = new DataView(block.buffer, block.byteOffset).getUint32(8, true);
  if (wordSum(data) !== expected) throw new RangeError("checksum of a binary block is wrong");
  return data;
}

function wordSum(data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let sum = 0;
  for (let at = 0; at + 1 < data.length; at += 2) sum = (sum + view.getUint16(at, true)) >>> 0;
  return sum;
}

export type VectorKind = "parameter" | "position" | "slope";
const kinds: Readonly<Record<VectorKind, number>> = { parameter: 0x1000, position: 0x2000, slope: 0x4000 };

/** One column of a parametric trajectory. */
export interface Vector {
  readonly kind: VectorKind;
  /** Of the driver board. */
  readonly address: number;
  readonly values: Float64Array;
}

const VECTOR_HEADER = 24;
const DOUBLE = 5;

export function encodeVectors(vectors: readonly Vector[]): Uint8Array {
  const parts = vectors.map(({ kind, address, values }) => {
    const bytes = new Uint8Array(VECTOR_HEADER + values.length * 8);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, VECTOR, true);
    view.setUint8(3, VECTOR_HEADER / 4);
    view.setUint32(4, bytes.length / 4, true);
    view.setUint32(8, values.length, true);
    view.setUint8(12, DOUBLE);
    view.setUint16(14, kinds[kind] | address, true);
    values.forEach((value, i) => void view.setFloat64(VECTOR_HEADER + i * 8, value, true));
    return bytes;
  });
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

type Get = (view: DataView, at: number) => number;
/** Type code -> bytes and reader of one value. */
const numbers: Readonly<Record<number, readonly [bytes: number, get: Get]>> = {
  0: [1, (view, at) => view.getInt8(at)],
  1: [2, (view, at) => view.getInt16(at, true)],
  2: [4, (view, at) => view.getInt32(at, true)],
  3: [8, (view, at) => Number(view.getBigInt64(at, true))],
  4: [4, (view, at) => view.getFloat32(at, true)],
  5: [8, (view, at) => view.getFloat64(at, true)],
  16: [1, (view, at) => view.getUint8(at)],
  17: [2, (view, at) => view.getUint16(at, true)],
  18: [4, (view, at) => view.getUint32(at, true)],
  19: [8, (view, at) => Number(view.getBigUint64(at, true))],
};

/** @throws RangeError when the bytes are no vectors, or compressed. */
export function decodeVectors(data: Uint8Array): Vector[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const vectors: Vector[] = [];
  for (let at = 0; at + VECTOR_HEADER <= data.length; ) {
    const size = view.getUint32(at + 4, true) * 4;
    const count = view.getUint32(at + 8, true);
    const [bytes, get] = numbers[view.getUint8(at + 12)] ?? [0, () => 0];
    const start = at + view.getUint8(at + 3) * 4;
    const flags = view.getUint16(at + 14, true);
    const kind = (Object.keys(kinds) as VectorKind[]).find((name) => flags & kinds[name]);
    const good = view.getUint16(at, true) === VECTOR && size >= VECTOR_HEADER && bytes > 0 && kind !== undefined;
    if (!good || view.getUint8(at + 13) !== 0 || at + size > data.length || start + count * bytes > at + size)
      throw new RangeError(`no vector of a trajectory at byte ${at} of ${data.length}`);
    const values = Float64Array.from({ length: count }, (_, i) => get(view, start + i * bytes));
    const first = view.getFloat64(at + 16, true);
    const incremental = (flags & 0x8000) !== 0;
    vectors.push({ kind, address: flags & 0xff, values: incremental ? summed(first, values) : values });
    at += size;
  }
  return vectors;
}

function summed(first: number, steps: Float64Array): Float64Array {
  let value = first;
  return Float64Array.of(first, ...steps.map((step) => (value += step)));
}
