// SPDX-License-Identifier: MIT
// Unix-domain sockets: the same bytes between processes of one host, with less latency than TCP's loopback.
import { once } from "node:events";
import { chmod, lstat, unlink } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { intoInbox } from "./accepted.ts";
import { Inbox } from "./inbox.ts";
import { socketChannel, stopListening } from "./socket-channel.ts";
import type { Address, Transport } from "./transport.ts";
import { describeAddress } from "./transport.ts";

function pathOf(address: Address): string {
  if ("path" in address) return address.path;
  throw new TypeError(`${describeAddress(address)} is a host and port, not the path of a socket`);
}

async function open(path: string, signal?: AbortSignal) {
  signal?.throwIfAborted();
  const inbox = new Inbox();
  const socket = connect({ path, onread: inbox.onread });
  try {
    await once(socket, "connect", signal ? { signal } : {});
  } catch (error) {
    socket.on("error", () => {});
    socket.destroy();
    throw error;
  }
  return { socket, inbox };
}

/** Removes a socket nobody listens on any more; a live one, or anything that is not a socket, stays. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isSocket()) return;
  const live = await open(path).then(
    ({ socket }) => Boolean(socket.destroy()),
    () => false,
  );
  if (!live) await unlink(path).catch(() => {});
}

/** `mode` of the socket file: 0o777 as omniORB makes it, so that clients of every user can connect. */
export const unix = ({ mode = 0o777 } = {}): Transport => ({
  connect: async (address, { signal } = {}) => {
    const path = pathOf(address);
    const { socket, inbox } = await open(path, signal);
    return socketChannel(socket, path, inbox);
  },
  listen: async (address, onChannel) => {
    const path = pathOf(address);
    await removeStale(path);
    const server = createServer({ pauseOnConnect: true }, (accepted) => {
      const { socket, inbox } = intoInbox(accepted);
      onChannel(socketChannel(socket, path, inbox));
    });
    server.listen({ path });
    await once(server, "listening");
    await chmod(path, mode);
    // Closing the server removes the path.
    return { address: { path }, [Symbol.asyncDispose]: () => stopListening(server) };
  },
});
