// SPDX-License-Identifier: MIT
// The headers of requests, replies and what else names a request, in the three versions of GIOP.
import type { CodeSet, Reader, Writer } from "../cdr/index.ts";
import { MarshalError } from "../cdr/index.ts";
import { readContexts, writeContexts } from "./code-sets.ts";
import type { Minor } from "./header.ts";
import { headerBytes, messageTypes } from "./header.ts";
import { ObjectReference, readProfile } from "./reference.ts";

export interface RequestHeader {
  readonly id: number;
  readonly oneWay: boolean;
  readonly key: Uint8Array;
  readonly operation: string;
  /** Chosen by this request, for the connection. */
  readonly codeSet: CodeSet | undefined;
}

/** Reads a request's header; the reader is left at the first argument. */
export function readRequest(reader: Reader, minor: Minor): RequestHeader {
  return minor === 2 ? readRequest12(reader) : readRequest10(reader, minor);
}

function readRequest10(reader: Reader, minor: Minor): RequestHeader {
  const codeSet = readContexts(reader);
  const id = reader.ulong();
  const oneWay = !reader.boolean();
  if (minor === 1) reader.claim(1, 3);
  const key = readKey(reader);
  const operation = reader.string();
  readKey(reader); // the principal, which nobody uses
  return { id, oneWay, key, operation, codeSet };
}

function readRequest12(reader: Reader): RequestHeader {
  const id = reader.ulong();
  const flags = reader.octet();
  reader.claim(1, 3);
  const key = readTarget(reader);
  const operation = reader.string();
  const codeSet = readContexts(reader);
  alignBody(reader);
  return { id, oneWay: (flags & 1) === 0, key, operation, codeSet };
}

/** The body of GIOP 1.2 starts at a multiple of 8; where there is none, nothing is padded. */
export function alignBody(reader: Reader): void {
  if (reader.remaining > 0)
    reader.offset = Math.min(reader.end, reader.offset + (-(reader.offset - reader.origin) & 7));
}

/** Bytes by count, as a view: they are looked at while the request is dispatched. */
function readKey(reader: Reader): Uint8Array {
  const length = reader.count(1);
  const at = reader.claim(1, length);
  return reader.bytes.subarray(at, at + length);
}

/** The three ways to say for which object a message is. */
function readTarget(reader: Reader): Uint8Array {
  const disposition = reader.ushort();
  if (disposition === 0) return readKey(reader);
  if (disposition === 1) {
    reader.ulong();
    return readProfile(reader.encapsulation()).key;
  }
  if (disposition !== 2) throw new MarshalError(`target address kind ${disposition} is unknown`, reader.offset - 2);
  const index = reader.ulong();
  const profile = ObjectReference.read(reader).profiles[index];
  if (!profile) throw new MarshalError(`the reference has no profile ${index}`, reader.offset);
  return profile.key;
}

/** What a LocateRequest asks for. */
export function readLocate(reader: Reader, minor: Minor): { readonly id: number; readonly key: Uint8Array } {
  const id = reader.ulong();
  return { id, key: minor === 2 ? readTarget(reader) : readKey(reader) };
}

const reserved = new Uint8Array(3);
const requestHeaders = [0, 1, 2].map((minor) => headerBytes(messageTypes.Request, minor as Minor));
const bigEndianRequestHeaders = [0, 1, 2].map((minor) => headerBytes(messageTypes.Request, minor as Minor, false));
const replyHeaders = [0, 1, 2].map((minor) => headerBytes(messageTypes.Reply, minor as Minor));

/** Writes everything of a request before its arguments. */
export function writeRequest(writer: Writer, minor: Minor, request: RequestHeader): void {
  writer.block((writer.littleEndian ? requestHeaders : bigEndianRequestHeaders)[minor]!);
  if (minor === 2) {
    writer.ulong(request.id);
    writer.octet(request.oneWay ? 0 : 3);
    writer.block(reserved);
    writer.ushort(0);
    writer.octets(request.key);
    writer.string(request.operation);
    writeContexts(writer, request.codeSet);
    return;
  }
  writer.ulong(0);
  writer.ulong(request.id);
  writer.boolean(!request.oneWay);
  if (minor === 1) writer.block(reserved);
  writer.octets(request.key);
  writer.string(request.operation);
  writer.ulong(0);
}

export const replyStatus = {
  noException: 0,
  userException: 1,
  systemException: 2,
  locationForward: 3,
  locationForwardPermanent: 4,
} as const;

/** Writes everything of a reply before its result. */
export function writeReply(writer: Writer, minor: Minor, id: number, status: number): void {
  writer.block(replyHeaders[minor]!);
  if (minor < 2) writer.ulong(0);
  writer.ulong(id);
  writer.ulong(status);
  if (minor === 2) writer.ulong(0);
}

/** Reads a reply's header; the reader is left at the result. */
export function readReply(reader: Reader, minor: Minor): { readonly id: number; readonly status: number } {
  if (minor < 2) readContexts(reader);
  const id = reader.ulong();
  const status = reader.ulong();
  if (minor === 2) {
    readContexts(reader);
    alignBody(reader);
  }
  return { id, status };
}

/** Runs `write` where the body starts: at a multiple of 8 in GIOP 1.2, but without padding when nothing is written. */
export function writeBody(writer: Writer, minor: Minor, write: (writer: Writer) => void): void {
  if (minor < 2) {
    write(writer);
    return;
  }
  const end = writer.position;
  writer.align(8);
  const start = writer.position;
  write(writer);
  if (writer.position === start) writer.rewind(start - end);
}

/** Puts the size into the header of the finished message and gives its blocks. */
export function finish(writer: Writer): Uint8Array[] {
  writer.patchUlong(8, writer.position - 12);
  return writer.take();
}
