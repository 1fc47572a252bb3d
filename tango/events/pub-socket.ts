// SPDX-License-Identifier: MIT
// A PUB socket that says when a subscriber has no room for a message, instead of leaving the message out in silence.
import { Publisher } from "zeromq";

export interface PubSocket {
  /** Sends to all; "full" when a subscriber of its topic has no room for it, and then to nobody. */
  offer(frames: Uint8Array[]): Promise<"sent" | "full">;
  /** Sends to those who have room. The others get nothing any more until they have read half of what waits for them. */
  force(frames: Uint8Array[]): Promise<void>;
  close(): void;
}

export interface PubSocketOptions {
  /** Messages that wait for each subscriber. */
  readonly highWaterMark: number;
  readonly ipv6: boolean;
}

type Message = Parameters<Publisher["send"]>[0];

/** Binds to `endpoint`, e.g. `tcp://0.0.0.0:*`. */
export async function bindPublisher(
  endpoint: string,
  { highWaterMark, ipv6 }: PubSocketOptions,
): Promise<PubSocket & { readonly port: number }> {
  const options = { linger: 0, sendHighWaterMark: highWaterMark, sendTimeout: 0, noDrop: true, ipv6 };
  const socket = new Publisher(options);
  try {
    await socket.bind(endpoint);
  } catch (error) {
    socket.close();
    throw error;
  }
  return {
    port: Number(/:(\d+)$/.exec(socket.lastEndpoint ?? "")?.[1]),
    offer: async (frames) => {
      try {
        await socket.send(frames as Message);
        return "sent";
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EAGAIN") return "full";
        throw error;
      }
    },
    force: async (frames) => {
      dropping(socket, true);
      try {
        await socket.send(frames as Message);
      } finally {
        dropping(socket, false);
      }
    },
    close: () => socket.close(),
  };
}

/**
 * Whether the socket leaves out subscribers without room. ZeroMQ changes this at once; the binding warns on stderr that it
 * will not, so that it must be kept from it.
 */
function dropping(socket: Publisher, on: boolean): void {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    socket.noDrop = !on;
  } finally {
    process.emitWarning = emitWarning;
  }
}
