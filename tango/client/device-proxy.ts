// SPDX-License-Identifier: MIT
// A device as its clients see it. Short verbs give values, full verbs records.
import type { MemberPropertyStore, PropertyStore } from "../database/index.ts";
import { devFailed } from "../errors.ts";
import type { DevSource, OperationArgs, OperationName, OperationResult } from "../idl/index.ts";
import type { DevStateName } from "../idl/tango-types.ts";
import type { InterfaceDefinition } from "../interface.ts";
import type { AccessRight } from "./access-control.ts";
import { readMany, readOne, writeMany, writeOne, writeThenRead, writeThenReadMany } from "./attribute-calls.ts";
import { readConfigs, writeConfig } from "./attribute-configuring.ts";
import { AttributeProxy } from "./attribute-proxy.ts";
import type { AttributeReading } from "./attribute-reading.ts";
import { invoking } from "./callee.ts";
import { callCommand, sendCommand } from "./command-calls.ts";
import type { ControlSystem } from "./control-system.ts";
import { DeviceLink } from "./device-link.ts";
import type { CallOptions, DeviceRoute } from "./device-route.ts";
import { invoke } from "./device-route.ts";
import type { CommandInfo } from "./dialect/command-info.ts";
import type { AttributeConfig, AttributeSettings } from "./dialect/config.ts";
import { dialects } from "./dialect/index.ts";
import type { DeviceDescription } from "./dialect/info.ts";
import type { DeviceEvents } from "./events/of-device.ts";
import { deviceEvents } from "./events/of-device.ts";
import { deeds } from "./failures.ts";
import type { CommandReading } from "./histories.ts";
import { attributeHistory, commandHistory } from "./histories.ts";
import type { DeviceLock, LockOptions, LockStatus } from "./locking.ts";
import { lockDevice, lockStatus, unlockDevice } from "./locking.ts";
import { DeviceLogging } from "./logging.ts";
import { Members } from "./members.ts";
import { DevicePipes } from "./pipes.ts";
import { DevicePolling } from "./polling.ts";
import type { Trl } from "./trl.ts";
import type {
  AttributeName, CommandArguments, CommandName, CommandResult, Readings, Untyped, ValueIn, WritableName, WritableValue,
} from "./typed.ts"; // biome-ignore format: a list

export interface ProxyOptions {
  /** Milliseconds for each call unless it says otherwise; default 3000. */
  readonly timeout?: number | undefined;
  /** Where values come from: the device, its polling cache, or the cache where there is one (default). */
  readonly source?: DevSource | undefined;
}

export interface ProxyParts {
  readonly system: ControlSystem;
  readonly route: DeviceRoute;
  readonly trl: Trl;
  readonly definition: InterfaceDefinition | undefined;
  readonly options: ProxyOptions;
  /** Released with the proxy: a control system that was made for it alone. */
  readonly owned: AsyncDisposable | undefined;
}

export class DeviceProxy<I = Untyped> implements AsyncDisposable {
  /** domain/family/member in lower case, or the alias it was connected by. */
  readonly name: string;
  readonly system: ControlSystem;
  /** Milliseconds; may be changed at any time. */
  timeout: number;
  source: DevSource;
  readonly pipes: DevicePipes;
  /** What the server polls of the device. */
  readonly polling: DevicePolling;
  readonly logging: DeviceLogging;
  /**
   * Events as they come: `for await (const event of device.events("Position", "change"))`. The first says how things are
   * now. A server that goes away is an event with `error`, and is subscribed to again when it is back, wherever that is.
   * Leaving the loop ends the subscription. @throws DevFailed (from the loop) when the server refuses it.
   */
  readonly events: DeviceEvents<I>;
  readonly #link: DeviceLink;
  readonly #owned: AsyncDisposable | undefined;
  readonly #route: DeviceRoute;
  readonly #closing = new AbortController();

