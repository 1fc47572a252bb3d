// SPDX-License-Identifier: MIT
// All events of one control system: two sockets, whatever the number of servers, and who listens to what.
import type { DevFailed } from "../../errors.ts";
import { devFailed } from "../../errors.ts";
import type { EventLayout, Link } from "../../events/index.ts";
import { TopicSocket } from "../../events/index.ts";
import type { CallOptions, DeviceRoute } from "../device-route.ts";
import { invoke } from "../device-route.ts";
import { deeds } from "../failures.ts";
import type { Trl } from "../trl.ts";
import { describeHost } from "../trl.ts";
import { Feed } from "./feed.ts";
import type { Registration, Wanted } from "./registration.ts";
import { register } from "./registration.ts";

/** Messages kept while this process is busy, for each server; cppTango keeps 1000 and loses what is beyond. */
const HIGH_WATER_MARK = 200_000;
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
  /** Milliseconds until the server's answer. @throws DevFailed */
  readonly answers: () => Promise<number>;
  /** Resolves when no more will come from there. */
  readonly lost: Promise<DevFailed>;
}

export interface HubOptions {
  /** The way to the admin device of that name, in the control system of a device. */
  readonly admin: (name: string, of: Trl) => DeviceRoute;
  /** `host:port` of the default database, for topics of old servers. */
  readonly host: () => string;
}

export class EventHub implements AsyncDisposable {
  readonly #options: HubOptions;
  readonly #events = new TopicSocket({ highWaterMark: HIGH_WATER_MARK });
  readonly #heartbeats = new TopicSocket({ highWaterMark: HIGH_WATER_MARK });
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
  async attach(
    target: EventTarget,
    signal: AbortSignal,
    receive: (frames: readonly Uint8Array[]) => void,
  ): Promise<Attached> {
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
    const used = feed.use(wanted);
    const listening = this.#events.listen(registration.topic, receive);
    return {
      layout: registration.layout,
      answers: () => answering(admin, limits),
      lost: feed.lost,
      [Symbol.dispose]: () => {
        listening[Symbol.dispose]();
        used[Symbol.dispose]();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposing.abort();
    await Promise.all([this.#events[Symbol.asyncDispose](), this.#heartbeats[Symbol.asyncDispose]()]);
  }

  #naming({ host, database }: Trl) {
    const where = host ? describeHost(host) : this.#options.host();
    return { prefix: `tango://${where}/`, suffix: database ? "" : "#dbase=no" };
  }

  #feed(admin: DeviceRoute, registration: Registration, timeout: number): Promise<Feed> {
    const key = [registration.channel, ...registration.endpoints.map(({ event }) => event)].join(" ");
    const known = this.#feeds.get(key);
    if (known) return known;
    const forget = () => {
      if (this.#feeds.get(key) === opening) this.#feeds.delete(key);
    };
    const opening = this.#open(admin, registration, timeout, forget);
    this.#feeds.set(key, opening);
    opening.catch(forget);
    return opening;
  }

  async #open(admin: DeviceRoute, registration: Registration, timeout: number, forget: () => void): Promise<Feed> {
    const { event, heartbeat } = await this.#connect(registration);
    const topic = `${registration.channel}.heartbeat`;
    const listen = (beat: () => void) => this.#heartbeats.listen(topic, beat);
    return new Feed({ admin, event, heartbeat, listen, timeout, forget });
  }

  /** The first of a server's addresses that answers. */
  async #connect({ endpoints }: Registration): Promise<{ readonly event: Link; readonly heartbeat: Link }> {
    let problem: unknown;
    for (const address of endpoints) {
      try {
        const heartbeat = await this.#heartbeats.connect(address.heartbeat, CONNECT_TIMEOUT);
        try {
          return { heartbeat, event: await this.#events.connect(address.event, CONNECT_TIMEOUT) };
        } catch (error) {
          heartbeat.release();
          throw error;
        }
      } catch (error) {
        problem = error;
      }
    }
    const text = `Failed to connect to the event channel: ${problem instanceof Error ? problem.message : "no address"}`;
    throw devFailed("API_CantConnectToDevice", text, "ZmqEventConsumer::connect_event_channel()");
  }
}

async function answering(admin: DeviceRoute, limits: CallOptions): Promise<number> {
  const start = performance.now();
  await admin.run(deeds.plain("ping"), limits, (live) => invoke(live, limits, "ping", []));
  return performance.now() - start;
}
