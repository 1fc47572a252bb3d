// SPDX-License-Identifier: MIT
// A device as its clients see it, its members typed by its interface. Short verbs give values, full verbs records.
import { devFailed } from "../errors.ts";
import { readMany, readOne, writeMany, writeOne, writeThenRead, writeThenReadMany } from "./attribute-calls.ts";
import { readConfigs, writeConfig } from "./attribute-configuring.ts";
import { AttributeProxy } from "./attribute-proxy.ts";
import type { AttributeReading } from "./attribute-reading.ts";
import { invoking } from "./callee.ts";
import { callCommand, sendCommand } from "./command-calls.ts";
import type { CallOptions } from "./device-route.ts";
import type { CommandInfo } from "./dialect/command-info.ts";
import type { AttributeConfig, AttributeSettings } from "./dialect/config.ts";
import { dialects } from "./dialect/index.ts";
import type { DeviceEvents } from "./events/of-device.ts";
import { deviceEvents } from "./events/of-device.ts";
import { deeds } from "./failures.ts";
import type { CommandReading } from "./histories.ts";
import { attributeHistory, commandHistory } from "./histories.ts";
import type { ProxyParts } from "./remote-device.ts";
import { RemoteDevice } from "./remote-device.ts";
import type {
  AttributeName, CommandArguments, CommandName, CommandResult, Readings, Untyped, ValueIn, WritableName, WritableValue,
} from "./typed.ts"; // biome-ignore format: a list

export class DeviceProxy<I = Untyped> extends RemoteDevice {
  /**
   * Events as they come: `for await (const event of device.events("Position", "change"))`. The first says how things are
   * now. A server that goes away is an event with `error`, and is subscribed to again when it is back, wherever that is.
   * Leaving the loop ends the subscription. @throws DevFailed (from the loop) when the server refuses it.
   */
  readonly events: DeviceEvents<I>;

  constructor(parts: ProxyParts) {
    super(parts);
    this.events = deviceEvents({
      ...parts,
      hub: parts.system.events,
      timeout: () => this.timeout,
      signal: this.closed,
    });
  }

  /** The same device without its interface's types: for members that come and go while it runs. */
  get untyped(): DeviceProxy {
    return this as unknown as DeviceProxy;
  }

  // ---- attributes

  /**
   * The value of an attribute.
   * @throws DevFailed, e.g. API_AttrNotFound; API_EmptyDeviceAttribute when the device says its value is invalid.
   */
  async read<N extends AttributeName<I>>(name: N, options?: CallOptions): Promise<ValueIn<I, N>> {
    const reading = await this.readAttribute(name, options);
    if (reading.value === undefined) {
      const desc = `Attribute ${name} of device ${this.name} has no value: its quality is ${reading.quality}`;
      throw devFailed("API_EmptyDeviceAttribute", desc, "DeviceProxy::read_attribute()");
    }
    return reading.value;
  }

  /** The record of an attribute: value, set value, quality, time. @throws DevFailed when it cannot be read. */
  readAttribute<N extends AttributeName<I>>(name: N, options?: CallOptions): Promise<AttributeReading<ValueIn<I, N>>> {
    return readOne(this.link, name, options) as Promise<AttributeReading<ValueIn<I, N>>>;
  }

  /**
   * The records of several attributes, read by one call. One that fails has `error` and no value.
   * @throws DevFailed when the call as a whole fails.
   */
  readAttributes<const Names extends readonly AttributeName<I>[]>(
    names: Names,
    options?: CallOptions,
  ): Promise<Readings<I, Names>> {
    return readMany(this.link, names, options) as Promise<readonly AttributeReading[]> as Promise<Readings<I, Names>>;
  }

  /** Sets an attribute. Resolves when the device has accepted the value, which may be before it has taken effect. */
  write<N extends WritableName<I>>(name: N, value: WritableValue<I, N>, options?: CallOptions): Promise<void> {
    return writeOne(this.link, name, value, options);
  }

  /** Sets several attributes by one call. @throws MultiDevFailed naming those that were refused. */
  writeAttributes(
    values: { readonly [N in WritableName<I>]?: WritableValue<I, N> },
    options?: CallOptions,
  ): Promise<void> {
    return writeMany(this.link, values, options);
  }

