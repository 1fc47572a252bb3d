// SPDX-License-Identifier: MIT
// numpy's spelling of number types, and the typed arrays that hold them.
// Source: numpy.org/doc/stable/reference/arrays.interface.html (typestr).

export type NumericArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** How elements of a type lie in memory. */
export interface Layout {
  /** numpy's spelling: "<f8", ">u2", "|b1", "<c16". */
  readonly dtype: string;
  /** b boolean, i signed, u unsigned, f float, c complex. */
  readonly kind: "b" | "i" | "u" | "f" | "c";
  /** Bytes of one element. */
  readonly size: number;
  readonly bigEndian: boolean;
  /** Numbers of `array` that make one element: 2 for a complex one (real, imaginary), else 1. */
  readonly parts: 1 | 2;
  readonly array: ArrayConstructor;
  /** What numpy calls it, without byte order: "float64". */
  readonly name: string;
}

interface ArrayConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): NumericArray;
  new (buffer: ArrayBufferLike, offset: number, length: number): NumericArray;
}

const layouts: Readonly<Record<string, Pick<Layout, "parts" | "array" | "name">>> = {
  b1: { parts: 1, array: Uint8Array, name: "bool" },
  i1: { parts: 1, array: Int8Array, name: "int8" },
  i2: { parts: 1, array: Int16Array, name: "int16" },
  i4: { parts: 1, array: Int32Array, name: "int32" },
  i8: { parts: 1, array: BigInt64Array, name: "int64" },
  u1: { parts: 1, array: Uint8Array, name: "uint8" },
  u2: { parts: 1, array: Uint16Array, name: "uint16" },
  u4: { parts: 1, array: Uint32Array, name: "uint32" },
  u8: { parts: 1, array: BigUint64Array, name: "uint64" },
  f4: { parts: 1, array: Float32Array, name: "float32" },
  f8: { parts: 1, array: Float64Array, name: "float64" },
  c8: { parts: 2, array: Float32Array, name: "complex64" },
  c16: { parts: 2, array: Float64Array, name: "complex128" },
};

/** Half floats are read, as 32-bit ones; there is no array to write them from. */
const half = "f2";

/**
 * The layout of a numpy type: "<f8" (byte order first; `|` or `=` or nothing: this machine's) or a name, "float64".
 * @throws TypeError for a type that is no number
 */
export function layoutOf(dtype: string): Layout {
  const named = Object.entries(layouts).find(([, { name }]) => name === dtype)?.[0];
  const [, order = "=", code] = named ? [dtype, "=", named] : (/^([<>|=]?)([a-z]\d+)$/.exec(dtype) ?? []);
  if (code === half) return { ...layoutParts("f2", order), parts: 1, array: Float32Array, name: "float16" };
  const layout = code === undefined ? undefined : layouts[code];
  if (!code || !layout)
    throw new TypeError(
      `"${dtype}" is no number type: write one of ${Object.values(layouts)
        .map(({ name }) => name)
        .join(", ")} or numpy's short form, as "<f8"`,
    );
  return { ...layoutParts(code, order), ...layout };
}

function layoutParts(code: string, order: string): Pick<Layout, "dtype" | "kind" | "size" | "bigEndian"> {
  const size = Number(code.slice(1));
  const bigEndian = size > 1 && order === ">";
  const prefix = size === 1 ? "|" : bigEndian ? ">" : "<";
  return { dtype: prefix + code, kind: code[0] as Layout["kind"], size, bigEndian };
}

/** Numbers in this machine's byte order from bytes in the type's order; a copy only where order or alignment ask for it. */
export function toNumbers(bytes: Uint8Array, layout: Layout): NumericArray {
  const { size, parts, array: ArrayType, bigEndian } = layout;
  if (bytes.length % size !== 0)
    throw new RangeError(`${bytes.length} bytes are no whole number of ${layout.dtype} elements of ${size} bytes`);
  const unit = size / parts;
  if (layout.name === "float16") return halves(bytes, bigEndian);
  const aligned = bytes.byteOffset % unit === 0 && !bigEndian ? bytes : Uint8Array.from(bytes);
  if (bigEndian) swapBytes(aligned, unit);
  return new ArrayType(aligned.buffer, aligned.byteOffset, aligned.length / unit);
}

/** Bytes in the type's order of numbers in this machine's; the same memory unless the order differs. */
export function toBytes(numbers: NumericArray, layout: Layout): Uint8Array {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  if (!layout.bigEndian) return bytes;
  const copy = Uint8Array.from(bytes);
  swapBytes(copy, layout.size / layout.parts);
  return copy;
}

function swapBytes(bytes: Uint8Array, unit: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (unit === 2) buffer.swap16();
  else if (unit === 4) buffer.swap32();
  else if (unit === 8) buffer.swap64();
}

function halves(bytes: Uint8Array, bigEndian: boolean): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Float32Array.from({ length: bytes.length / 2 }, (_, index) => {
    const bits = view.getUint16(2 * index, !bigEndian);
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
  });
}
