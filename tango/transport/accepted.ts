// SPDX-License-Identifier: MIT
import type { SocketConstructorOpts } from "node:net";
import { Socket } from "node:net";
import { Inbox } from "./inbox.ts";

/**
 * An accepted connection, not yet read from, that reads into an inbox. By itself Node takes 64 KiB of fresh memory for every
 * read, and offers a place to read to only to those who connect; a socket on the handle of the accepted one has it too.
 * Should a version of Node keep its handles to itself, the connection is served all the same, with more garbage.
 */
export function intoInbox(accepted: Socket): { readonly socket: Socket; readonly inbox?: Inbox } {
  const owner = accepted as unknown as { _handle: unknown };
  const { _handle: handle } = owner;
  if (!handle) return { socket: accepted };
  const inbox = new Inbox();
  const options = { handle, onread: inbox.onread, pauseOnCreate: true, readable: true, writable: true };
  const socket = new Socket(options as unknown as SocketConstructorOpts);
  owner._handle = null;
  // Its server counts the accepted one among those it waits for.
  socket.once("close", () => accepted.destroy());
  return { socket, inbox };
}
