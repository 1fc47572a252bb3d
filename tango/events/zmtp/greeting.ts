// SPDX-License-Identifier: MIT
// How a ZMTP connection begins: each end says which version it speaks, and as what. Version 3 (ZeroMQ from 4.0 on, RFC 23) and
// version 2 (ZeroMQ 3, RFC 15), which the servers of Tango 8 speak.
import { Buffer } from "node:buffer";
import { ProtocolError } from "../../giop/index.ts";

/** What both ends send first. */
export const signature: Uint8Array = Uint8Array.of(0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f);

export interface Version {
  readonly major: 2 | 3;
  readonly minor: number;
}

const GREETING = 64;
const MECHANISM = { start: 12, length: 20 };
/** Socket types of version 2. */
const PUB = 1;
const SUB = 2;

/** What follows the signature, once the other end's version is known. */
const restOf = {
  2: Uint8Array.of(1, SUB, 0, 0),
  3: Buffer.concat([Buffer.of(3, 0), Buffer.from("NULL".padEnd(GREETING - MECHANISM.start, "\0"), "latin1")]),
} as const;

/** The command that ends the greeting in version 3. */
export const ready: Uint8Array = Buffer.from("\x05READY\x0bSocket-Type\0\0\0\x03SUB", "latin1");

/** Reads the other end's greeting, whatever pieces it comes in, and says what to answer. */
export class Greeting {
  readonly #send: (bytes: Uint8Array) => void;
  #came = Buffer.alloc(0);
  #answered = false;

  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send;
    send(signature);
  }

  /** The version, and what came behind the greeting; undefined while more is to come. @throws ProtocolError */
  take(chunk: Uint8Array): { readonly version: Version; readonly rest: Uint8Array } | undefined {
    const came = Buffer.concat([this.#came, chunk]);
    this.#came = came;
    checkSignature(came);
    const revision = came[signature.length];
    if (revision === undefined) return undefined;
    const major = revision < 3 ? 2 : 3;
    if (!this.#answered) this.#send(restOf[major]);
    this.#answered = true;
    const length = major === 2 ? signature.length + 2 : GREETING;
    if (came.length < length) return undefined;
    const minor = major === 2 ? 0 : came[signature.length + 1]!;
    if (major === 2) checkType(came[signature.length + 1]!);
    else checkMechanism(came);
    return { version: { major, minor }, rest: came.subarray(length) };
  }
}

function checkSignature(came: Buffer): void {
  for (const at of [0, signature.length - 1]) {
    if (at < came.length && came[at] !== signature[at])
      throw new ProtocolError("what answers is not ZeroMQ 3 or later");
  }
}

function checkType(type: number): void {
  if (type !== PUB) throw new ProtocolError(`what answers is no publisher but a socket of type ${type}`);
}

function checkMechanism(came: Buffer): void {
  const { start, length } = MECHANISM;
  const mechanism = came.toString("latin1", start, start + length).replace(/\0+$/, "");
  if (mechanism !== "NULL")
    throw new ProtocolError(`the publisher wants ${mechanism} security, which Tango does not use`);
}
