// SPDX-License-Identifier: MIT
// The sockets by which a server sends events: the heartbeat that says it is alive, and the data, small and big apart.
import { callInfoFrame, littleEndianFrame } from "./frames.ts";
import { Joining } from "./joining.ts";
import { Outbox } from "./outbox.ts";
import { bindPublisher } from "./pub-socket.ts";

export interface PublisherOptions {
  /** The only address to bind and publish; by default every interface is bound. */
  readonly host?: string;
  /** The addresses to tell clients of, best first, when every interface is bound. */
  readonly addresses: readonly string[];
  /** A port for all data; by default there are two, any free ones. */
  readonly eventPort?: number;
  readonly heartbeatPort?: number;
  /** Small messages kept for each subscriber that does not read as fast as events come; default 1000. */
  readonly highWaterMark?: number;
  /** Called with the number of messages that were dropped because more waited than may. */
  readonly onDropped?: (count: number) => void;
  /** Called when a subscriber does not read: it misses events of this kind until it does. */
  readonly onStalled?: (kind: EventWeight) => void;
}

/** Whether an event may be big (images, long spectra): few of those may wait for a subscriber that does not read. */
export type EventWeight = "light" | "heavy";

/** Messages that wait in ZeroMQ for each subscriber, as many as cppTango keeps: what a burst has beyond waits in the outbox. */
const LIGHT = 1000;
const HEAVY = 32;
/** What may wait in the outbox: enough for a burst of any device. */
const WAITING = { messages: 200_000, bytes: 256 * 2 ** 20 };
const PATIENCE = { each: 1000, most: 4000, share: 0.2 };
/** How long the filter of a new subscriber is waited for, and what may be kept for it. */
const JOINING = { patience: 2000, bytes: 64 * 2 ** 20 };

export interface OutgoingEvent {
  readonly topic: Uint8Array;
  readonly counter: number;
  /** The data are a list of errors. */
  readonly isError: boolean;
  readonly data: Uint8Array;
  /** 2 for clients that may be connecting still: they drop what they get twice. */
  readonly copies: 1 | 2;
}

interface Bound {
  readonly outbox: Outbox;
  readonly joining: Joining;
  readonly port: number;
}

export class EventPublisher implements AsyncDisposable {
  readonly #options: PublisherOptions;
  readonly #heartbeat: Bound;
  readonly #events: Record<EventWeight, Bound | undefined> = { light: undefined, heavy: undefined };
  readonly #opening = new Map<EventWeight, Promise<void>>();
  #isClosed = false;

  private constructor(options: PublisherOptions, heartbeat: Bound) {
    this.#options = options;
    this.#heartbeat = heartbeat;
  }

  /** Binds the heartbeat's socket; those for data are bound when somebody wants some. */
  static async open(options: PublisherOptions): Promise<EventPublisher> {
    return new EventPublisher(options, await bind(options, options.heartbeatPort ?? 0, "light"));
  }

  async openEvents(weight: EventWeight): Promise<void> {
    const kind = this.#kind(weight);
    let opening = this.#opening.get(kind);
    if (!opening) {
      opening = bind(this.#options, this.#options.eventPort ?? 0, kind).then((bound) => {
        this.#events[kind] = bound;
      });
      this.#opening.set(kind, opening);
    }
    await opening;
  }

  /** With one port there is one socket. */
  #kind(weight: EventWeight): EventWeight {
    return this.#options.eventPort ? "light" : weight;
  }

  /** `tcp://address:port`, the best first. */
  get heartbeatEndpoints(): readonly string[] {
    return this.#endpoints(this.#heartbeat);
  }
  /** Empty before the first subscription. */
  eventEndpoints(weight: EventWeight): readonly string[] {
    const bound = this.#events[this.#kind(weight)];
    return bound ? this.#endpoints(bound) : [];
  }

  #endpoints({ port }: Bound): string[] {
    const addresses = this.#options.host ? [this.#options.host] : this.#options.addresses;
    return addresses.map((address) => `tcp://${address.includes(":") ? `[${address}]` : address}:${port}`);
  }

  /** A client is about to listen to the topic: what is sent before it does is kept for it, for 2 s. */
  expect(weight: EventWeight, topic: string): void {
    this.#bound(weight)?.joining.expect(topic);
  }

  send(weight: EventWeight, { topic, counter, isError, data, copies }: OutgoingEvent): void {
    this.#bound(weight)?.joining.send([topic, littleEndianFrame, callInfoFrame(counter, isError), data], copies);
  }

  beat(topic: Uint8Array): void {
    if (!this.#isClosed) this.#heartbeat.outbox.send([topic, littleEndianFrame, callInfoFrame(0, false)]);
  }

  #bound(weight: EventWeight): Bound | undefined {
    return this.#isClosed ? undefined : this.#events[this.#kind(weight)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#opening.values());
    for (const bound of [this.#heartbeat, this.#events.light, this.#events.heavy]) {
      bound?.joining.close();
      bound?.outbox.close();
    }
  }
}

async function bind(options: PublisherOptions, port: number, weight: EventWeight): Promise<Bound> {
  const address = options.host ?? "0.0.0.0";
  const ipv6 = address.includes(":");
  const highWaterMark = weight === "heavy" ? HEAVY : (options.highWaterMark ?? LIGHT);
  const joining = new Joining({ ...JOINING, messages: highWaterMark, send: (frames) => outbox.send(frames) });
  const socket = await bindPublisher(`tcp://${ipv6 ? `[${address}]` : address}:${port === 0 ? "*" : port}`, {
    highWaterMark,
    ipv6,
    onFilter: (beginning, isWanted) => joining.filter(beginning, isWanted),
  });
  const outbox = new Outbox(socket, {
    ...WAITING,
    patience: PATIENCE,
    onDropped: options.onDropped ?? (() => {}),
    onStalled: () => options.onStalled?.(weight),
  });
  return { outbox, joining, port: socket.port };
}
