// SPDX-License-Identifier: MIT
// All events of one control system: which servers are listened to, and by whom.
import type { DevFailed } from "../../errors.ts";
import { devFailed } from "../../errors.ts";
import type { EventLayout, Receive } from "../../events/index.ts";
import { Subscriber } from "../../events/index.ts";
import type { Transport } from "../../transport/index.ts";
import type { CallOptions, DeviceRoute } from "../device-route.ts";
import { invoke } from "../device-route.ts";
import { deeds } from "../failures.ts";
import type { Trl } from "../trl.ts";
import { describeHost } from "../trl.ts";
import { addressOf } from "./endpoint.ts";
import { Feed } from "./feed.ts";
import type { Registration, Wanted } from "./registration.ts";
import { register } from "./registration.ts";

/** Milliseconds for connecting to a publisher. */
const CONNECT_TIMEOUT = 2000;

export interface EventTarget {
  readonly trl: Trl;
  readonly route: DeviceRoute;
  readonly member: string;
  readonly event: Wanted["event"];
  readonly timeout: number;
}

export interface Attached extends Disposable {
  readonly layout: EventLayout;
  /** Whether the publisher has said that it knows of it; false from old ones, which never say, and from one that takes too long. */
  readonly settled: (signal: AbortSignal) => Promise<boolean>;
  /** Milliseconds until the server's answer. @throws DevFailed */
  readonly answers: () => Promise<number>;
  /** Resolves when no more will come from there. */
  readonly lost: Promise<DevFailed>;
}

export interface HubOptions {
  /** The way to the admin device of that name, in the control system of a device. */
  readonly admin: (name: string, of: Trl) => DeviceRoute;
  /** What carries the connections to publishers. */
  readonly transport: Transport;
  /** `host:port` of the default database, for topics of old servers. */
  readonly host: () => string;
}

export class EventHub implements AsyncDisposable {
  readonly #options: HubOptions;
  readonly #feeds = new Map<string, Promise<Feed>>();
  readonly #disposing = new AbortController();

  constructor(options: HubOptions) {
    this.#options = options;
  }

  /** Aborted when it is disposed of. */
  get signal(): AbortSignal {
    return this.#disposing.signal;
  }
  /** Servers whose events are listened to. */
  get size(): number {
    return this.#feeds.size;
  }

  /** Subscribes to one kind of event of one member. @throws DevFailed */
  async attach(target: EventTarget, signal: AbortSignal, receive: Receive): Promise<Attached> {
    const { trl, route, member, event, timeout } = target;
    const limits = { timeout, signal };
    const found = await route.run(deeds.plain("adm_name"), limits, async (live) => ({
      version: live.version,
      admin: await invoke(live, limits, "_get_adm_name", []),
      device: trl.alias ? await invoke(live, limits, "_get_name", []) : trl.device,
    }));
    const admin = this.#options.admin(found.admin, trl);
    const wanted: Wanted = { device: found.device, version: found.version, member, event };
    const registration = await register(admin, wanted, this.#naming(trl), limits);
    const feed = await this.#feed(admin, registration, timeout);
    const used = feed.use(wanted, registration.topic, receive);
    return {
      layout: registration.layout,
      // Events are kept meanwhile: not for ever.
      settled: (until) => feed.settled(AbortSignal.any([until, AbortSignal.timeout(timeout)])),
      answers: () => answering(admin, limits),
      lost: used.lost,
      [Symbol.dispose]: () => used[Symbol.dispose](),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposing.abort();
    const closing = [...this.#feeds.values()].map((opening) =>
      opening.then(
        (feed) => feed[Symbol.asyncDispose](),
        () => {},
      ),
    );
    await Promise.all(closing);
  }

  #naming({ host, database }: Trl) {
    const where = host ? describeHost(host) : this.#options.host();
    return { prefix: `tango://${where}/`, suffix: database ? "" : "#dbase=no" };
  }

  /** One that is open when this resolves: the last of its other users may leave it meanwhile. */
  async #feed(admin: DeviceRoute, registration: Registration, timeout: number): Promise<Feed> {
    const key = [registration.channel, ...registration.endpoints.map(({ event }) => event)].join(" ");
    for (;;) {
      const feed = await (this.#feeds.get(key) ?? this.#begin(key, admin, registration, timeout));
      if (feed.isOpen) return feed;
    }
  }

  #begin(key: string, admin: DeviceRoute, registration: Registration, timeout: number): Promise<Feed> {
    const forget = () => {
      if (this.#feeds.get(key) === opening) this.#feeds.delete(key);
    };
    const opening = this.#connect(registration).then(
      (connections) => new Feed({ ...connections, admin, channel: registration.channel, timeout, forget }),
    );
    this.#feeds.set(key, opening);
    opening.catch(forget);
    return opening;
  }

  /** The first of a server's addresses that answers. */
  async #connect({ endpoints }: Registration): Promise<{ readonly event: Subscriber; readonly heartbeat: Subscriber }> {
    let problem: unknown;
    for (const address of endpoints) {
      try {
        await using opened = new AsyncDisposableStack();
        const heartbeat = opened.use(await this.#subscriber(address.heartbeat));
        const event = opened.use(await this.#subscriber(address.event));
        opened.move();
        return { event, heartbeat };
      } catch (error) {
        problem = error;
      }
    }
    const text = `Failed to connect to the event channel: ${problem instanceof Error ? problem.message : "no address"}`;
    throw devFailed("API_CantConnectToDevice", text, "ZmqEventConsumer::connect_event_channel()");
  }

  #subscriber(endpoint: string): Promise<Subscriber> {
    const { transport } = this.#options;
    return Subscriber.open(transport, addressOf(endpoint), { timeout: CONNECT_TIMEOUT, signal: this.signal });
  }
}

async function answering(admin: DeviceRoute, limits: CallOptions): Promise<number> {
  const start = performance.now();
  await admin.run(deeds.plain("ping"), limits, (live) => invoke(live, limits, "ping", []));
  return performance.now() - start;
}
