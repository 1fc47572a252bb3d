// SPDX-License-Identifier: MIT
// The embedded store: a server that speaks RESP2 and RESP3 and answers what the data stream needs, for one machine.
import { createServer, type Server, type Socket } from "node:net";
import type { HousekeepingOptions } from "./housekeeping.ts";
import type { Durability } from "./journal.ts";
import { CommandError, ReplyBuffer } from "./reply.ts";
import { ProtocolError, RequestParser } from "./request-parser.ts";
import { Session } from "./session.ts";
import { Store } from "./store.ts";

export interface StoreOptions {
  /** Default 127.0.0.1. Any other needs a password. */
  readonly host?: string;
  /** Default 6379; 0: a free one. */
  readonly port?: number;
  readonly password?: string;
  /** Bytes of data after which adding is refused; 0: no limit. Default: a quarter of the machine's memory. */
  readonly maxMemory?: number;
  /** Folder of the append-only file. Default: none, the data ends with the store. */
  readonly folder?: string;
  /** Default "second". */
  readonly durability?: Durability;
  readonly housekeeping?: Partial<HousekeepingOptions>;
  /** Told of what a person should know. Default: console.warn. */
  readonly warn?: (message: string) => void;
  /** Most clients at a time. Default 10,000. */
  readonly maxClients?: number;
}

/** A running store. Disposing it closes its connections and its file. */
export interface RunningStore extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** `redis://host:port` */
  readonly url: string;
  /** Settles when the store was told to end by a client (SHUTDOWN). */
  readonly ended: Promise<void>;
}

const loopback = /^(127(\.\d+){3}|::1|localhost)$/;

/** Starts an embedded store. @throws when the port is taken, the folder cannot be read, or the host is open to others without a password */
export async function startStore(options: StoreOptions = {}): Promise<RunningStore> {
  const { host = "127.0.0.1", port = 6379, password } = options;
  if (!loopback.test(host) && !password)
    throw new Error(`The store would be open to everybody on ${host}: give it a password, or the host 127.0.0.1`);
  await using stack = new AsyncDisposableStack();
  const store = stack.use(Store.open(options));
  const clients = stack.use(new Clients(store, password, options.maxClients ?? 10_000));
  const server = createServer({ noDelay: true }, (socket) => clients.accept(socket));
  await listen(server, host, port);
  stack.defer(() => void server.close());
  const address = server.address() as { port: number };
  const owned = stack.move();
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    host,
    port: address.port,
    url: `redis://${password ? `:${encodeURIComponent(password)}@` : ""}${name}:${address.port}`,
    ended: store.ended,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new Error(`Port ${port} of ${host} is taken`, { cause: error }) : error);
    server.once("error", failed);
    server.listen(port, host, () => {
      server.off("error", failed);
      resolve();
    });
  });
}

/** Browsers can be made to send such lines to local ports; they are no clients. */
const strangers = new Set(["POST", "HOST:"]);
/** A client that reads this much slower than it asks is cut off. */
const maxUnread = 1024 ** 3;

class Clients implements Disposable {
  readonly #store: Store;
  readonly #password: string | undefined;
  readonly #limit: number;
  readonly #sockets = new Set<Socket>();
  #nextId = 1;

  constructor(store: Store, password: string | undefined, limit: number) {
    this.#store = store;
    this.#password = password;
    this.#limit = limit;
  }

  accept(socket: Socket): void {
    if (this.#sockets.size >= this.#limit) return void socket.end("-ERR max number of clients reached\r\n");
    this.#sockets.add(socket);
    this.#store.clients = this.#sockets.size;
    const replies = new ReplyBuffer();
    const flush = () => {
      if (replies.isEmpty || socket.destroyed) return;
      socket.cork();
      for (const bytes of replies.take()) socket.write(bytes);
      socket.uncork();
      if (socket.writableLength > maxUnread) socket.destroy();
    };
    const session = new Session({
      id: this.#nextId++,
      address: `${socket.remoteAddress}:${socket.remotePort}`,
      password: this.#password,
      store: this.#store,
      waiters: this.#store.waiters,
      reply: (reply, protocol) => {
        replies.protocol = protocol;
        replies.add(reply);
        this.#store.beforeReplies(flush);
      },
      close: () => {
        this.#store.settle();
        socket.end();
      },
    });
    const parser = new RequestParser();
    socket.on("data", (chunk) => {
      try {
        for (const request of parser.feed(chunk as Buffer)) {
          if (strangers.has(request[0]!.toString("latin1").toUpperCase())) return void socket.destroy();
          session.receive(request);
        }
      } catch (error) {
        // A mistake of ours ends this conversation, not the store.
        if (!(error instanceof ProtocolError)) this.#store.warn(`A client was cut off: ${(error as Error).stack}`);
        replies.add(new CommandError(`ERR ${(error as Error).message}`));
        flush();
        socket.end();
      } finally {
        this.#store.settle();
      }
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      session.dispose();
      this.#sockets.delete(socket);
      this.#store.clients = this.#sockets.size;
    });
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
