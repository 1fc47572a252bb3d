// SPDX-License-Identifier: MIT
// The events of one server process: its two connections, its heartbeat, and the subscriptions that must be renewed.
import type { DevFailed } from "../../errors.ts";
import { devFailed } from "../../errors.ts";
import type { Receive, Subscriber } from "../../events/index.ts";
import type { DeviceRoute } from "../device-route.ts";
import type { Wanted } from "./registration.ts";
import { confirm } from "./registration.ts";

/** Servers send a heartbeat every 9 s; without any for so many milliseconds the channel is taken for dead. */
const SILENCE = 12_000;
/** Milliseconds between confirmations: servers forget subscribers after 600 s. */
const CONFIRMATION = 200_000;

export interface FeedParts {
  readonly admin: DeviceRoute;
  /** Its connections, closed with the feed. */
  readonly event: Pick<Subscriber, "listen" | "lost" | "settled" | typeof Symbol.asyncDispose>;
  readonly heartbeat: Pick<Subscriber, "listen" | "lost" | typeof Symbol.asyncDispose>;
  /** Topic of the heartbeats, without `.heartbeat`. */
  readonly channel: string;
  readonly timeout: number;
  /** Called once, when nobody uses it or it is lost. */
  readonly forget: () => void;
}

/** One subscription's part of it. */
export interface Use extends Disposable {
  /** Resolves when the server's events have stopped. */
  readonly lost: Promise<DevFailed>;
}

export class Feed implements AsyncDisposable {
  readonly #parts: FeedParts;
  /** Each with whom to tell that they have stopped. */
  readonly #wanted = new Map<Wanted, (error: DevFailed) => void>();
  readonly #timers: readonly NodeJS.Timeout[];
  #lastBeat = performance.now();
  #closing: Promise<unknown> | undefined;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    parts.heartbeat.listen(`${parts.channel}.heartbeat`, () => {
      this.#lastBeat = performance.now();
    });
    const watch = () => performance.now() - this.#lastBeat > SILENCE && this.#lose(notResponding());
    this.#timers = [setInterval(watch, 1000).unref(), setInterval(() => void this.#confirm(), CONFIRMATION).unref()];
    for (const { lost } of [parts.event, parts.heartbeat]) void lost.then(() => this.#lose(notResponding()));
  }

  get isOpen(): boolean {
    return this.#closing === undefined;
  }

  /** Uses it for one subscription until disposed of; it closes with the last one. */
  use(wanted: Wanted, topic: string, receive: Receive): Use {
    const { promise, resolve } = Promise.withResolvers<DevFailed>();
    this.#wanted.set(wanted, resolve);
    const listening = this.#parts.event.listen(topic, receive);
    return {
      lost: promise,
      [Symbol.dispose]: () => {
        listening[Symbol.dispose]();
        if (this.#wanted.delete(wanted) && this.#wanted.size === 0) void this.#close();
      },
    };
  }

  /** Whether the publisher has said that it knows of all subscriptions made until now; false when it cannot say. */
  settled(signal: AbortSignal): Promise<boolean> {
    return this.#parts.event.settled(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }

  #lose(error: DevFailed): void {
    // It may come back elsewhere.
    if (this.isOpen) this.#parts.admin.reset();
    for (const tell of this.#wanted.values()) tell(error);
    void this.#close();
  }

  /** A server that does not take it is one whose heartbeat stops, or that tells the reason at the next subscription. */
  async #confirm(): Promise<void> {
    const { admin, timeout } = this.#parts;
    await confirm(admin, [...this.#wanted.keys()], { timeout }).catch(() => {});
  }

  #close(): Promise<unknown> {
    this.#closing ??= this.#closed();
    return this.#closing;
  }

  async #closed(): Promise<void> {
    const { forget, event, heartbeat } = this.#parts;
    for (const timer of this.#timers) clearInterval(timer);
    forget();
    await Promise.all([event[Symbol.asyncDispose](), heartbeat[Symbol.asyncDispose]()]);
  }
}

const notResponding = (): DevFailed =>
  devFailed(
    "API_EventTimeout",
    "Event channel is not responding anymore, maybe the server or event system is down",
    "EventConsumer::KeepAliveThread()",
  );
