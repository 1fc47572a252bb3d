// SPDX-License-Identifier: MIT
// The messages of a detector's data stream: version 1 (JSON and blobs in several parts), version 2 (CBOR).
import { type PackedPixels, type Pixels, pixelKinds } from "../frame.ts";
import { type CborValue, isTagged, readCbor } from "./cbor.ts";
import { unbslz4, unlz4, unlz4Blocks } from "./lz4.ts";

export interface StreamImage {
  readonly kind: "image";
  readonly series: number;
  /** From 0, in the series. */
  readonly image: number;
  readonly width: number;
  readonly height: number;
  readonly pixels: Pixels;
  /** As they came; files can have them like this. */
  readonly packed: PackedPixels | undefined;
}
export type StreamMessage =
  | StreamImage
  | { readonly kind: "start"; readonly series: number }
  | { readonly kind: "end"; readonly series: number };

/** "legacy": version 1 of the stream; "cbor": version 2. */
export type StreamFormat = "legacy" | "cbor";

/** undefined for messages that say nothing about frames. @throws Error when the message is broken. */
export function readMessage(format: StreamFormat, parts: readonly Uint8Array[]): StreamMessage | undefined {
  if (format === "legacy") return readMultipart(parts);
  const [message] = parts;
  return message && readCborMessage(message);
}

const elements = { uint8: pixelKinds.Bpp8, uint16: pixelKinds.Bpp16, uint32: pixelKinds.Bpp32 } as const;
type ElementType = keyof typeof elements;

/** No detector has more pixels in a row or rows. */
const largest = 65_536;

function pixelsOf(
  packed: Uint8Array,
  { width, height, type, encoding }: { width: number; height: number; type: ElementType; encoding: string },
): Pixels {
  if (!(width > 0 && height > 0 && width <= largest && height <= largest))
    throw new Error(`A frame of ${width} x ${height} pixels is no frame`);
  const { bytes: size, view } = elements[type];
  const bytes = width * height * size;
  const out = new Uint8Array(new SharedArrayBuffer(bytes));
  unpack(packed, out, size, encoding);
  return view(out.buffer, 0, width * height);
}

function unpack(packed: Uint8Array, out: Uint8Array, size: number, encoding: string): void {
  if (encoding === "bslz4") unbslz4(packed, out, size);
  else if (encoding === "lz4") unlz4(packed, out);
  else if (encoding === "lz4 blocks") unlz4Blocks(packed, out);
  else if (encoding !== "none")
    throw new Error(`Frames are compressed with ${encoding}: none, lz4 and bslz4 are known`);
  else if (packed.length !== out.length)
    throw new Error(`A frame of ${packed.length} bytes where ${out.length} are wanted`);
  else out.set(packed);
}

/** In memory of their own, which threads share: the message they came in ends in one thread. */
function packedOf(encoding: string, bytes: Uint8Array): PackedPixels | undefined {
  if (encoding !== "bslz4") return undefined;
  const kept = new Uint8Array(new SharedArrayBuffer(bytes.length));
  kept.set(bytes);
  return { packing: encoding, bytes: kept };
}

const elementType = (name: unknown): ElementType => {
  if (typeof name === "string" && name in elements) return name as ElementType;
  throw new Error(`Pixels of type ${String(name)}: uint8, uint16 and uint32 are known`);
};

// ---- version 1 -----------------------------------------------------------------------------------------------------

/** Encodings are `<` (none), `lz4<`, `bs16-lz4<`. */
const encodings: readonly (readonly [RegExp, string])[] = [
  [/^[<>]?$/, "none"],
  [/^lz4<$/, "lz4"],
  [/^bs(8|16|32)-lz4<$/, "bslz4"],
];

