// SPDX-License-Identifier: MIT
// One attribute as its clients see it: everything a device offers for it, without naming it each time.
import type { Properties } from "../database/index.ts";
import type { Acceptable } from "../interface.ts";
import type { AttributeReading } from "./attribute-reading.ts";
import type { DeviceProxy } from "./device-proxy.ts";
import type { CallOptions } from "./device-route.ts";
import type { AttributeConfig, AttributeSettings } from "./dialect/config.ts";
import type { AttributeEvent, ConfigEvent, DataReadyEvent, ValueEventName } from "./events/kinds-table.ts";
import type { EventStream } from "./events/stream.ts";
import type { EventOptions } from "./events/subscription.ts";

export interface AttributeProxyParts {
  readonly device: DeviceProxy;
  readonly name: string;
  /** Released with the attribute: a device that was connected for it alone. */
  readonly owned: AsyncDisposable | undefined;
}

export class AttributeProxy<Value = unknown> implements AsyncDisposable {
  readonly device: DeviceProxy;
  /** The attribute's own name, without its device's. */
  readonly name: string;
  readonly #owned: AsyncDisposable | undefined;

  constructor({ device, name, owned }: AttributeProxyParts) {
    this.device = device;
    this.name = name;
    this.#owned = owned;
  }

  /** Its value. @throws DevFailed as `device.read` does. */
  read(options?: CallOptions): Promise<Value> {
    return this.device.read(this.name, options) as Promise<Value>;
  }

  /** Its record: value, set value, quality, time. */
  readAttribute(options?: CallOptions): Promise<AttributeReading<Value>> {
    return this.device.readAttribute(this.name, options) as Promise<AttributeReading<Value>>;
  }

  write(value: Acceptable<Value>, options?: CallOptions): Promise<void> {
    return this.device.write(this.name, value, options);
  }

  writeRead(value: Acceptable<Value>, options?: CallOptions): Promise<AttributeReading<Value>> {
    return this.device.writeRead(this.name, value, this.name, options) as Promise<AttributeReading<Value>>;
  }

  config(options?: CallOptions): Promise<AttributeConfig> {
    return this.device.attribute(this.name, options);
  }

  configure(changes: Partial<AttributeSettings>, options?: CallOptions): Promise<void> {
    return this.device.configure(this.name, changes, options);
  }

  /** The newest `count` readings when it is polled, oldest first. */
  history(count: number, options?: CallOptions): Promise<readonly AttributeReading<Value>[]> {
    return this.device.attributeHistory(this.name, count, options) as Promise<readonly AttributeReading<Value>[]>;
  }

  /** Polls it every `period` milliseconds. */
  poll(period: number, options?: CallOptions): Promise<void> {
    return this.device.polling.start("attribute", this.name, period, options);
  }

  stopPolling(options?: CallOptions): Promise<void> {
    return this.device.polling.stop("attribute", this.name, options);
  }

  /** Its events, as `device.events` gives them. */
  events(event: ValueEventName, options?: EventOptions): EventStream<AttributeEvent<Value>>;
  events(event: "attr_conf", options?: EventOptions): EventStream<ConfigEvent>;
  events(event: "data_ready", options?: EventOptions): EventStream<DataReadyEvent>;
  events(event: ValueEventName | "attr_conf" | "data_ready", options?: EventOptions): EventStream<never> {
    return this.device.events(this.name, event as ValueEventName, options) as EventStream<never>;
  }

  /** Its properties in the database, by name. @throws DevFailed API_NonDatabaseDevice without a database. */
  async properties(options?: CallOptions): Promise<Properties> {
    const store = await this.device.attributeProperties(options);
    return (await store.read([this.name], options)).get(this.name) ?? new Map();
  }

  async putProperties(values: Readonly<Record<string, readonly string[]>>, options?: CallOptions): Promise<void> {
    const store = await this.device.attributeProperties(options);
    await store.write({ [this.name]: values }, options);
  }

  async deleteProperties(names: readonly string[], options?: CallOptions): Promise<void> {
    const store = await this.device.attributeProperties(options);
    await store.delete(this.name, names, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned?.[Symbol.asyncDispose]();
  }
}
