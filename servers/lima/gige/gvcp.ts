// SPDX-License-Identifier: MIT
// Messages of GVCP, the control protocol of GigE Vision: a header of 8 bytes and a payload, big-endian, one a datagram.

/** The UDP port of every device. */
export const gvcpPort = 3956;

export const commands = {
  discovery: 0x0002,
  packetResend: 0x0040,
  readRegister: 0x0080,
  writeRegister: 0x0082,
  readMemory: 0x0084,
  writeMemory: 0x0086,
} as const;
/** "Wait longer": answers that are no command + 1. */
export const pendingAnswer = 0x0089;

/** First byte of a command. */
const key = 0x42;
export const flags = { acknowledge: 0x01, extendedIds: 0x10 } as const;
const headerLength = 8;
/** Bytes a payload may have at most, that a datagram fits into the smallest packet every network carries. */
export const longestPayload = 540;
/** Bytes of one READMEM or WRITEMEM. */
export const longestMemory = 512;

export interface Command {
  readonly command: number;
  readonly flags: number;
  /** 1 to 65535. */
  readonly id: number;
  readonly payload: Uint8Array;
}

export interface Answer {
  /** 0, or one of the status table. */
  readonly status: number;
  /** That of the command, plus 1. */
  readonly answer: number;
  readonly id: number;
  readonly payload: Uint8Array;
}

export class GvcpBroken extends Error {
  override readonly name = "GvcpBroken";
}

export function encodeCommand({ command, flags: bits, id, payload }: Command): Uint8Array {
  return message([(key << 8) | bits, command, payload.length, id], payload);
}

export function encodeAnswer({ status, answer, id, payload }: Answer): Uint8Array {
  return message([status, answer, payload.length, id], payload);
}

/** @throws GvcpBroken when the bytes are no command. */
export function decodeCommand(bytes: Uint8Array): Command {
  const { words, payload } = parts(bytes);
  const [first, command, , id] = words;
  if (first >> 8 !== key) throw new GvcpBroken(`a command begins with 0x42, not 0x${(first >> 8).toString(16)}`);
  return { command, flags: first & 0xff, id, payload };
}

/** @throws GvcpBroken when the bytes are no answer. */
export function decodeAnswer(bytes: Uint8Array): Answer {
  const { words, payload } = parts(bytes);
  const [status, answer, , id] = words;
  return { status, answer, id, payload };
}

type Words = readonly [number, number, number, number];

function message(words: Words, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerLength + payload.length);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of words.entries()) view.setUint16(2 * i, word);
  bytes.set(payload, headerLength);
  return bytes;
}

function parts(bytes: Uint8Array): { readonly words: Words; readonly payload: Uint8Array } {
  if (bytes.length < headerLength) throw new GvcpBroken(`${bytes.length} bytes, the header alone has ${headerLength}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = [view.getUint16(0), view.getUint16(2), view.getUint16(4), view.getUint16(6)] as const;
  const [, , length] = words;
  if (length > bytes.length - headerLength)
    throw new GvcpBroken(`${length} bytes of payload announced, ${bytes.length - headerLength} there`);
  return { words, payload: bytes.subarray(headerLength, headerLength + length) };
}

/** 32-bit numbers as a payload. */
export function encodeWords(...words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of words.entries()) view.setUint32(4 * i, word);
  return bytes;
}

/** @throws GvcpBroken when it is no whole number of them, or fewer than `least`. */
export function decodeWords(payload: Uint8Array, least = 0): readonly number[] {
  if (payload.length % 4 !== 0 || payload.length < 4 * least)
    throw new GvcpBroken(
      `${payload.length} bytes where ${least > 0 ? `at least ${least}` : "some"} numbers are wanted`,
    );
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return Array.from({ length: payload.length / 4 }, (_, i) => view.getUint32(4 * i));
}

export interface ResendRequest {
  readonly block: bigint;
  readonly extended: boolean;
  /** Packet numbers, both included. */
  readonly first: number;
  readonly last: number;
}

export function encodeResend({ block, extended, first, last }: ResendRequest): Uint8Array {
  if (!extended) return encodeWords(Number(block & 0xffffn), first, last);
  return encodeWords(0, first, last, Number(block >> 32n), Number(block & 0xffffffffn));
}

/** @throws GvcpBroken when the payload is too short. */
export function decodeResend({ payload, flags: bits }: Command): ResendRequest {
  const extended = (bits & flags.extendedIds) !== 0;
  const [channelAndBlock = 0, first = 0, last = 0, high = 0, low = 0] = decodeWords(payload, extended ? 5 : 3);
  const block = extended ? (BigInt(high) << 32n) | BigInt(low) : BigInt(channelAndBlock & 0xffff);
  return { block, extended, first, last };
}
