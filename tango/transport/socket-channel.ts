// SPDX-License-Identifier: MIT
import type { Server, Socket } from "node:net";
import type { Inbox } from "./inbox.ts";
import type { Channel, Receiver } from "./transport.ts";

/** A net.Socket as a channel; `inbox` when it was made to read into one. */
export function socketChannel(socket: Socket, peer: string, inbox?: Inbox): Channel {
  return {
    peer,
    start: (receiver) => attach(socket, receiver, inbox),
    write: (chunks) => {
      if (socket.destroyed) return 0;
      if (chunks.length === 1) {
        socket.write(chunks[0]!);
        return socket.writableLength;
      }
      socket.cork();
      for (const chunk of chunks) socket.write(chunk);
      socket.uncork();
      return socket.writableLength;
    },
    flow: (on) => {
      if (on) socket.resume();
      else socket.pause();
    },
    close: (now = false) => {
      if (now) socket.destroy();
      else socket.destroySoon();
    },
  };
}

function attach(socket: Socket, receiver: Receiver, inbox: Inbox | undefined): void {
  let failure: Error | undefined;
  socket.on("error", (error) => (failure = error));
  if (inbox) inbox.start(receiver);
  else socket.on("data", (bytes: Uint8Array) => receiver.data(bytes));
  socket.on("drain", () => receiver.drained());
  socket.once("close", () => receiver.closed(failure));
  socket.resume();
}

/** Ends a listening server; its connections are their owners' to close. */
export const stopListening = (server: Server): Promise<void> => new Promise((done) => server.close(() => done()));
