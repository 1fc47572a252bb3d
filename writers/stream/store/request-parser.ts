// SPDX-License-Identifier: MIT
// Requests of a client, out of bytes as they come: RESP arrays of bulk strings, or inline commands of one text line.
// Nothing is read beyond the limits, so that a stray client can neither hang the store nor fill its memory.

export interface RequestLimits {
  /** Largest argument in bytes. */
  readonly argumentBytes: number;
  /** Most arguments of one command. */
  readonly argumentCount: number;
  /** Longest inline command and longest length line, in bytes. */
  readonly lineBytes: number;
}
export const defaultLimits: RequestLimits = {
  argumentBytes: 512 * 1024 * 1024,
  argumentCount: 1_048_576,
  lineBytes: 65_536,
};

/** The bytes are no request. The connection cannot go on. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

export type Request = readonly Buffer[];

const CR = 13;
const STAR = 42;
const DOLLAR = 36;
const LENGTH_DIGITS = 20;

export class RequestParser {
  readonly #limits: RequestLimits;
  #chunks: Buffer[] = [];
  #total = 0;
  /** Parsing is worth a try only from this many bytes on. */
  #needed = 1;

  constructor(limits: RequestLimits = defaultLimits) {
    this.#limits = limits;
  }

  /** Bytes of a request that is not complete yet. */
  get pending(): number {
    return this.#total;
  }

  /** Requests that `chunk` completes. Their arguments are views of received memory. @throws ProtocolError */
  *feed(chunk: Buffer): Generator<Request> {
    this.#chunks.push(chunk);
    this.#total += chunk.length;
    if (this.#total < this.#needed) return;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#total);
    let at = 0;
    this.#needed = 1;
    try {
      while (at < bytes.length) {
        const parsed = this.#parse(bytes, at);
        if (!parsed) break;
        at = parsed.end;
        if (parsed.request.length > 0) yield parsed.request;
      }
    } finally {
      const rest = bytes.subarray(at);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#total = rest.length;
      this.#needed = Math.max(1, this.#needed - at);
    }
  }

  #parse(bytes: Buffer, start: number): { request: Request; end: number } | undefined {
    if (bytes[start] !== STAR) return this.#inline(bytes, start);
    const head = this.#length(bytes, start + 1, "multibulk", this.#limits.argumentCount);
    if (!head) return undefined;
    const request: Buffer[] = [];
    let at = head.end;
    for (let index = 0; index < head.value; index++) {
      if (at >= bytes.length) return undefined;
      if (bytes[at] !== DOLLAR) throw new ProtocolError(`Protocol error: expected '$', got '${printable(bytes[at]!)}'`);
      const size = this.#length(bytes, at + 1, "bulk", this.#limits.argumentBytes);
      if (!size) return undefined;
      const end = size.end + size.value;
      if (end + 2 > bytes.length) {
        this.#needed = end + 2;
        return undefined;
      }
      if (bytes[end] !== CR) throw new ProtocolError("Protocol error: expected CRLF after a bulk string");
      request.push(bytes.subarray(size.end, end));
      at = end + 2;
    }
    return { request, end: at };
  }

  #length(bytes: Buffer, from: number, what: string, limit: number): { value: number; end: number } | undefined {
    const end = bytes.indexOf("\r\n", from, "latin1");
    if (end < 0 || end - from > LENGTH_DIGITS) {
      if (bytes.length - from <= LENGTH_DIGITS) return undefined;
      throw new ProtocolError(`Protocol error: invalid ${what} length`);
    }
    const text = bytes.toString("latin1", from, end);
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value > limit) throw new ProtocolError(`Protocol error: invalid ${what} length`);
    if (value < 0 && what === "bulk") throw new ProtocolError("Protocol error: invalid bulk length");
    return { value: Math.max(0, value), end: end + 2 };
  }

  #inline(bytes: Buffer, start: number): { request: Request; end: number } | undefined {
    const end = bytes.indexOf("\n", start, "latin1");
    if (end < 0 ? bytes.length - start > this.#limits.lineBytes : end - start > this.#limits.lineBytes)
      throw new ProtocolError("Protocol error: too big inline request");
    if (end < 0) return undefined;
    const line = bytes.toString("latin1", start, end).trim();
    return { request: line === "" ? [] : line.split(/\s+/).map((word) => Buffer.from(word, "latin1")), end: end + 1 };
  }
}

const printable = (byte: number): string =>
  byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`;
