// SPDX-License-Identifier: MIT
// The UDP socket that images arrive at: the system's own calls where they are there (many packets in one call), else Node's.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { linuxDatagrams } from "./datagrams-linux.ts";

export interface DatagramOptions {
  /** The address of this machine that is sent to. */
  readonly localAddress: string;
  /** Bytes the system may keep of what has not been read yet; it may allow less. */
  readonly receiveBuffer: number;
}
export interface DatagramEvents {
  /** What has come, in order; the memory is used again afterwards. */
  readonly onDatagrams: (datagrams: readonly Uint8Array[]) => void;
  readonly onFailure: (error: Error) => void;
}

export interface Datagrams {
  readonly port: number;
  /** Whether anything is expected: otherwise what comes may stay where it is. */
  listen(on: boolean): void;
  /** To whom nobody can be told that it was not sent. */
  send(bytes: Uint8Array, port: number, address: string): void;
  close(): void;
}

/** @throws Error when the address is not one of this machine. */
export async function openDatagrams(options: DatagramOptions, events: DatagramEvents): Promise<Datagrams> {
  return linuxDatagrams(options, events) ?? (await nodeDatagrams(options, events));
}

export async function nodeDatagrams(
  { localAddress, receiveBuffer }: DatagramOptions,
  { onDatagrams, onFailure }: DatagramEvents,
): Promise<Datagrams> {
  const socket = createSocket({ type: "udp4", recvBufferSize: receiveBuffer });
  socket.bind(0, localAddress);
  await once(socket, "listening");
  socket.on("error", onFailure);
  socket.on("message", (bytes) => onDatagrams([bytes]));
  let closed = false;
  return {
    port: socket.address().port,
    listen: () => {},
    send: (bytes, port, address) => socket.send(bytes, port, address, () => {}),
    close: () => {
      if (!closed) socket.close();
      closed = true;
    },
  };
}
