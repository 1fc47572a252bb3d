// SPDX-License-Identifier: MIT
// A subscribing socket: connected to the publishers of any number of servers, its messages handed out by topic.
import { Buffer } from "node:buffer";
import { Subscriber } from "zeromq";

/** A connection to one publisher, shared by all who want it. */
export interface Link {
  readonly endpoint: string;
  /** Resolves when the connection has broken. */
  readonly lost: Promise<void>;
  /** Gives it back; the last one closes it. */
  release(): void;
}

interface Connection {
  users: number;
  readonly ready: PromiseWithResolvers<void>;
  readonly lost: PromiseWithResolvers<void>;
}
type Receive = (frames: readonly Uint8Array[]) => void;

export interface TopicSocketOptions {
  /** Messages kept for this process while it is busy; more are lost, and counted as missed. */
  readonly highWaterMark: number;
}

export class TopicSocket implements AsyncDisposable {
  readonly #options: TopicSocketOptions;
  readonly #connections = new Map<string, Connection>();
  readonly #topics = new Map<string, Set<Receive>>();
  #socket: Subscriber | undefined;
  #loops: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: TopicSocketOptions) {
    this.#options = options;
  }

  /** How many publishers it is connected to. */
  get size(): number {
    return this.#connections.size;
  }

  /** Connects to a publisher. @throws Error when it does not answer within `timeout` milliseconds. */
  async connect(endpoint: string, timeout: number): Promise<Link> {
    const known = this.#connections.get(endpoint);
    const connection = known ?? this.#open(endpoint);
    connection.users++;
    let isHeld = true;
    const release = () => {
      if (!isHeld) return;
      isHeld = false;
      connection.users--;
      if (connection.users === 0) this.#close(endpoint, connection);
    };
    try {
      await within(connection.ready.promise, timeout, `nothing answers at ${endpoint}`);
    } catch (error) {
      release();
      throw error;
    }
    return { endpoint, lost: connection.lost.promise, release };
  }

  /** Hands messages of exactly this topic to `receive` until disposed of. */
  listen(topic: string, receive: Receive): Disposable {
    const receivers = this.#topics.get(topic) ?? new Set();
    if (receivers.size === 0) {
      this.#topics.set(topic, receivers);
      this.#opened().subscribe(Buffer.from(topic, "latin1"));
    }
    receivers.add(receive);
    return {
      [Symbol.dispose]: () => {
        if (!receivers.delete(receive) || receivers.size > 0) return;
        this.#topics.delete(topic);
        if (!this.#isClosed) this.#socket?.unsubscribe(Buffer.from(topic, "latin1"));
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const connection of this.#connections.values()) connection.lost.resolve();
    this.#connections.clear();
    this.#topics.clear();
    this.#socket?.close();
    await this.#loops;
  }

  #open(endpoint: string): Connection {
    const connection = {
      users: 0,
      ready: Promise.withResolvers<void>(),
      lost: Promise.withResolvers<void>(),
    };
    connection.ready.promise.catch(() => {});
    this.#connections.set(endpoint, connection);
    this.#opened().connect(endpoint);
    return connection;
  }

  #close(endpoint: string, connection: Connection): void {
    if (this.#connections.get(endpoint) === connection) this.#connections.delete(endpoint);
    connection.lost.resolve();
    try {
      this.#socket?.disconnect(endpoint);
    } catch {
      // A connection that broke is gone already.
    }
  }

  #opened(): Subscriber {
    if (this.#isClosed) throw new Error("the control system has been disposed of");
    if (this.#socket) return this.#socket;
    // A connection that breaks is told to its users, who find the server's new address: no blind reconnecting.
    const socket = new Subscriber({
      linger: 0,
      reconnectInterval: -1,
      receiveHighWaterMark: this.#options.highWaterMark,
    });
    this.#socket = socket;
    this.#loops = Promise.all([this.#receive(socket), this.#watch(socket)]);
    return socket;
  }

  /** Message by message, without the socket's own iterator, which takes as long again. */
  async #receive(socket: Subscriber): Promise<void> {
    try {
      while (!socket.closed) this.#dispatch(await socket.receive());
    } catch (error) {
      // Closing ends the wait for a message by an error.
      if (!socket.closed) throw error;
    }
  }

  #dispatch(frames: readonly Buffer[]): void {
    const topic = frames[0]?.toString("latin1");
    const receivers = topic === undefined ? undefined : this.#topics.get(topic);
    if (receivers) for (const receive of receivers) receive(frames);
  }

  async #watch(socket: Subscriber): Promise<void> {
    for await (const event of socket.events) {
      if (!("address" in event) || event.address === undefined) continue;
      const connection = this.#connections.get(event.address);
      if (!connection) continue;
      if (event.type === "handshake") {
        connection.ready.resolve();
      } else if (event.type === "disconnect" || event.type === "close") {
        this.#connections.delete(event.address);
        connection.ready.reject(new Error(`nothing answers at ${event.address}`));
        connection.lost.resolve();
      }
    }
  }
}

async function within<T>(work: Promise<T>, timeout: number, problem: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(problem)), timeout);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