  constructor(parts: ProxyParts) {
    this.#owned = parts.owned;
    this.#route = parts.route;
    this.name = parts.route.name;
    this.system = parts.system;
    this.timeout = parts.options.timeout ?? 3000;
    this.source = parts.options.source ?? "CACHE_DEV";
    this.#link = new DeviceLink({
      ...parts,
      members: new Members(parts.definition),
      timeout: () => this.timeout,
      source: () => this.source,
    });
    this.pipes = new DevicePipes(this.#link);
    this.polling = new DevicePolling(this.#link);
    this.logging = new DeviceLogging(this.#link);
    this.events = deviceEvents({
      ...parts,
      hub: parts.system.events,
      timeout: () => this.timeout,
      signal: this.#closing.signal,
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
    return readOne(this.#link, name, options) as Promise<AttributeReading<ValueIn<I, N>>>;
  }

  /**
   * The records of several attributes, read by one call. One that fails has `error` and no value.
   * @throws DevFailed when the call as a whole fails.
   */
  readAttributes<const Names extends readonly AttributeName<I>[]>(
    names: Names,
    options?: CallOptions,
  ): Promise<Readings<I, Names>> {
    return readMany(this.#link, names, options) as Promise<readonly AttributeReading[]> as Promise<Readings<I, Names>>;
  }

  /** Sets an attribute. Resolves when the device has accepted the value, which may be before it has taken effect. */
  write<N extends WritableName<I>>(name: N, value: WritableValue<I, N>, options?: CallOptions): Promise<void> {
    return writeOne(this.#link, name, value, options);
  }

  /** Sets several attributes by one call. @throws MultiDevFailed naming those that were refused. */
  writeAttributes(
    values: { readonly [N in WritableName<I>]?: WritableValue<I, N> },
    options?: CallOptions,
  ): Promise<void> {
    return writeMany(this.#link, values, options);
  }

  /** Sets an attribute and reads it (or `read`) back, with nothing of another client in between. */
  writeRead<N extends WritableName<I>, R extends AttributeName<I> = N>(
    name: N,
    value: WritableValue<I, N>,
    read: R = name as unknown as R,
    options?: CallOptions,
  ): Promise<AttributeReading<ValueIn<I, R>>> {
    return writeThenRead(this.#link, name, value, read, options) as Promise<AttributeReading<ValueIn<I, R>>>;
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
    const readings = writeThenReadMany(this.#link, values, reads, options);
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
    return (await callCommand(this.#link, name, value, options)) as CommandResult<I, N>;
  }

  /**
   * Sends a command and waits for nothing: resolves when it is on its way. Whatever comes of it nobody is told.
   * @throws DevFailed when it cannot be sent.
   */
  send<N extends CommandName<I>>(name: N, ...rest: CommandArguments<I, N>): Promise<void> {
    const [value, options] = rest as [unknown?, CallOptions?];
    return sendCommand(this.#link, name, value, options);
  }

  // ---- the device as a whole

  /** Milliseconds until the device's answer. */
  async ping(options?: CallOptions): Promise<number> {
    await this.#route.connect(options);
    const start = performance.now();
    await this.#ask("ping", "ping", [], options);
    return performance.now() - start;
  }

  state = (options?: CallOptions): Promise<DevStateName> => this.#ask("state", "_get_state", [], options);
  status = (options?: CallOptions): Promise<string> => this.#ask("status", "_get_status", [], options);
  description = (options?: CallOptions): Promise<string> => this.#ask("description", "_get_description", [], options);
  /** Name of the device that administers this one's server. */
  adminName = (options?: CallOptions): Promise<string> => this.#ask("adm_name", "_get_adm_name", [], options);
  /** domain/family/member, also of a device that was connected by an alias. */
  deviceName = (options?: CallOptions): Promise<string> => this.#link.deviceName(options);
  /** The last `count` calls the device has had, newest first. */
  blackBox = (count: number, options?: CallOptions): Promise<readonly string[]> =>
    this.#ask("black_box", "black_box", [count], options);
  info = (options?: CallOptions): Promise<DeviceDescription> =>
    this.#link.run(deeds.plain("info"), options, (live, limits) =>
      dialects[live.version].describeDevice(invoking(live, limits)),
    );

  /** Whether this user may change anything: "READ" where the facility's access control says so. */
  access = (options?: CallOptions): Promise<AccessRight> => this.#link.access(options);

  /** The IDL version the device speaks. */
  async idlVersion(options?: CallOptions): Promise<number> {
    return (await this.#route.connect(options)).version;
  }

  /** Its properties in the database. @throws DevFailed API_NonDatabaseDevice when its server has no database. */
  async properties(options?: CallOptions): Promise<PropertyStore> {
    const { database, name } = await this.#link.registered(options);
    return database.deviceProperties(name);
  }

  /** Its attributes' properties in the database. @throws DevFailed API_NonDatabaseDevice */
  async attributeProperties(options?: CallOptions): Promise<MemberPropertyStore> {
    const { database, name } = await this.#link.registered(options);
    return database.deviceAttributeProperties(name);
  }

  // ---- what it has

  commands = (options?: CallOptions): Promise<readonly CommandInfo[]> =>
    this.#link.run(deeds.plain("command_list_query"), options, (live, limits) =>
      dialects[live.version].queryCommands(invoking(live, limits)),
    );

  command = (name: CommandName<I>, options?: CallOptions): Promise<CommandInfo> =>
    this.#link.run(deeds.plain("command_query"), options, (live, limits) =>
      dialects[live.version].queryCommand(invoking(live, limits), name),
    );

  /** Configuration of these attributes, of all when no names are given. */
  attributes = (names: readonly AttributeName<I>[] = [], options?: CallOptions): Promise<readonly AttributeConfig[]> =>
    readConfigs(this.#link, names, options);

  async attribute(name: AttributeName<I>, options?: CallOptions): Promise<AttributeConfig> {
    const [config] = await this.attributes([name], options);
    if (config) return config;
    throw devFailed("API_AttrNotFound", `${name} attribute not found`, "DeviceProxy::get_attribute_config()");
  }

  /** Changes some of an attribute's configuration; "" and "Not specified" bring defaults back. */
  async configure(name: AttributeName<I>, changes: Partial<AttributeSettings>, options?: CallOptions): Promise<void> {
    const config = await this.attribute(name, options);
    await writeConfig(this.#link, { ...config, ...changes }, options);
  }

  // ---- what the server keeps of it

  /** The newest `count` readings of a polled attribute, oldest first. @throws DevFailed API_AttrNotPolled... */
  attributeHistory<N extends AttributeName<I>>(
    name: N,
    count: number,
    options?: CallOptions,
  ): Promise<readonly AttributeReading<ValueIn<I, N>>[]> {
    const history = attributeHistory(this.#link, name, count, options);
    return history as Promise<readonly AttributeReading<ValueIn<I, N>>[]>;
  }

  /** The newest `count` results of a polled command, oldest first. @throws DevFailed API_CmdNotPolled... */
  commandHistory(name: CommandName<I>, count: number, options?: CallOptions): Promise<readonly CommandReading[]> {
    return commandHistory(this.#link, name, count, options);
  }

  /** Keeps others from writing and commanding: `await using lock = await device.lock()`. @throws DevFailed API_DeviceLocked */
  lock = (options?: LockOptions): Promise<DeviceLock> => lockDevice(this.#link, options);
  /** Releases a lock; `force` breaks that of another client. Gives how many of this process remain. */
  unlock = (force = false, options?: CallOptions): Promise<number> => unlockDevice(this.#link, force, options);
  lockStatus = (options?: CallOptions): Promise<LockStatus> => lockStatus(this.#link, options);

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#owned?.[Symbol.asyncDispose]();
  }

  #ask<N extends OperationName>(
    verb: string,
    operation: N,
    args: OperationArgs<N>,
    options: CallOptions | undefined,
  ): Promise<OperationResult<N>> {
    return this.#link.run(deeds.plain(verb), options, (live, limits) => invoke(live, limits, operation, args));
  }
}
