// SPDX-License-Identifier: MIT
// The binary headers in which images leave a LimaCCDs server: DATA_ARRAY (little-endian) and VIDEO_IMAGE (big-endian).
import type { Encoded, EncodedParts } from "../../tango/idl/tango-types.ts";
import { bytesOf, type Frame, type ImageType, imageTypeOf, pixelKinds } from "./frame.ts";
import { type VideoMode, videoModes } from "./video-mode-table.ts";

/** Category numbers of the header. */
const image = 2;
const imageStack = 4;

function header(frames: readonly Frame[], acquisitionTag: bigint): DataView {
  const first = frames[0]!;
  const kind = pixelKinds[imageTypeOf(first.pixels)];
  const stack = frames.length > 1;
  const dims = stack ? [first.width, first.height, frames.length] : [first.width, first.height];
  const view = new DataView(new ArrayBuffer(80));
  view.setUint32(0, 0x44544159, true);
  view.setUint16(4, 4, true); // version
  view.setUint16(6, 80, true);
  view.setUint32(8, stack ? imageStack : image, true);
  view.setUint32(12, kind.dataArray, true);
  view.setUint16(16, 0, true); // little-endian pixels
  view.setUint16(18, dims.length, true);
  let step = kind.bytes as number;
  for (const [i, dim] of dims.entries()) {
    view.setUint16(20 + 2 * i, dim, true);
    view.setUint32(32 + 4 * i, step, true);
    step *= dim;
  }
  view.setBigUint64(56, BigInt(first.index), true);
  view.setBigUint64(64, acquisitionTag, true);
  return view;
}

/**
 * One frame, or consecutive frames as a stack, as DATA_ARRAY version 4: an 80-byte header, then the pixels of each. They are
 * not copied: the frames have to stay what they are until they are sent.
 */
export const dataArrayParts = (frames: readonly [Frame, ...Frame[]], acquisitionTag: bigint): EncodedParts => ({
  format: "DATA_ARRAY",
  parts: [new Uint8Array(header(frames, acquisitionTag).buffer), ...frames.map(({ pixels }) => bytesOf(pixels))],
});

/** One frame as DATA_ARRAY, copied. */
export function dataArray(frame: Frame, acquisitionTag: bigint): Encoded {
  const { format, parts } = dataArrayParts([frame], acquisitionTag);
  const data = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { format, data };
}

/** The video modes of greyscale frames, by bytes per pixel. */
const greyModes: Readonly<Record<number, VideoMode>> = { 1: "Y8", 2: "Y16", 4: "Y32" };
/** How a frame without colours is shown. */
export const greyMode = (imageType: ImageType): VideoMode => greyModes[pixelKinds[imageType].bytes] as VideoMode;

/** A frame as VIDEO_IMAGE, in colours if it has them; without one, a header that says so (frame -1, no pixels). */
export function videoImage(frame: Frame | undefined): Encoded {
  const mode = frame?.video?.mode ?? greyMode(frame ? imageTypeOf(frame.pixels) : "Bpp8");
  const pixels = frame?.video?.data ?? (frame ? bytesOf(frame.pixels) : new Uint8Array(0));
  const data = new Uint8Array(32 + pixels.length);
  const view = new DataView(data.buffer);
  view.setUint32(0, 0x5644454f);
  view.setUint16(4, 1); // version
  view.setUint16(6, videoModes[mode]);
  view.setBigInt64(8, BigInt(frame?.index ?? -1));
  view.setInt32(16, frame?.width ?? 0);
  view.setInt32(20, frame?.height ?? 0);
  view.setUint16(24, 0); // little-endian pixels
  view.setUint16(26, 32);
  data.set(pixels, 32);
  return { format: "VIDEO_IMAGE", data };
}
