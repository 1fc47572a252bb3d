// SPDX-License-Identifier: MIT
// The 12 bytes before every GIOP message (CORBA 3.3 part 2, section 9.4.1).

export type Minor = 0 | 1 | 2;

export const messageTypes = {
  Request: 0,
  Reply: 1,
  CancelRequest: 2,
  LocateRequest: 3,
  LocateReply: 4,
  CloseConnection: 5,
  MessageError: 6,
  Fragment: 7,
} as const;

export const HEADER_SIZE = 12;
/** Tango's giopMaxMsgSize: no peer accepts more. */
export const MAX_MESSAGE = 268435456;

/** What a peer sent is not GIOP, or breaks its rules: the connection cannot go on. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

export interface Header {
  readonly minor: Minor;
  readonly littleEndian: boolean;
  /** More fragments of this message follow. */
  readonly more: boolean;
  readonly type: number;
  /** Bytes after the header. */
  readonly size: number;
}

/** Reads the header at `at`, where 12 bytes are. */
export function readHeader(bytes: Uint8Array, at: number): Header {
  if (bytes[at] !== 0x47 || bytes[at + 1] !== 0x49 || bytes[at + 2] !== 0x4f || bytes[at + 3] !== 0x50) {
    throw new ProtocolError("a message does not begin with GIOP");
  }
  const minor = bytes[at + 5]!;
  if (bytes[at + 4] !== 1 || minor > 2) throw new ProtocolError(`GIOP ${bytes[at + 4]}.${minor} is not spoken here`);
  const type = bytes[at + 7]!;
  if (type > messageTypes.Fragment) throw new ProtocolError(`GIOP message type ${type} is unknown`);
  const flags = bytes[at + 6]!;
  const littleEndian = (flags & 1) === 1;
  const size = littleEndian
    ? (bytes[at + 8]! | (bytes[at + 9]! << 8) | (bytes[at + 10]! << 16) | (bytes[at + 11]! << 24)) >>> 0
    : (bytes[at + 11]! | (bytes[at + 10]! << 8) | (bytes[at + 9]! << 16) | (bytes[at + 8]! << 24)) >>> 0;
  return { minor: minor as Minor, littleEndian, more: minor > 0 && (flags & 2) !== 0, type, size };
}

/** A header with size 0; the size is put in when the message is complete. */
export function headerBytes(type: number, minor: Minor, littleEndian = true, more = false): Uint8Array {
  return Uint8Array.of(0x47, 0x49, 0x4f, 0x50, 1, minor, (littleEndian ? 1 : 0) | (more ? 2 : 0), type, 0, 0, 0, 0);
}

/** A message that is only a header. */
export const closeConnection = (minor: Minor = 2): Uint8Array => headerBytes(messageTypes.CloseConnection, minor);
export const messageError = (minor: Minor = 2): Uint8Array => headerBytes(messageTypes.MessageError, minor);