/** undefined for messages that say nothing about frames. @throws Error when the message is broken. */
export function readMultipart(parts: readonly Uint8Array[]): StreamMessage | undefined {
  const head = jsonPart(parts, 0);
  const series = Number(head.series);
  const type = String(head.htype);
  if (type.startsWith("dheader-")) return { kind: "start", series };
  if (type.startsWith("dseries_end-")) return { kind: "end", series };
  if (!type.startsWith("dimage-")) return undefined;
  const about = jsonPart(parts, 1);
  const [width, height] = (about.shape as readonly unknown[] | undefined) ?? [];
  const word = String(about.encoding);
  const encoding = encodings.find(([pattern]) => pattern.test(word))?.[1] ?? word;
  const blob = parts[2];
  if (!blob) throw new Error(`Frame ${String(head.frame)} of series ${series} came without pixels`);
  const shape = { width: Number(width), height: Number(height), type: elementType(about.type), encoding };
  const pixels = pixelsOf(blob, shape);
  const size = { width: shape.width, height: shape.height };
  return { kind: "image", series, image: Number(head.frame), ...size, pixels, packed: packedOf(encoding, blob) };
}

function jsonPart(parts: readonly Uint8Array[], index: number): Readonly<Record<string, unknown>> {
  const part = parts[index];
  if (!part) throw new Error(`A stream message of ${parts.length} parts lacks part ${index + 1}`);
  const value: unknown = JSON.parse(Buffer.from(part).toString("utf8"));
  if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  throw new Error(`Part ${index + 1} of a stream message is no JSON object`);
}

// ---- version 2 -----------------------------------------------------------------------------------------------------

/** Tags of typed arrays (RFC 8746) for the pixels detectors have. */
const arrayTags: Readonly<Record<number, ElementType>> = { 64: "uint8", 69: "uint16", 70: "uint32" };
const [selfDescribed, twoDimensional, compressed] = [55799, 40, 56500];

/** The image of the first channel. @throws Error when the message is broken. */
export function readCborMessage(bytes: Uint8Array): StreamMessage | undefined {
  const outer = readCbor(bytes);
  const message = isTagged(outer, selfDescribed) ? outer.value : outer;
  if (!(message instanceof Map)) throw new Error("A stream message is no CBOR map");
  const fields = message as ReadonlyMap<CborValue, CborValue>;
  const series = Number(fields.get("series_id"));
  const type = fields.get("type");
  if (type === "start" || type === "end") return { kind: type, series };
  if (type !== "image") return undefined;
  const data = fields.get("data");
  const [channel] = data instanceof Map ? (data as ReadonlyMap<CborValue, CborValue>).values() : [];
  if (channel === undefined || !isTagged(channel, twoDimensional) || !Array.isArray(channel.value))
    throw new Error(`Image ${String(fields.get("image_id"))} of series ${series} has no two-dimensional data`);
  return { kind: "image", series, image: Number(fields.get("image_id")), ...imageOf(channel.value) };
}

type Image = Pick<StreamImage, "width" | "height" | "pixels" | "packed">;

function imageOf([dimensions, typed]: readonly CborValue[]): Image {
  const [height, width] = (Array.isArray(dimensions) ? dimensions : []).map(Number);
  if (height === undefined || width === undefined) throw new Error("An image has no height and width");
  if (typeof typed !== "object" || typed === null || !("tag" in typed)) throw new Error("An image has untyped pixels");
  const type = elementType(arrayTags[typed.tag] ?? `of CBOR tag ${typed.tag}`);
  const { value } = typed;
  if (value instanceof Uint8Array)
    return { width, height, pixels: pixelsOf(value, { width, height, type, encoding: "none" }), packed: undefined };
  if (value === undefined || !isTagged(value, compressed) || !Array.isArray(value.value))
    throw new Error("Pixels are neither bytes nor compressed bytes");
  const [encoding, , packed] = value.value;
  if (!(packed instanceof Uint8Array)) throw new Error("Compressed pixels are no bytes");
  // Framed as HDF5's filters do it, unlike in the older stream.
  const framed = encoding === "lz4" ? "lz4 blocks" : String(encoding);
  const pixels = pixelsOf(packed, { width, height, type, encoding: framed });
  return { width, height, pixels, packed: packedOf(framed, packed) };
}
