// SPDX-License-Identifier: MIT
// Sends the events of all devices of a server to those who subscribed.
import { Buffer } from "node:buffer";
import type { Codec } from "../../cdr/index.ts";
import { type DevError, DevFailed } from "../../errors.ts";
import {
  DataFrames, type EventLayout, type EventName, EventPublisher, type EventWeight, layoutFor,
  type PublisherOptions,
} from "../../events/index.ts"; // biome-ignore format: a list
import {
  AttDataReady, AttributeConfig_3, AttributeConfig_5, AttributeValue_3, AttributeValue_4, AttributeValue_5,
  type AttributeConfig_5 as Config, DevErrorList, DevIntrChange, DevPipeData,
} from "../../idl/index.ts"; // biome-ignore format: a list
import { oldConfig3 } from "../attribute/old-configs.ts";
import { type Sample, toValue3, toValue4, toValue5 } from "../attribute/sample.ts";
import { devErrors } from "../failure.ts";
import { EventChannel } from "./channel.ts";
import { EventPerformance } from "./performance.ts";

export interface SupplierOptions extends PublisherOptions {
  /** In front of every topic: `tango://host:port/`, of the database or, without one, of the server. */
  readonly prefix: string;
  /** `#dbase=no` without a database. */
  readonly suffix: string;
  /** `dserver/exec/inst` in lower case. */
  readonly admin: string;
}

/** What a client subscribes to. Keys are lower case; `member` is empty for events of the device. */
export interface Topic {
  readonly device: string;
  readonly member: string;
  readonly event: EventName;
  readonly weight: EventWeight;
}

const HEARTBEAT = 9000;
/** A client not seen for so long is new: it may still be connecting when the next event goes. */
const CLIENT_MEMORY = 500_000;

const valueFrames: Readonly<Record<EventLayout, (frames: DataFrames, sample: Sample) => Uint8Array>> = {
  3: (frames, sample) => frames.make(AttributeValue_3, toValue3(sample)),
  4: (frames, sample) => frames.make(AttributeValue_4, toValue4(sample)),
  5: (frames, sample) => frames.make(AttributeValue_5, toValue5(sample)),
};

export class EventSupplier implements AsyncDisposable {
  readonly publisher: EventPublisher;
  readonly #options: SupplierOptions;
  /** Device key -> member key (empty: the device) -> event. */
  readonly #channels = new Map<string, Map<string, Map<EventName, EventChannel>>>();
  readonly #clients = new Map<string, number>();
  readonly #frames = new DataFrames();
  #heartbeat: NodeJS.Timeout | undefined;
  #isBeatDoubled = false;
  readonly #performance = new EventPerformance();

  private constructor(options: SupplierOptions, publisher: EventPublisher) {
    this.#options = options;
    this.publisher = publisher;
  }

  static async open(options: SupplierOptions): Promise<EventSupplier> {
    return new EventSupplier(options, await EventPublisher.open(options));
  }

  /** What the topic of the heartbeat is without `.heartbeat`. */
  get channelName(): string {
    return `${this.#options.prefix}${this.#options.admin}${this.#options.suffix}`;
  }

  /**
   * Sends an event from now on, for ten minutes. `client` names who asked, for messages that go twice to new ones.
   * @returns the topic.
   */
  async subscribe({ device, member, event, weight }: Topic, library: number, client?: string): Promise<string> {
    await this.publisher.openEvents(weight);
    const channel = this.#make(device, member, event, weight);
    const layout = layoutFor(event, library);
    channel.renew(layout, performance.now());
    if (client !== undefined && this.#isNew(client)) {
      channel.isDoubled = true;
      this.#isBeatDoubled = true;
    }
    this.#heartbeat ??= setInterval(() => this.#beat(), HEARTBEAT).unref();
    return channel.topic(layout);
  }

