// SPDX-License-Identifier: MIT
// Messages of the Ocean Binary Protocol (OBP), as Ocean Optics publishes it with its spectrometers: a header of 44 bytes,
// a payload, a footer of 20. Little endian. Sixteen bytes or less travel inside the header.
import { createHash } from "node:crypto";

export interface Message {
  /** See message-table.ts. */
  readonly type: number;
  /** Bits of `flag`. */
  readonly flags: number;
  /** 0, or why a request was refused: see `refusals`. */
  readonly error: number;
  /** Chosen by who asks, given back by who answers. */
  readonly regarding: number;
  readonly data: Uint8Array;
}

export const flag = { response: 1, acknowledge: 2, wanted: 4, refused: 8, exception: 16 } as const;

const HEADER = 44;
const FOOTER = 20;
const INSIDE = 16;
const START = 0xc0c1;
const END = 0xc2c3c4c5;
const VERSION = 0x1100;
const MD5 = 1;
/** Fifteen spectra of the largest sensor are 70 kB: nothing longer is a message. */
const MOST = 1 << 22;

export function encodeMessage({ type, flags, error, regarding, data }: Message): Uint8Array {
  const inside = data.length <= INSIDE;
  const bytes = new Uint8Array(HEADER + (inside ? 0 : data.length) + FOOTER);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, START, true);
  view.setUint16(2, VERSION, true);
  view.setUint16(4, flags, true);
  view.setUint16(6, error, true);
  view.setUint32(8, type, true);
  view.setUint32(12, regarding, true);
  view.setUint8(23, inside ? data.length : 0);
  bytes.set(data, inside ? 24 : HEADER);
  view.setUint32(40, bytes.length - HEADER, true);
  view.setUint32(bytes.length - 4, END, true);
  return bytes;
}

/** Cuts a stream of bytes into messages. */
export class MessageReader {
  #rest: Uint8Array = new Uint8Array();

  /** The messages that are complete with `bytes`. @throws Error when what came is no message */
  take(bytes: Uint8Array): Message[] {
    this.#rest = this.#rest.length ? Buffer.concat([this.#rest, bytes]) : bytes;
    const messages: Message[] = [];
    for (let length = lengthOf(this.#rest); length <= this.#rest.length; length = lengthOf(this.#rest)) {
      messages.push(decode(this.#rest.subarray(0, length)));
      this.#rest = this.#rest.subarray(length);
    }
    return messages;
  }
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Of the message that begins here; infinite while that is not known. */
function lengthOf(bytes: Uint8Array): number {
  if (bytes.length >= 2 && viewOf(bytes).getUint16(0, true) !== START)
    throw new Error("no message of the Ocean Binary Protocol: it does not begin with c1 c0");
  if (bytes.length < HEADER) return Number.POSITIVE_INFINITY;
  const remaining = viewOf(bytes).getUint32(40, true);
  if (remaining >= FOOTER && remaining <= MOST) return HEADER + remaining;
  throw new Error(`a message says that ${remaining} bytes follow its header: ${FOOTER} to ${MOST} are possible`);
}

function decode(bytes: Uint8Array): Message {
  const view = viewOf(bytes);
  if (view.getUint32(bytes.length - 4, true) !== END) throw new Error("a message does not end with c5 c4 c3 c2");
  if (view.getUint8(22) === MD5) checkSum(bytes);
  const inside = view.getUint8(23);
  if (inside > INSIDE) throw new Error(`a message says that its header holds ${inside} bytes of data`);
  const payload = bytes.subarray(HEADER, bytes.length - FOOTER);
  return {
    type: view.getUint32(8, true),
    flags: view.getUint16(4, true),
    error: view.getUint16(6, true),
    regarding: view.getUint32(12, true),
    data: new Uint8Array(inside ? bytes.subarray(24, 24 + inside) : payload),
  };
}

function checkSum(bytes: Uint8Array): void {
  const sum = createHash("md5").update(bytes.subarray(0, -FOOTER)).digest();
  if (!sum.equals(bytes.subarray(-FOOTER, -4))) throw new Error("the checksum of a message is wrong");
}
