// SPDX-License-Identifier: MIT
// The events of one server process: its two connections, its heartbeat, and the subscriptions that must be renewed.
import type { DevFailed } from "../../errors.ts";
import { devFailed } from "../../errors.ts";
import type { Link } from "../../events/index.ts";
import type { DeviceRoute } from "../device-route.ts";
import type { Wanted } from "./registration.ts";
import { confirm } from "./registration.ts";

/** Servers send a heartbeat every 9 s; without any for so many milliseconds the channel is taken for dead. */
const SILENCE = 12_000;
/** Milliseconds between confirmations: servers forget subscribers after 600 s. */
const CONFIRMATION = 200_000;

export interface FeedParts {
  readonly admin: DeviceRoute;
  readonly event: Link;
  readonly heartbeat: Link;
  /** Calls back at each heartbeat. */
  readonly listen: (beat: () => void) => Disposable;
  readonly timeout: number;
  /** Called once, when nobody uses it or it is lost. */
  readonly forget: () => void;
}

export class Feed {
  /** Resolves when the server's events have stopped: what subscribers are told. */
  readonly lost: Promise<DevFailed>;
  readonly #parts: FeedParts;
  readonly #wanted = new Set<Wanted>();
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #beats: Disposable;
  readonly #lose: (error: DevFailed) => void;
  #lastBeat = performance.now();
  #isClosed = false;

  constructor(parts: FeedParts) {
    this.#parts = parts;
    const { promise, resolve } = Promise.withResolvers<DevFailed>();
    this.lost = promise;
    this.#lose = (error) => {
      resolve(error);
      // It may come back elsewhere.
      if (!this.#isClosed) parts.admin.reset();
      this.#close();
    };
    this.#beats = parts.listen(() => {
      this.#lastBeat = performance.now();
    });
    const watch = () => performance.now() - this.#lastBeat > SILENCE && this.#lose(notResponding());
    this.#timers = [setInterval(watch, 1000).unref(), setInterval(() => void this.#confirm(), CONFIRMATION).unref()];
    for (const link of [parts.event, parts.heartbeat]) void link.lost.then(() => this.#lose(notResponding()));
  }

  /** Uses it for one subscription until disposed of. */
  use(wanted: Wanted): Disposable {
    this.#wanted.add(wanted);
    return {
      [Symbol.dispose]: () => {
        if (this.#wanted.delete(wanted) && this.#wanted.size === 0) this.#close();
      },
    };
  }

  /** A server that does not take it is one whose heartbeat stops, or that tells the reason at the next subscription. */
  async #confirm(): Promise<void> {
    const { admin, timeout } = this.#parts;
    await confirm(admin, [...this.#wanted], { timeout }).catch(() => {});
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#beats[Symbol.dispose]();
    this.#parts.forget();
    this.#parts.event.release();
    this.#parts.heartbeat.release();
  }
}

const notResponding = (): DevFailed =>
  devFailed(
    "API_EventTimeout",
    "Event channel is not responding anymore, maybe the server or event system is down",
    "EventConsumer::KeepAliveThread()",
  );
