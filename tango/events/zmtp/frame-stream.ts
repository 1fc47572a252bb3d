// SPDX-License-Identifier: MIT
// From the bytes of a ZMTP connection to frames (RFC 23, "framing"; the same in versions 2 and 3).
import { Accumulator, MAX_MESSAGE, ProtocolError } from "../../giop/index.ts";

/** Where the bytes of a frame are. They are the receiver's. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export const frameFlags = { more: 1, long: 2, command: 4 } as const;
/** Flags, then the size: one byte, or eight of a long frame. */
const SHORT_HEAD = 2;
const LONG_HEAD = 9;
/** Servers are believed what they announce: memory for an image is taken once, not grown and copied as it comes. */
const BELIEVED = 64 * 2 ** 20;

export class FrameStream {
  readonly #deliver: (flags: number, frame: Frame) => void;
  /** A head that has come in part. */
  readonly #head = new Uint8Array(LONG_HEAD);
  #headLength = 0;
  /** The frame whose bytes are coming. */
  #current: { readonly flags: number; readonly content: Accumulator } | undefined;

  constructor(deliver: (flags: number, frame: Frame) => void) {
    this.#deliver = deliver;
  }

  /** Where the rest of a big frame should be read to. */
  get room(): Uint8Array | undefined {
    return this.#current?.content.room;
  }

  /** From `at` on. @throws ProtocolError (then the connection must be closed), and whatever the receiver throws. */
  feed(chunk: Uint8Array, at = 0): void {
    let next = at;
    while (next < chunk.length) next = this.#step(chunk, next);
  }

  #step(chunk: Uint8Array, at: number): number {
    if (this.#current) return this.#continue(chunk, at);
    if (this.#headLength > 0 || chunk.length - at < headLength(chunk[at]!)) return this.#gatherHead(chunk, at);
    const flags = chunk[at]!;
    const start = at + headLength(flags);
    const end = start + sizeIn(chunk, at);
    if (end <= chunk.length) {
      this.#deliver(flags, { bytes: chunk, start, end });
      return end;
    }
    this.#begin(flags, end - start);
    return start;
  }

  #gatherHead(chunk: Uint8Array, at: number): number {
    this.#head[this.#headLength++] = chunk[at]!;
    const [flags] = this.#head as unknown as readonly [number];
    if (this.#headLength === headLength(flags)) {
      this.#headLength = 0;
      const size = sizeIn(this.#head, 0);
      if (size > 0) this.#begin(flags, size);
      else this.#deliver(flags, { bytes: this.#head, start: 0, end: 0 });
    }
    return at + 1;
  }

  #begin(flags: number, size: number): void {
    this.#current = { flags, content: new Accumulator(size, 0, BELIEVED) };
  }

  #continue(chunk: Uint8Array, at: number): number {
    const { flags, content } = this.#current!;
    const next = at + content.append(chunk, at);
    if (content.complete) {
      this.#current = undefined;
      const { bytes } = content;
      this.#deliver(flags, { bytes, start: 0, end: bytes.length });
    }
    return next;
  }
}

const headLength = (flags: number): number => (flags & frameFlags.long ? LONG_HEAD : SHORT_HEAD);

function sizeIn(bytes: Uint8Array, at: number): number {
  if (!(bytes[at]! & frameFlags.long)) return bytes[at + 1]!;
  let size = 0;
  for (let index = at + 1; index < at + LONG_HEAD; index++) size = size * 256 + bytes[index]!;
  if (size > MAX_MESSAGE) throw new ProtocolError(`a frame of ${size} bytes is above the limit of ${MAX_MESSAGE}`);
  return size;
}

/** A frame as it is sent. */
export function frameOf(flags: number, content: Uint8Array): Uint8Array {
  const isLong = content.length > 255;
  const frame = new Uint8Array((isLong ? LONG_HEAD : SHORT_HEAD) + content.length);
  frame[0] = flags | (isLong ? frameFlags.long : 0);
  if (isLong) new DataView(frame.buffer).setBigUint64(1, BigInt(content.length));
  else frame[1] = content.length;
  frame.set(content, frame.length - content.length);
  return frame;
}