  /** Sets an attribute and reads it (or `read`) back, with nothing of another client in between. */
  writeRead<N extends WritableName<I>, R extends AttributeName<I> = N>(
    name: N,
    value: WritableValue<I, N>,
    read: R = name as unknown as R,
    options?: CallOptions,
  ): Promise<AttributeReading<ValueIn<I, R>>> {
    return writeThenRead(this.link, name, value, read, options) as Promise<AttributeReading<ValueIn<I, R>>>;
  }

  /**
   * Sets several attributes and reads `reads` by one call, with nothing of another client in between.
   * @throws MultiDevFailed naming those that were refused; API_UnsupportedFeature from devices before IDL 5.
   */
  writeReadAttributes<const Names extends readonly AttributeName<I>[]>(
    values: { readonly [N in WritableName<I>]?: WritableValue<I, N> },
    reads: Names,
    options?: CallOptions,
  ): Promise<Readings<I, Names>> {
    const readings = writeThenReadMany(this.link, values, reads, options);
    return readings as Promise<readonly AttributeReading[]> as Promise<Readings<I, Names>>;
  }

  /** One attribute by itself; lives as long as the device. */
  attributeProxy<N extends AttributeName<I>>(name: N): AttributeProxy<ValueIn<I, N>> {
    return new AttributeProxy<ValueIn<I, N>>({ device: this.untyped, name, owned: undefined });
  }

  // ---- commands

  /**
   * Executes a command and gives its result.
   * @throws DevFailed. An abort stops the waiting, not the device.
   */
  async call<N extends CommandName<I>>(name: N, ...rest: CommandArguments<I, N>): Promise<CommandResult<I, N>> {
    const [value, options] = rest as [unknown?, CallOptions?];
    return (await callCommand(this.link, name, value, options)) as CommandResult<I, N>;
  }

  /**
   * Sends a command and waits for nothing: resolves when it is on its way. Whatever comes of it nobody is told.
   * @throws DevFailed when it cannot be sent.
   */
  send<N extends CommandName<I>>(name: N, ...rest: CommandArguments<I, N>): Promise<void> {
    const [value, options] = rest as [unknown?, CallOptions?];
    return sendCommand(this.link, name, value, options);
  }

  // ---- what it has

  commands = (options?: CallOptions): Promise<readonly CommandInfo[]> =>
    this.link.run(deeds.plain("command_list_query"), options, (live, limits) =>
      dialects[live.version].queryCommands(invoking(live, limits)),
    );

  command = (name: CommandName<I>, options?: CallOptions): Promise<CommandInfo> =>
    this.link.run(deeds.plain("command_query"), options, (live, limits) =>
      dialects[live.version].queryCommand(invoking(live, limits), name),
    );

  /** Configuration of these attributes, of all when no names are given. */
  attributes = (names: readonly AttributeName<I>[] = [], options?: CallOptions): Promise<readonly AttributeConfig[]> =>
    readConfigs(this.link, names, options);

  async attribute(name: AttributeName<I>, options?: CallOptions): Promise<AttributeConfig> {
    const [config] = await this.attributes([name], options);
    if (config) return config;
    throw devFailed("API_AttrNotFound", `${name} attribute not found`, "DeviceProxy::get_attribute_config()");
  }

  /** Changes some of an attribute's configuration; "" and "Not specified" bring defaults back. */
  async configure(name: AttributeName<I>, changes: Partial<AttributeSettings>, options?: CallOptions): Promise<void> {
    const config = await this.attribute(name, options);
    await writeConfig(this.link, { ...config, ...changes }, options);
  }

  // ---- what the server keeps of it

  /** The newest `count` readings of a polled attribute, oldest first. @throws DevFailed API_AttrNotPolled... */
  attributeHistory<N extends AttributeName<I>>(
    name: N,
    count: number,
    options?: CallOptions,
  ): Promise<readonly AttributeReading<ValueIn<I, N>>[]> {
    const history = attributeHistory(this.link, name, count, options);
    return history as Promise<readonly AttributeReading<ValueIn<I, N>>[]>;
  }

  /** The newest `count` results of a polled command, oldest first. @throws DevFailed API_CmdNotPolled... */
  commandHistory(name: CommandName<I>, count: number, options?: CallOptions): Promise<readonly CommandReading[]> {
    return commandHistory(this.link, name, count, options);
  }
}
