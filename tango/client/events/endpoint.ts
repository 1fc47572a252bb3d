// SPDX-License-Identifier: MIT
// Where servers say they publish.
import type { TcpAddress } from "../../transport/index.ts";

/** From ZeroMQ's words, e.g. `tcp://10.0.0.1:4242` or `tcp://[::1]:4242`. @throws Error naming what else it is. */
export function addressOf(endpoint: string): TcpAddress {
  const [, v6, v4, port] = /^tcp:\/\/(?:\[([^\]]+)\]|([^:[\]]+)):(\d+)$/.exec(endpoint) ?? [];
  const host = v6 ?? v4;
  if (host) return { host, port: Number(port) };
  throw new Error(`the server publishes at "${endpoint}", which is no TCP address (multicast is not supported)`);
}
