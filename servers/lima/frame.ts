// SPDX-License-Identifier: MIT
// One image of a detector and the names of its pixel types.
import type { VideoMode } from "./video-mode-table.ts";

/** In memory of their own, or in memory that threads share. */
export type Pixels = Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array | Float32Array;

/** Names of LIMA's image types that a frame can have here. */
export type ImageType = "Bpp8" | "Bpp8S" | "Bpp16" | "Bpp16S" | "Bpp32" | "Bpp32S" | "Bpp32F";

export interface Frame {
  /** From 0, in the acquisition. */
  readonly index: number;
  readonly width: number;
  readonly height: number;
  /** Row by row, top first. */
  readonly pixels: Pixels;
  /** Seconds from the start of the acquisition to the start of the exposure. */
  readonly time: number;
  /** The picture in colours, of cameras that see them; `pixels` is how bright it is. */
  readonly video?: VideoPicture | undefined;
  /** The same pixels as the camera packed them, of cameras that do. */
  readonly packed?: PackedPixels | undefined;
}
/** In memory that threads share. */
export interface PackedPixels {
  readonly packing: "bslz4";
  readonly bytes: Uint8Array;
}
export interface VideoPicture {
  readonly mode: VideoMode;
  readonly data: Uint8Array;
}

interface PixelKind {
  readonly create: (length: number) => Pixels;
  /** A view of memory that exists; `offset` in bytes. */
  readonly view: (memory: ArrayBufferLike, offset: number, length: number) => Pixels;
  readonly bytes: 1 | 2 | 4;
  readonly signed: boolean;
  /** Type number in DATA_ARRAY headers. */
  readonly dataArray: number;
  /** DataType of EDF headers. */
  readonly edf: string;
  /** numpy's name. */
  readonly dtype: string;
  readonly max: number;
}

export const pixelKinds: Readonly<Record<ImageType, PixelKind>> = {
  Bpp8: {
    create: (n) => new Uint8Array(n),
    view: (memory, offset, n) => new Uint8Array(memory, offset, n),
    bytes: 1,
    signed: false,
    dataArray: 0,
    edf: "UnsignedByte",
    dtype: "uint8",
    max: 0xff,
  },
  Bpp16: {
    create: (n) => new Uint16Array(n),
    view: (memory, offset, n) => new Uint16Array(memory, offset, n),
    bytes: 2,
    signed: false,
    dataArray: 1,
    edf: "UnsignedShort",
    dtype: "uint16",
    max: 0xffff,
  },
  Bpp32: {
    create: (n) => new Uint32Array(n),
    view: (memory, offset, n) => new Uint32Array(memory, offset, n),
    bytes: 4,
    signed: false,
    dataArray: 2,
    edf: "UnsignedInteger",
    dtype: "uint32",
    max: 0xffffffff,
  },
  Bpp8S: {
    create: (n) => new Int8Array(n),
    view: (memory, offset, n) => new Int8Array(memory, offset, n),
    bytes: 1,
    signed: true,
    dataArray: 4,
    edf: "SignedByte",
    dtype: "int8",
    max: 0x7f,
  },
  Bpp16S: {
    create: (n) => new Int16Array(n),
    view: (memory, offset, n) => new Int16Array(memory, offset, n),
    bytes: 2,
    signed: true,
    dataArray: 5,
    edf: "SignedShort",
    dtype: "int16",
    max: 0x7fff,
  },
  Bpp32S: {
    create: (n) => new Int32Array(n),
    view: (memory, offset, n) => new Int32Array(memory, offset, n),
    bytes: 4,
    signed: true,
    dataArray: 6,
    edf: "SignedInteger",
    dtype: "int32",
    max: 0x7fffffff,
  },
  Bpp32F: {
    create: (n) => new Float32Array(n),
    view: (memory, offset, n) => new Float32Array(memory, offset, n),
    bytes: 4,
    signed: true,
    dataArray: 8,
    edf: "FloatValue",
    dtype: "float32",
    max: 3.4e38,
  },
};

/** The image type of pixels that exist already. */
export function imageTypeOf(pixels: Pixels): ImageType {
  if (pixels instanceof Uint8Array) return "Bpp8";
  if (pixels instanceof Uint16Array) return "Bpp16";
  if (pixels instanceof Uint32Array) return "Bpp32";
  if (pixels instanceof Int8Array) return "Bpp8S";
  if (pixels instanceof Int16Array) return "Bpp16S";
  return pixels instanceof Int32Array ? "Bpp32S" : "Bpp32F";
}

/** The bytes of pixels, not copied. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: Pixels): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const isShared = ({ buffer }: Pixels): boolean => buffer instanceof SharedArrayBuffer;

/** Pixels of memory that threads share; those that are in such memory are the given ones. */
export function shared(pixels: Pixels): Pixels {
  if (isShared(pixels)) return pixels;
  const copy = sharedPixels(imageTypeOf(pixels), pixels.length);
  copy.set(pixels);
  return copy;
}

/** Zeros in memory that threads share. */
export function sharedPixels(type: ImageType, length: number): Pixels {
  const { bytes, view } = pixelKinds[type];
  return view(new SharedArrayBuffer(length * bytes), 0, length);
}
