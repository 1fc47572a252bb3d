// SPDX-License-Identifier: MIT
// What a GIOP server serves: the seam between messages and objects.
import type { Reader, Writer } from "../cdr/index.ts";
import type { Minor } from "./header.ts";

/** The connection a request came by. */
export interface Peer {
  /** Unique in the process's life of one server. */
  readonly id: number;
  /** "host:port" of the other end, or the path of the socket. */
  readonly peer: string;
  /** Aborted when the connection has ended. */
  readonly signal: AbortSignal;
}

export interface Request {
  readonly key: Uint8Array;
  readonly operation: string;
  /** At the first argument, with the byte order and the code set of the client. */
  readonly args: Reader;
  readonly minor: Minor;
  /** No reply will be sent, whatever comes of it. */
  readonly oneWay: boolean;
  readonly peer: string;
  readonly connection: Peer;
  /** Aborted when the client cancels the request or goes away. */
  readonly signal: AbortSignal;
}

/** Writes the result of an operation. It runs once, at once, and writes synchronously. */
export type Answer = (writer: Writer) => void;

export interface ObjectAdapter {
  /**
   * Serves one request. Requests of a connection are given as they come, before earlier ones are answered.
   * Throwing UserException or SystemException answers with it; a MarshalError (from reading `args`, or from the answer)
   * becomes MARSHAL; anything else UNKNOWN, and is reported to the server's `onError`.
   */
  dispatch(request: Request): Answer | Promise<Answer>;
  /** Whether an object of this key is here: for LocateRequest and `_non_existent`. */
  exists(key: Uint8Array): boolean;
}
