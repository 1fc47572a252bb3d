// SPDX-License-Identifier: MIT
// Packets of GVSP, the stream protocol of GigE Vision: a leader, numbered data and a trailer make one block (an image).
import { statuses } from "./status-table.ts";

interface Numbered {
  /** Of the image; 16 bits (0 is never used), or 64 when `extended`. */
  readonly block: bigint;
  readonly extended: boolean;
  /** 0 the leader, from 1 the data, then the trailer. */
  readonly packet: number;
}

export interface Leader extends Numbered {
  readonly kind: "leader";
  /** Ticks of the device's clock. */
  readonly timestamp: bigint;
  /** A number of the pixel format table. */
  readonly pixelFormat: number;
  readonly width: number;
  readonly height: number;
  readonly offsetX: number;
  readonly offsetY: number;
  /** Bytes after each line, and after the image. */
  readonly paddingX: number;
  readonly paddingY: number;
}
export interface DataPacket extends Numbered {
  readonly kind: "data";
  readonly data: Uint8Array;
}
export interface Trailer extends Numbered {
  readonly kind: "trailer";
  readonly height: number;
}
/** The device says that it cannot give this packet. */
export interface Unavailable extends Numbered {
  readonly kind: "unavailable";
  readonly status: number;
}
export type StreamPacket = Leader | DataPacket | Trailer | Unavailable;

export class GvspBroken extends Error {
  override readonly name = "GvspBroken";
}

const formats = { leader: 1, trailer: 2, data: 3 } as const;
/** Payload types with an image in them; the flag: chunks of other data follow it. */
const [imagePayload, chunkFlag] = [1, 0x4000];
const [headerLength, extendedHeaderLength] = [8, 20];
/** Bytes of IP, UDP and GVSP headers, which a device's packet size includes. */
export const packetOverhead = (extended: boolean): number => 28 + (extended ? extendedHeaderLength : headerLength);

/** @throws GvspBroken with what is wrong: too short, no image, an unknown format. */
export function decodePacket(bytes: Uint8Array): StreamPacket {
  if (bytes.length < headerLength) throw new GvspBroken(`${bytes.length} bytes are no packet`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const extended = (view.getUint8(4) & 0x80) !== 0;
  const length = extended ? extendedHeaderLength : headerLength;
  if (bytes.length < length) throw new GvspBroken(`${bytes.length} bytes, an extended header has ${length}`);
  const numbered = extended
    ? { extended, block: view.getBigUint64(8), packet: view.getUint32(16) }
    : { extended, block: BigInt(view.getUint16(2)), packet: view.getUint32(4) & 0xffffff };
  const status = view.getUint16(0);
  if (status >= 0x8000) return { kind: "unavailable", ...numbered, status };
  const format = view.getUint8(4) & 0x0f;
  if (format === formats.data) return { kind: "data", ...numbered, data: bytes.subarray(length) };
  const body = new DataView(bytes.buffer, bytes.byteOffset + length, bytes.byteLength - length);
  if (format === formats.leader) return { kind: "leader", ...numbered, ...leaderOf(body) };
  if (format !== formats.trailer) throw new GvspBroken(`packet format ${format} is not for images`);
  if (body.byteLength < 8) throw new GvspBroken("the trailer is cut short");
  return { kind: "trailer", ...numbered, height: body.getUint32(4) };
}

function leaderOf(body: DataView) {
  if (body.byteLength < 36) throw new GvspBroken(`the leader is cut short: ${body.byteLength} of 36 bytes`);
  const type = body.getUint16(2);
  if ((type & ~chunkFlag) !== imagePayload) throw new GvspBroken(`payload type 0x${type.toString(16)} is no image`);
  return {
    timestamp: body.getBigUint64(4),
    pixelFormat: body.getUint32(12),
    width: body.getUint32(16),
    height: body.getUint32(20),
    offsetX: body.getUint32(24),
    offsetY: body.getUint32(28),
    paddingX: body.getUint16(32),
    paddingY: body.getUint16(34),
  };
}

/** `resent`: the packet answers a request for it. */
export function encodePacket(packet: StreamPacket, { resent = false } = {}): Uint8Array {
  const body = bodyOf(packet);
  const length = packet.extended ? extendedHeaderLength : headerLength;
  const bytes = new Uint8Array(length + body.length);
  const view = new DataView(bytes.buffer);
  const format = packet.kind === "unavailable" ? formats.data : formats[packet.kind];
  view.setUint16(0, packet.kind === "unavailable" ? packet.status : resent ? statuses.packetResent : statuses.success);
  if (packet.extended) {
    view.setUint32(4, (0x80 | format) << 24);
    view.setBigUint64(8, packet.block);
    view.setUint32(16, packet.packet);
  } else {
    view.setUint16(2, Number(packet.block));
    view.setUint32(4, (format << 24) | packet.packet);
  }
  bytes.set(body, length);
  return bytes;
}

function bodyOf(packet: StreamPacket): Uint8Array {
  if (packet.kind === "data") return packet.data;
  if (packet.kind === "unavailable") return new Uint8Array(0);
  const body = new DataView(new ArrayBuffer(packet.kind === "leader" ? 36 : 8));
  if (packet.kind === "trailer") {
    body.setUint16(2, imagePayload);
    body.setUint32(4, packet.height);
  } else {
    body.setUint16(2, imagePayload);
    body.setBigUint64(4, packet.timestamp);
    const words = [packet.pixelFormat, packet.width, packet.height, packet.offsetX, packet.offsetY];
    for (const [i, word] of words.entries()) body.setUint32(12 + 4 * i, word);
    body.setUint16(32, packet.paddingX);
    body.setUint16(34, packet.paddingY);
  }
  return new Uint8Array(body.buffer);
}
