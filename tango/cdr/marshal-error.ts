// SPDX-License-Identifier: MIT

/** Bytes that are not what the type says, or a value that has no place on the wire. */
export class MarshalError extends Error {
  override readonly name = "MarshalError";
  /** Byte position in the message (reading: of the item that failed; writing: where it would have gone). */
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(`${what} (at byte ${offset})`);
    this.offset = offset;
  }
}