  #make(device: string, member: string, event: EventName, weight: EventWeight): EventChannel {
    let members = this.#channels.get(device);
    if (!members) this.#channels.set(device, (members = new Map()));
    let events = members.get(member);
    if (!events) members.set(member, (events = new Map()));
    let channel = events.get(event);
    if (!channel) {
      const place = `${this.#options.prefix}${device}${member ? `/${member}` : ""}`;
      events.set(event, (channel = new EventChannel(event, weight, place, this.#options.suffix)));
    }
    return channel;
  }

  #isNew(client: string): boolean {
    const now = performance.now();
    const seen = this.#clients.get(client);
    this.#clients.set(client, now);
    if (this.#clients.size > 10_000) this.#forgetClients(now);
    return seen === undefined || now - seen > CLIENT_MEMORY;
  }
  #forgetClients(now: number): void {
    for (const [client, seen] of this.#clients) if (now - seen > CLIENT_MEMORY) this.#clients.delete(client);
  }

  #beat(): void {
    const topic = Buffer.from(`${this.channelName}.heartbeat`, "latin1");
    this.publisher.beat(topic);
    if (this.#isBeatDoubled) this.publisher.beat(topic);
    this.#isBeatDoubled = false;
  }

  /** The channel of an event somebody wants now. Keys are lower case; `member` is empty for events of the device. */
  channel(device: string, member: string, event: EventName): EventChannel | undefined {
    const channel = this.#channels.get(device)?.get(member)?.get(event);
    return channel?.isWanted(performance.now()) ? channel : undefined;
  }
  /** Whether any event of the member is wanted. */
  wants(device: string, member: string): boolean {
    for (const channel of this.#channels.get(device)?.get(member)?.values() ?? []) {
      if (channel.isWanted(performance.now())) return true;
    }
    return false;
  }
  /** The events of a member that somebody wants now. */
  wantedOf(device: string, member: string): EventName[] {
    const now = performance.now();
    const channels = [...(this.#channels.get(device)?.get(member)?.values() ?? [])];
    return channels.filter((channel) => channel.isWanted(now)).map(({ event }) => event);
  }
  /** Detection begins anew for everything a device sends. */
  forget(device: string): void {
    for (const events of this.#channels.get(device)?.values() ?? []) {
      for (const channel of events.values()) channel.forget();
    }
  }

  /** Sends a value, or the errors in its place. */
  sendSample(channel: EventChannel, sample: Sample): void {
    if (sample.errors) this.sendErrors(channel, sample.errors);
    else this.#send(channel, false, (layout) => valueFrames[layout](this.#frames, sample));
  }
  sendErrors(channel: EventChannel, errors: readonly DevError[]): void {
    this.#send(channel, true, () => this.#frames.make(DevErrorList, errors));
  }
  sendError(channel: EventChannel, error: unknown, origin: string): void {
    this.sendErrors(channel, error instanceof DevFailed ? error.errors : devErrors(error, origin));
  }
  sendConfig(channel: EventChannel, config: Config): void {
    this.#send(channel, false, (layout) =>
      layout === 5
        ? this.#frames.make(AttributeConfig_5, config)
        : this.#frames.make(AttributeConfig_3, oldConfig3(config)),
    );
  }
  sendDataReady = (channel: EventChannel, value: AttDataReady) => this.#sendOne(channel, AttDataReady, value);
  sendInterface = (channel: EventChannel, value: DevIntrChange) => this.#sendOne(channel, DevIntrChange, value);
  sendPipe = (channel: EventChannel, value: DevPipeData) =>
    this.#send(channel, false, () => this.#frames.make(DevPipeData, value, 2));

  #sendOne<T>(channel: EventChannel, codec: Codec<T>, value: T): void {
    this.#send(channel, false, () => this.#frames.make(codec, value));
  }

  #send(channel: EventChannel, isError: boolean, frame: (layout: EventLayout) => Uint8Array): void {
    this.#performance.timed(() => this.#sendAll(channel, isError, frame));
    channel.counter++;
    channel.isDoubled = false;
    channel.sentAt = performance.now();
  }

  #sendAll(channel: EventChannel, isError: boolean, frame: (layout: EventLayout) => Uint8Array): void {
    const { counter, weight, isDoubled } = channel;
    for (const [layout, { topic }] of channel.wanted) {
      this.publisher.send(weight, { topic, counter, isError, data: frame(layout), copies: isDoubled ? 2 : 1 });
    }
  }

  /** Whether times are kept for `report`. */
  measure(on: boolean): void {
    this.#performance.turn(on);
  }

  /** What QueryEventSystem tells: counters by topic and times as Tango 10 has them, and where events go out. */
  report(): object {
    const now = performance.now();
    const wanted = [...this.#channels.values()]
      .flatMap((members) => [...members.values()].flatMap((events) => [...events.values()]))
      .filter((channel) => channel.isWanted(now));
    return {
      version: 1,
      server: {
        event_counters: Object.fromEntries(wanted.map(({ name, counter }) => [name, counter])),
        perf: this.#performance.samples,
        endpoints: {
          heartbeat: this.publisher.heartbeatEndpoints,
          light: this.publisher.eventEndpoints("light"),
          heavy: this.publisher.eventEndpoints("heavy"),
        },
      },
      client: null,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.publisher[Symbol.asyncDispose]();
  }
}
