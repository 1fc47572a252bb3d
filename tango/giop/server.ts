// SPDX-License-Identifier: MIT
// A GIOP server: listens, and serves what connects.
import { Writer } from "../cdr/index.ts";
import type { Address, Channel, Listener, Transport } from "../transport/index.ts";
import type { ObjectAdapter } from "./adapter.ts";
import { ServerConnection } from "./server-connection.ts";
import { Vigil } from "./vigil.ts";

export interface ServerOptions {
  /** Milliseconds without a message after which a connection is closed; default 180,000 (omniORB's), 0 for never. */
  readonly idle?: number;
  /** Milliseconds that clients have for reading what is left when the server closes; default 1000. */
  readonly grace?: number;
  /** Send replies above this size in fragments. */
  readonly fragmentSize?: number;
  /** What an adapter threw that is no exception of CORBA; default: the console. */
  readonly onError?: (error: unknown, request: { readonly operation: string; readonly peer: string }) => void;
}

export class GiopServer implements AsyncDisposable {
  readonly #listener: Listener;
  readonly #connections: Set<ServerConnection>;
  readonly #grace: number;
  readonly #scanner: NodeJS.Timeout | undefined;

  private constructor(listener: Listener, connections: Set<ServerConnection>, options: ServerOptions) {
    this.#listener = listener;
    this.#connections = connections;
    this.#grace = options.grace ?? 1000;
    this.#scanner = scanner(connections, options.idle ?? 180_000);
  }

  static async listen(
    transport: Transport,
    address: Address,
    adapter: ObjectAdapter,
    options: ServerOptions = {},
  ): Promise<GiopServer> {
    const connections = new Set<ServerConnection>();
    const writer = new Writer();
    const vigil = new Vigil();
    let nextId = 1;
    const serve = (channel: Channel) => {
      const connection = new ServerConnection(nextId++, channel, {
        adapter,
        writer,
        vigil,
        fragmentSize: options.fragmentSize,
        onError: options.onError ?? ((error, { operation, peer }) => console.error(`${operation} for ${peer}:`, error)),
        onClose: (closed) => connections.delete(closed),
      });
      connections.add(connection);
      connection.start();
    };
    return new GiopServer(await transport.listen(address, serve), connections, options);
  }

  /** Where it listens. */
  get endpoint(): Address {
    return this.#listener.address;
  }
  /** Open connections. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Accepts no more; says goodbye to every client (CloseConnection), and cuts off those that do not read. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#scanner);
    const stopped = this.#listener[Symbol.asyncDispose]();
    for (const connection of this.#connections) connection.close();
    const cut = setTimeout(() => {
      for (const connection of this.#connections) connection.close(true);
    }, this.#grace);
    await stopped;
    clearTimeout(cut);
  }
}

function scanner(connections: ReadonlySet<ServerConnection>, idle: number): NodeJS.Timeout | undefined {
  if (idle <= 0) return undefined;
  const scan = () => {
    const now = Date.now();
    for (const connection of connections) connection.scan(now, idle);
  };
  return setInterval(scan, Math.max(idle / 12, 1)).unref();
}
