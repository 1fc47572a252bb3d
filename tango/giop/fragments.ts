// SPDX-License-Identifier: MIT
// Cutting a message into fragments (GIOP 1.1 and 1.2), for peers that want small pieces. Not needed by omniORB or JacORB,
// which take messages of any size up to their limit in one piece.
import { Buffer } from "node:buffer";
import type { Minor } from "./header.ts";
import { HEADER_SIZE, headerBytes, messageTypes } from "./header.ts";

/** The message in pieces of at most `size` bytes (a multiple of 8, at least 32); GIOP 1.0 has no fragments. */
export function fragmented(chunks: readonly Uint8Array[], minor: Minor, size: number): readonly Uint8Array[] {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (minor === 0 || length <= size) return chunks;
  const message = Buffer.concat(chunks);
  const littleEndian = (message[6]! & 1) === 1;
  const id = minor === 2 ? message.subarray(HEADER_SIZE, HEADER_SIZE + 4) : new Uint8Array(0);
  const first = message.subarray(0, size);
  first[6] = first[6]! | 2;
  const pieces = [sized(first, first.length - HEADER_SIZE, littleEndian)];
  // All but the last piece end at a multiple of 8, so that alignment goes on as in one message.
  const room = (size - HEADER_SIZE - id.length) & -8;
  for (let at = size; at < length; at += room) {
    const content = message.subarray(at, Math.min(at + room, length));
    const header = headerBytes(messageTypes.Fragment, minor, littleEndian, at + room < length);
    pieces.push(sized(header, id.length + content.length, littleEndian), id, content);
  }
  return pieces;
}

function sized(piece: Uint8Array, size: number, littleEndian: boolean): Uint8Array {
  new DataView(piece.buffer, piece.byteOffset).setUint32(8, size, littleEndian);
  return piece;
}
