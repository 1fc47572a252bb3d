// SPDX-License-Identifier: MIT
// Writes CDR. Small items go into a buffer that is used again for the next message; big arrays are only referenced.
import { Buffer } from "node:buffer";
import { MarshalError } from "./marshal-error.ts";
import type { CodeSet } from "./text.ts";
import { encodeText, textProblem, textRoom } from "./text.ts";

export interface WriterOptions {
  /** Byte order; default true. */
  readonly littleEndian?: boolean;
  readonly text?: CodeSet;
  /** The position, counted from the first byte written, that alignment counts from: 4 for the body of an event; default 0. */
  readonly origin?: number;
}

/** Arrays of at least this many bytes are sent from their own memory. */
const REFERENCED = 8192;
/** Messages are written into slabs of this size, one after the other. */
const SLAB = 32768;

/** Appends values to a message. Pad bytes are zero. */
export class Writer {
  readonly littleEndian: boolean;
  text: CodeSet;
  readonly #origin: number;
  #bytes: Uint8Array;
  #view: DataView;
  /** Where in the slab the current chunk starts and where the next byte goes. */
  #start = 0;
  #at = 0;
  /** Position in the message of slab index 0. */
  #base = 0;
  #chunks: Uint8Array[] = [];
  /** Messages in the slab that wait to be sent, and whether some of it will be read later than anybody says. */
  #waiting = 0;
  #isHeld = false;

  constructor(options: WriterOptions = {}) {
    this.littleEndian = options.littleEndian ?? true;
    this.text = options.text ?? "latin1";
    this.#origin = options.origin ?? 0;
    this.#bytes = Buffer.alloc(0);
    this.#view = new DataView(this.#bytes.buffer, 0, 0);
  }

  /** Bytes written so far. */
  get position(): number {
    return this.#base + this.#at;
  }

  /** Aligns to `size` with zeros and claims `length` bytes; returns their index in the slab. */
  #claim(size: number, length: number): number {
    const pad = -(this.#base + this.#at - this.#origin) & (size - 1);
    if (this.#at + pad + length > this.#bytes.length) this.#grow(pad + length);
    const bytes = this.#bytes;
    let at = this.#at;
    for (const aligned = at + pad; at < aligned; at++) bytes[at] = 0;
    this.#at = at + length;
    return at;
  }

  /** A new slab, with room for `more` bytes; what is written stays where it is, as a chunk. */
  #grow(more: number): void {
    const position = this.position;
    if (this.#at > this.#start) this.#chunks.push(this.#bytes.subarray(this.#start, this.#at));
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(SLAB, more));
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    this.#start = 0;
    this.#at = 0;
    this.#base = position;
    this.#isHeld = false;
  }

  octet(value: number): void {
    const at = this.#claim(1, 1); // first: it may replace the slab
    this.#bytes[at] = value;
  }
  boolean(value: boolean): void {
    const at = this.#claim(1, 1);
    this.#bytes[at] = value ? 1 : 0;
  }
  short(value: number): void {
    const at = this.#claim(2, 2);
    this.#view.setInt16(at, value, this.littleEndian);
  }
  ushort(value: number): void {
    const at = this.#claim(2, 2);
    this.#view.setUint16(at, value, this.littleEndian);
  }
  long(value: number): void {
    const at = this.#claim(4, 4);
    this.#view.setInt32(at, value, this.littleEndian);
  }
  ulong(value: number): void {
    const at = this.#claim(4, 4);
    this.#view.setUint32(at, value, this.littleEndian);
  }
  longlong(value: bigint): void {
    const at = this.#claim(8, 8);
    this.#view.setBigInt64(at, value, this.littleEndian);
  }
  ulonglong(value: bigint): void {
    const at = this.#claim(8, 8);
    this.#view.setBigUint64(at, value, this.littleEndian);
  }
  float(value: number): void {
    const at = this.#claim(4, 4);
    this.#view.setFloat32(at, value, this.littleEndian);
  }
  double(value: number): void {
    const at = this.#claim(8, 8);
    this.#view.setFloat64(at, value, this.littleEndian);
  }

