// SPDX-License-Identifier: MIT
// The two sockets by which a server sends events: data, and the heartbeat that says it is alive.
import { Publisher } from "zeromq";
import { callInfoFrame, littleEndianFrame } from "./frames.ts";
import { Outbox } from "./outbox.ts";

export interface PublisherOptions {
  /** The only address to bind and publish; by default every interface is bound. */
  readonly host?: string;
  /** The addresses to tell clients of, best first, when every interface is bound. */
  readonly addresses: readonly string[];
  readonly eventPort?: number;
  readonly heartbeatPort?: number;
  /** Messages kept for each subscriber that does not read as fast as events come. */
  readonly highWaterMark?: number;
  /** Called with the number of messages that were dropped because more waited than may. */
  readonly onDropped?: (count: number) => void;
}

/**
 * How many messages wait for a slow subscriber. cppTango keeps 1000 and drops a burst that is longer; this is enough for
 * a burst of any device, and bounded for a subscriber that has stopped.
 */
const HIGH_WATER_MARK = 200_000;
/** Bytes that may wait on their way to the socket. */
const BYTES_WAITING = 256 * 2 ** 20;

interface Bound {
  readonly outbox: Outbox;
  readonly port: number;
}

export class EventPublisher implements AsyncDisposable {
  readonly #options: PublisherOptions;
  readonly #heartbeat: Bound;
  #event: Bound | undefined;
  #opening: Promise<void> | undefined;
  #closed = false;

  private constructor(options: PublisherOptions, heartbeat: Bound) {
    this.#options = options;
    this.#heartbeat = heartbeat;
  }

  /** Binds the heartbeat's socket; the one for data is bound when somebody wants some. */
  static async open(options: PublisherOptions): Promise<EventPublisher> {
    return new EventPublisher(options, await bind(options, options.heartbeatPort ?? 0));
  }

  async openEvents(): Promise<void> {
    this.#opening ??= bind(this.#options, this.#options.eventPort ?? 0).then((bound) => {
      this.#event = bound;
    });
    await this.#opening;
  }

  /** `tcp://address:port`, the best first. */
  get heartbeatEndpoints(): readonly string[] {
    return this.#endpoints(this.#heartbeat);
  }
  /** Empty before the first subscription. */
  get eventEndpoints(): readonly string[] {
    return this.#event ? this.#endpoints(this.#event) : [];
  }

  #endpoints({ port }: Bound): string[] {
    const addresses = this.#options.host ? [this.#options.host] : this.#options.addresses;
    return addresses.map((address) => `tcp://${address.includes(":") ? `[${address}]` : address}:${port}`);
  }

  send(topic: Uint8Array, counter: number, isError: boolean, data: Uint8Array): void {
    this.#send(this.#event, [topic, littleEndianFrame, callInfoFrame(counter, isError), data]);
  }

  beat(topic: Uint8Array): void {
    this.#send(this.#heartbeat, [topic, littleEndianFrame, callInfoFrame(0, false)]);
  }

  #send(bound: Bound | undefined, frames: Uint8Array[]): void {
    if (bound && !this.#closed) bound.outbox.send(frames);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#opening?.catch(() => {});
    this.#heartbeat.outbox.close();
    this.#event?.outbox.close();
  }
}

async function bind(options: PublisherOptions, port: number): Promise<Bound> {
  const limit = options.highWaterMark ?? HIGH_WATER_MARK;
  const socket = new Publisher({
    linger: 0,
    sendHighWaterMark: limit,
    ipv6: options.host?.includes(":") ?? false,
  });
  try {
    const address = options.host ?? "0.0.0.0";
    await socket.bind(`tcp://${address.includes(":") ? `[${address}]` : address}:${port === 0 ? "*" : port}`);
    const bound = /:(\d+)$/.exec(socket.lastEndpoint ?? "")?.[1];
    const onDropped = options.onDropped ?? (() => {});
    const outbox = new Outbox(socket, { messages: limit, bytes: BYTES_WAITING, onDropped });
    return { outbox, port: Number(bound) };
  } catch (error) {
    socket.close();
    throw error;
  }
}
