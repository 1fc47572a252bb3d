// SPDX-License-Identifier: MIT
// Events of root attributes on their way to the subscribers of the attributes that stand for them.
import type {
  AttributeEvent, ConfigEvent, DataReadyEvent, DeviceProxy, EventStream, ValueEventName,
} from "../../client/index.ts"; // biome-ignore format: a list
import type { EventName } from "../../events/index.ts";
import type { ServedDevice } from "../device/device.ts";
import { sendConfig } from "../operations/configs.ts";
import type { ForwardedAttribute } from "./attribute.ts";

/** Events that are passed on as they come; configurations are followed all the time. */
type RelayedEvent = ValueEventName | "data_ready";
export const isRelayed = (event: EventName): event is RelayedEvent =>
  event !== "attr_conf" && event !== "intr_change" && event !== "pipe";

/** Passes on one kind of event until disposed of, or until nobody wants it any more. */
export class Relay implements AsyncDisposable {
  readonly #device: ServedDevice;
  readonly #attribute: ForwardedAttribute;
  readonly #event: RelayedEvent;
  readonly #stream: EventStream<AttributeEvent | DataReadyEvent>;
  readonly #work: Promise<void>;

  private constructor(
    device: ServedDevice,
    attribute: ForwardedAttribute,
    event: RelayedEvent,
    stream: EventStream<AttributeEvent | DataReadyEvent>,
    onEnd: () => void,
  ) {
    this.#device = device;
    this.#attribute = attribute;
    this.#event = event;
    this.#stream = stream;
    this.#work = this.#run().finally(onEnd);
  }

  /** @throws DevFailed when the root's server refuses the subscription. */
  static async open(
    device: ServedDevice,
    attribute: ForwardedAttribute,
    event: RelayedEvent,
    root: DeviceProxy,
    onEnd: () => void,
  ): Promise<Relay> {
    const name = attribute.root.attribute;
    const stream = event === "data_ready" ? root.events(name, event) : root.events(name, event);
    await stream.ready;
    return new Relay(device, attribute, event, stream, onEnd);
  }

  async #run(): Promise<void> {
    // The first says how things are: subscribers ask for that themselves.
    if (this.#event !== "data_ready") await this.#stream.next();
    let wasWanted = false;
    for await (const event of this.#stream) {
      const channel = this.#device.server.events.channel(this.#device.key, this.#attribute.key, this.#event);
      if (!channel && wasWanted) break;
      if (!channel) continue;
      wasWanted = true;
      const { events } = this.#device.server;
      if (event.error) events.sendErrors(channel, event.error.errors);
      else if ("quality" in event) events.sendSample(channel, this.#attribute.sampleOf(event));
      else if (event.counter !== undefined)
        events.sendDataReady(channel, {
          name: this.#attribute.name,
          data_type: this.#attribute.type.code,
          ctr: event.counter,
        });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream[Symbol.asyncDispose]();
    await this.#work.catch(() => {});
  }
}

/** Keeps the attribute's configuration that of its root, and tells subscribers, until the stream ends. */
export async function followConfig(
  device: ServedDevice,
  attribute: ForwardedAttribute,
  stream: EventStream<ConfigEvent>,
): Promise<void> {
  let isFirst = true;
  for await (const { config } of stream) {
    if (!config) continue;
    attribute.follow(config);
    if (!isFirst) sendConfig(device, attribute);
    isFirst = false;
  }
}