  string(value: string): void {
    const problem = textProblem(value, this.text);
    if (problem) throw new MarshalError(problem, this.position);
    const room = textRoom(value, this.text);
    const at = this.#claim(4, 5 + room);
    const length = encodeText(value, this.#bytes, at + 4, this.text);
    this.#bytes[at + 4 + length] = 0;
    this.#view.setUint32(at, length + 1, this.littleEndian);
    this.#at = at + 5 + length;
  }

  /** Raw bytes without a count, aligned to `size`; big ones are referenced, so they must not change until sent. */
  block(bytes: Uint8Array, size = 1): void {
    if (bytes.length < REFERENCED) {
      const at = this.#claim(size, bytes.length);
      this.#bytes.set(bytes, at);
      return;
    }
    this.#claim(size, 0);
    if (this.#at > this.#start) this.#chunks.push(this.#bytes.subarray(this.#start, this.#at));
    this.#chunks.push(bytes);
    this.#start = this.#at;
    this.#base += bytes.length;
  }

  /** A sequence of octets. */
  octets(bytes: Uint8Array): void {
    this.ulong(bytes.length);
    this.block(bytes);
  }

  /** Pads with zeros to a multiple of `size`. */
  align(size: number): void {
    this.#claim(size, 0);
  }

  /** Takes back the last `count` bytes, just written by `align`. */
  rewind(count: number): void {
    this.#at -= count;
  }

  /** An encapsulation: length, byte order, and what `write` writes with alignment of its own. */
  encapsulation(write: (inner: Writer) => void): void {
    const inner = new Writer({ littleEndian: this.littleEndian, text: this.text });
    inner.boolean(this.littleEndian);
    write(inner);
    this.ulong(inner.position);
    for (const chunk of inner.chunks()) this.block(chunk);
  }

  /** Puts `value` at a position written before, in the message's first chunk: for sizes known at the end. */
  patchUlong(position: number, value: number): void {
    const first = this.#chunks[0] ?? this.#bytes.subarray(this.#start, this.#at);
    const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
    view.setUint32(position, value, this.littleEndian);
  }

  /** What has been written, without copying. */
  chunks(): Uint8Array[] {
    const last = this.#bytes.subarray(this.#start, this.#at);
    return last.length > 0 ? [...this.#chunks, last] : [...this.#chunks];
  }

  /** What has been written, as one block. */
  bytes(): Uint8Array {
    const chunks = this.chunks();
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  /** Like `chunks()`, and starts the next message behind it: the chunks stay valid. */
  take(): Uint8Array[] {
    const taken = this.#chunks;
    if (this.#at > this.#start) taken.push(this.#bytes.subarray(this.#start, this.#at));
    this.#chunks = [];
    this.#start = this.#at;
    this.#base = -this.#at;
    // A message should fit: do not start one in the last bytes of a slab.
    if (this.#bytes.length - this.#at < 512) this.#renew();
    return taken;
  }

  /** What is taken from now on waits for something: it must stay what it is until `settle`. */
  wait(): void {
    this.#waiting++;
  }
  settle(): void {
    this.#waiting--;
  }

  /**
   * What was taken last is on its way. `gone`: nobody reads it any more, so that its memory may be written again; otherwise
   * the rest of the slab is used, then another.
   */
  sent(gone: boolean): void {
    if (!gone) this.#isHeld = true;
    if (this.#isHeld || this.#waiting > 0 || this.#at !== this.#start || this.#chunks.length > 0) return;
    this.#start = this.#at = this.#base = 0;
  }

  /** Forgets the message begun. */
  discard(): void {
    this.#chunks = [];
    this.#at = this.#start;
    this.#base = -this.#at;
  }

  #renew(): void {
    this.#bytes = Buffer.alloc(0);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, 0);
    this.#start = this.#at = this.#base = 0;
    this.#isHeld = false;
  }
}
