// SPDX-License-Identifier: MIT
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { intoInbox } from "./accepted.ts";
import { Inbox } from "./inbox.ts";
import { socketChannel, stopListening } from "./socket-channel.ts";
import type { Address, TcpAddress, Transport } from "./transport.ts";
import { describeAddress } from "./transport.ts";

function tcpAddress(address: Address): TcpAddress {
  if ("port" in address) return address;
  throw new TypeError(`${address.path} is a path, not a host and port`);
}

/** TCP with Nagle's delay off. An empty host listens on every address, IPv6 and IPv4. */
export const tcp = (): Transport => ({
  connect: async (address, { signal } = {}) => {
    const { host, port } = tcpAddress(address);
    signal?.throwIfAborted();
    const inbox = new Inbox();
    const socket = connect({ host, port, noDelay: true, keepAlive: true, onread: inbox.onread });
    try {
      await once(socket, "connect", signal ? { signal } : {});
    } catch (error) {
      socket.on("error", () => {});
      socket.destroy();
      throw error;
    }
    return socketChannel(
      socket,
      describeAddress({ host: socket.remoteAddress ?? host, port: socket.remotePort ?? port }),
      inbox,
    );
  },
  listen: async (address, onChannel) => {
    const { host, port } = tcpAddress(address);
    const server = createServer({ noDelay: true, keepAlive: true, pauseOnConnect: true }, (accepted) => {
      const peer = describeAddress({ host: accepted.remoteAddress ?? "", port: accepted.remotePort ?? 0 });
      const { socket, inbox } = intoInbox(accepted);
      onChannel(socketChannel(socket, peer, inbox));
    });
    server.listen({ port, ...(host ? { host } : {}) });
    await once(server, "listening");
    const bound = server.address() as AddressInfo;
    return {
      address: { host: host || bound.address, port: bound.port },
      [Symbol.asyncDispose]: () => stopListening(server),
    };
  },
});
