// SPDX-License-Identifier: MIT
// From the bytes of a connection to whole messages: framing, and putting fragments together.
import type { CodeSet } from "../cdr/index.ts";
import { Reader } from "../cdr/index.ts";
import { Accumulator, BELIEVED } from "./accumulator.ts";
import type { Header } from "./header.ts";
import { HEADER_SIZE, MAX_MESSAGE, messageTypes, ProtocolError, readHeader } from "./header.ts";

/** A whole message; the bytes are the receiver's. */
export interface Message extends Header {
  readonly bytes: Uint8Array;
  /** Where its header starts in `bytes`, and where it ends. */
  readonly start: number;
  readonly end: number;
}

/** A reader of what follows the header. */
export const bodyOf = (message: Message, text: CodeSet): Reader =>
  new Reader(message.bytes, {
    offset: message.start + HEADER_SIZE,
    end: message.end,
    origin: message.start,
    littleEndian: message.littleEndian,
    text,
  });

/** Messages of one connection that are begun and wait for their fragments: no peer needs many at a time. */
const MAX_OPEN = 256;
/** GIOP 1.1 fragments have no request id: there is one message at a time. */
const ONLY = -1;

interface Begun {
  readonly header: Header;
  readonly content: Accumulator;
}

export class MessageStream {
  readonly #deliver: (message: Message) => void;
  readonly #limit: number;
  readonly #believed: number;
  /** A header that has come in part. */
  readonly #head = new Uint8Array(HEADER_SIZE);
  #headLength = 0;
  /** The message whose bytes are coming. */
  #current: Begun | undefined;
  readonly #begun = new Map<number, Begun>();
  #begunBytes = 0;

  /** `believed`: sizes up to which the peer's announcement is believed before the bytes have come. */
  constructor(deliver: (message: Message) => void, { limit = MAX_MESSAGE, believed = BELIEVED } = {}) {
    this.#deliver = deliver;
    this.#limit = limit;
    this.#believed = believed;
  }

  /** Bytes announced by the message that has begun, 0 when none has. */
  get unfinished(): number {
    if (this.#current) return this.#current.header.size + HEADER_SIZE;
    return this.#headLength > 0 || this.#begun.size > 0 ? HEADER_SIZE : 0;
  }

  /** Where the rest of a big message should be read to. */
  get room(): Uint8Array | undefined {
    return this.#current?.content.room;
  }

  /** @throws ProtocolError (then the connection must be closed), and whatever the receiver of messages throws. */
  feed(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) at = this.#step(chunk, at);
  }

  /** Consumes some of the chunk and returns where the rest starts. */
  #step(chunk: Uint8Array, at: number): number {
    if (this.#current) return this.#continue(this.#current, chunk, at);
    if (this.#headLength > 0 || chunk.length - at < HEADER_SIZE) return this.#gatherHeader(chunk, at);
    const header = this.#header(chunk, at);
    const end = at + HEADER_SIZE + header.size;
    if (end <= chunk.length) {
      this.#complete({ ...header, bytes: chunk, start: at, end });
      return end;
    }
    this.#begin(header);
    return at;
  }

  #header(bytes: Uint8Array, at: number): Header {
    const header = readHeader(bytes, at);
    if (header.size + HEADER_SIZE + this.#begunBytes > this.#limit) {
      throw new ProtocolError(`a message of ${header.size} bytes is above the limit of ${this.#limit}`);
    }
    return header;
  }

  #begin(header: Header): void {
    const spare = header.more ? 4096 : 0;
    this.#current = { header, content: new Accumulator(HEADER_SIZE + header.size, spare, this.#believed) };
  }

  #gatherHeader(chunk: Uint8Array, at: number): number {
    const count = Math.min(HEADER_SIZE - this.#headLength, chunk.length - at);
    this.#head.set(chunk.subarray(at, at + count), this.#headLength);
    this.#headLength += count;
    if (this.#headLength === HEADER_SIZE) {
      this.#headLength = 0;
      this.#begin(this.#header(this.#head, 0));
      const begun = this.#current;
      if (begun) this.#continue(begun, this.#head, 0);
    }
    return at + count;
  }

  #continue(begun: Begun, chunk: Uint8Array, at: number): number {
    const next = at + begun.content.append(chunk, at);
    if (!begun.content.complete) return next;
    this.#current = undefined;
    const { bytes } = begun.content;
    this.#complete({ ...begun.header, bytes, start: 0, end: bytes.length }, begun.content);
    return next;
  }

  #complete(message: Message, content?: Accumulator): void {
    if (message.type === messageTypes.Fragment) this.#extend(message);
    else if (message.more) this.#hold(message, content);
    else this.#deliver(message);
  }

  #hold(message: Message, content = copyOf(message)): void {
    const id = fragmentId(message);
    if (this.#begun.has(id)) throw new ProtocolError("a second message with the id of one that is not complete");
    if (this.#begun.size >= MAX_OPEN) throw new ProtocolError(`more than ${MAX_OPEN} messages wait for fragments`);
    this.#begun.set(id, { header: message, content });
    this.#begunBytes += content.length;
  }

  #extend(fragment: Message): void {
    const id = fragmentId(fragment);
    const begun = this.#begun.get(id);
    // A fragment of a message given up, e.g. of a cancelled request.
    if (!begun) return;
    const start = fragment.start + HEADER_SIZE + (fragment.minor === 2 ? 4 : 0);
    const { content } = begun;
    content.expect(fragment.end - start);
    content.append(fragment.bytes.subarray(0, fragment.end), start);
    this.#begunBytes += fragment.end - start;
    if (fragment.more) return;
    this.#begun.delete(id);
    this.#begunBytes -= content.length;
    this.#deliver({ ...begun.header, more: false, bytes: content.bytes, start: 0, end: content.length });
  }
}

function copyOf(message: Message): Accumulator {
  const content = new Accumulator(message.end - message.start, message.end - message.start);
  content.append(message.bytes.subarray(0, message.end), message.start);
  return content;
}

/** The request id in the first four bytes of every GIOP 1.2 message that may be fragmented. */
function fragmentId(message: Message): number {
  if (message.minor < 2) return ONLY;
  if (message.size < 4) throw new ProtocolError("a fragment has no request id");
  return bodyOf(message, "latin1").ulong();
}
