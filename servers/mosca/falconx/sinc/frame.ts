// SPDX-License-Identifier: MIT
// How SINC cuts a TCP stream into messages: a marker, the length of what follows, "protocol buffers", the type. Little
// endian.

export interface Frame {
  /** See message-table.ts. */
  readonly type: number;
  readonly payload: Uint8Array;
}

/** What begins a frame: commands go to the instrument, responses come from it. */
export const markers = { command: 0x88e7d5c6, response: 0x87d6c4b5 } as const;

const HEADER = 10;
const PROTOBUF = 3;
/** Two spectra of 4096 channels are 32 kB: nothing longer is a message of those used here. */
const MOST = 1 << 24;

export function encodeFrame(marker: number, type: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, marker, true);
  view.setUint32(4, payload.length + 2, true);
  view.setUint8(8, PROTOBUF);
  view.setUint8(9, type);
  bytes.set(payload, HEADER);
  return bytes;
}

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  readonly #marker: number;
  #rest: Uint8Array = new Uint8Array();

  constructor(marker: number) {
    this.#marker = marker;
  }

  /** The frames that are complete with `bytes`. @throws Error when what came is no frame */
  take(bytes: Uint8Array): Frame[] {
    this.#rest = this.#rest.length ? Buffer.concat([this.#rest, bytes]) : bytes;
    const frames: Frame[] = [];
    for (let length = this.#length(); length <= this.#rest.length; length = this.#length()) {
      const kind = this.#rest[8];
      if (kind !== PROTOBUF) throw new Error(`a message of kind ${kind}: only ${PROTOBUF} (protocol buffers) is known`);
      frames.push({ type: this.#rest[9] ?? 0, payload: this.#rest.subarray(HEADER, length) });
      this.#rest = this.#rest.subarray(length);
    }
    return frames;
  }

  /** Of the frame that begins here; infinite while that is not known. */
  #length(): number {
    const view = new DataView(this.#rest.buffer, this.#rest.byteOffset, this.#rest.byteLength);
    if (view.byteLength >= 4 && view.getUint32(0, true) !== this.#marker)
      throw new Error("no message of SINC: it does not begin with its marker");
    if (view.byteLength < HEADER) return Number.POSITIVE_INFINITY;
    const following = view.getUint32(4, true);
    if (following >= 2 && following <= MOST) return HEADER - 2 + following;
    throw new Error(`a message says that ${following} bytes follow: 2 to ${MOST} are possible`);
  }
}
