// SPDX-License-Identifier: MIT
// A PUB socket that says when a subscriber has no room for a message, instead of leaving the message out in silence, and
// what subscribers ask for.
import { XPublisher } from "zeromq";

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
  /** A subscriber asks for the topics that begin so, or, `isWanted` false, asks for them no longer. */
  readonly onFilter: (beginning: string, isWanted: boolean) => void;
}

type Message = Parameters<XPublisher["send"]>[0];

/** Binds to `endpoint`, e.g. `tcp://0.0.0.0:*`. */
export async function bindPublisher(
  endpoint: string,
  { highWaterMark, ipv6, onFilter }: PubSocketOptions,
): Promise<PubSocket & { readonly port: number }> {
  const options = { linger: 0, sendHighWaterMark: highWaterMark, sendTimeout: 0, noDrop: true, ipv6 };
  const socket = new XPublisher({ ...options, verbosity: "allSubsUnsubs" });
  try {
    await socket.bind(endpoint);
  } catch (error) {
    socket.close();
    throw error;
  }
  void followFilters(socket, onFilter);
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

/** Until the socket closes. */
async function followFilters(socket: XPublisher, onFilter: PubSocketOptions["onFilter"]): Promise<void> {
  try {
    for await (const [message] of socket) {
      if (message?.[0] === 0 || message?.[0] === 1) onFilter(message.toString("latin1", 1), message[0] === 1);
    }
  } catch {
    // Closed meanwhile.
  }
}

/**
 * Whether the socket leaves out subscribers without room. ZeroMQ changes this at once; the binding warns on stderr that it
 * will not, so that it must be kept from it.
 */
function dropping(socket: XPublisher, on: boolean): void {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    socket.noDrop = !on;
  } finally {
    process.emitWarning = emitWarning;
  }
}
