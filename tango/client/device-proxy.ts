// SPDX-License-Identifier: MIT
// A device as its clients see it. Short verbs give values, full verbs records.
import { devFailed } from "../errors.ts";
import type { DevSource } from "../idl/index.ts";
import type { DevStateName } from "../idl/tango-types.ts";
import type { InterfaceDefinition } from "../interface.ts";
import type { AttributeReading } from "./attribute-reading.ts";
import { readingOf } from "./attribute-reading.ts";
import { refusedValue, writeValue } from "./attribute-writing.ts";
import { callee, invoking } from "./callee.ts";
import type { ControlSystem } from "./control-system.ts";
import { DeviceLink } from "./device-link.ts";
import type { CallOptions, DeviceRoute, Live } from "./device-route.ts";
import { invoke } from "./device-route.ts";
import type { CommandInfo } from "./dialect/command-info.ts";
import type { AttributeConfig, AttributeSettings } from "./dialect/config.ts";
import { dialects } from "./dialect/index.ts";
import type { DeviceDescription } from "./dialect/info.ts";
import type {
  AttributeEvent,
  ConfigEvent,
  DataReadyEvent,
  InterfaceEvent,
  PipeEvent,
  ValueEventName,
} from "./events/kinds-table.ts";
import type { EventStream } from "./events/stream.ts";
import type { EventOptions } from "./events/subscription.ts";
import { subscribe } from "./events/subscription.ts";
import type { Deed } from "./failures.ts";
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

/** What State, Status and the like are asked of: the device as a whole. */
const stateDeed = deeds.plain("state");
const statusDeed = deeds.plain("status");

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
  readonly #link: DeviceLink;
  readonly #parts: ProxyParts;
  readonly #route: DeviceRoute;
  readonly #members: Members;
  readonly #closing = new AbortController();

  constructor(parts: ProxyParts) {
    this.#parts = parts;
    this.#route = parts.route;
    this.#members = new Members(parts.definition);
    this.name = parts.route.name;
    this.system = parts.system;
    this.timeout = parts.options.timeout ?? 3000;
    this.source = parts.options.source ?? "CACHE_DEV";
    this.#link = new DeviceLink({ ...parts, timeout: () => this.timeout });
    this.pipes = new DevicePipes(this.#link);
    this.polling = new DevicePolling(this.#link);
    this.logging = new DeviceLogging(this.#link);
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
  async readAttribute<N extends AttributeName<I>>(
    name: N,
    options?: CallOptions,
  ): Promise<AttributeReading<ValueIn<I, N>>> {
    const deed = deeds.read(name);
    const reading = await this.#run(deed, options, async (live, limits) => {
      const [found] = await this.#readings(live, [name], limits);
      if (!found) throw devFailed("API_AttrNotFound", `${name} attribute not found`, deed.origin);
      if (found.error) throw found.error;
      return found;
    });
    return reading as AttributeReading<ValueIn<I, N>>;
  }

  /**
   * The records of several attributes, read by one call. One that fails has `error` and no value.
   * @throws DevFailed when the call as a whole fails.
   */
  async readAttributes<const Names extends readonly AttributeName<I>[]>(
    names: Names,
    options?: CallOptions,
  ): Promise<Readings<I, Names>> {
    const deed = deeds.reads(names);
    const readings = await this.#run(deed, options, (live, limits) => this.#readings(live, names, limits));
    return readings.map((each) => explained(each, this.name, deed)) as Readings<I, Names>;
  }

  /** Sets an attribute. Resolves when the device has accepted the value, which may be before it has taken effect. */
  async write<N extends WritableName<I>>(name: N, value: WritableValue<I, N>, options?: CallOptions): Promise<void> {
    await this.#run(deeds.write(name), options, async (live, limits) => {
      const wire = await this.#writeValue(live, name, value, limits);
      await refusing(name, this.name, () => dialects[live.version].writeAttributes(callee(live, limits), [wire]));
    });
  }

  /** Sets several attributes by one call. @throws MultiDevFailed naming those that were refused. */
  async writeAttributes(
    values: { readonly [N in WritableName<I>]?: WritableValue<I, N> },
    options?: CallOptions,
  ): Promise<void> {
    const names = Object.keys(values);
    await this.#run(deeds.writes(names), options, async (live, limits) => {
      const entries = Object.entries(values);
      const wire = await Promise.all(entries.map(([name, value]) => this.#writeValue(live, name, value, limits)));
      const all = names.join(", ");
      await refusing(all, this.name, () => dialects[live.version].writeAttributes(callee(live, limits), wire));
    });
  }

  /** Sets an attribute and reads it (or `read`) back, with nothing of another client in between. */
  async writeRead<N extends WritableName<I>, R extends AttributeName<I> = N>(
    name: N,
    value: WritableValue<I, N>,
    read: R = name as unknown as R,
    options?: CallOptions,
  ): Promise<AttributeReading<ValueIn<I, R>>> {
    const reading = await this.#run(deeds.writeRead(name), options, async (live, limits) => {
      const wire = await this.#writeValue(live, name, value, limits);
      const { writeReadAttributes } = dialects[live.version];
      const [found] = await refusing(name, this.name, () => writeReadAttributes(callee(live, limits), [wire], [read]));
      if (!found)
        throw devFailed("API_AttrNotFound", `${read} attribute not found`, "DeviceProxy::write_read_attribute()");
      const known = readingOf(found);
      if (known.error) throw known.error;
      return known;
    });
    return reading as AttributeReading<ValueIn<I, R>>;
  }

  // ---- commands

  /**
   * Executes a command and gives its result.
   * @throws DevFailed. An abort stops the waiting, not the device.
   */
  async call<N extends CommandName<I>>(name: N, ...rest: CommandArguments<I, N>): Promise<CommandResult<I, N>> {
    const [value, options] = rest as [unknown?, CallOptions?];
    const result = await this.#run(deeds.command(name), options, async (live, limits) => {
      const code = await this.#members.commandInput(live, name, limits);
      const { commandInOut } = dialects[live.version];
      try {
        return await commandInOut(callee(live, limits, this.source), name, { code, value });
      } catch (error) {
        const where = `command ${name} of device ${this.name}`;
        throw refusedValue(error, where, "API_IncompatibleCmdArgumentType", "Connection::command_inout()");
      }
    });
    return result as CommandResult<I, N>;
  }

  // ---- the device as a whole

  /** Milliseconds until the device's answer. */
  async ping(options?: CallOptions): Promise<number> {
    await this.#connected(options);
    const start = performance.now();
    await this.#run(deeds.plain("ping"), options, (live, limits) => invoke(live, limits, "ping", []));
    return performance.now() - start;
  }

  state(options?: CallOptions): Promise<DevStateName> {
    return this.#run(stateDeed, options, (live, limits) => invoke(live, limits, "_get_state", []));
  }

  status(options?: CallOptions): Promise<string> {
    return this.#run(statusDeed, options, (live, limits) => invoke(live, limits, "_get_status", []));
  }

  info(options?: CallOptions): Promise<DeviceDescription> {
    return this.#run(deeds.plain("info"), options, (live, limits) =>
      dialects[live.version].describeDevice(invoking(live, limits)),
    );
  }

  description(options?: CallOptions): Promise<string> {
    return this.#run(deeds.plain("description"), options, (live, limits) =>
      invoke(live, limits, "_get_description", []),
    );
  }

  /** Name of the device that administers this one's server. */
  adminName(options?: CallOptions): Promise<string> {
    return this.#run(deeds.plain("adm_name"), options, (live, limits) => invoke(live, limits, "_get_adm_name", []));
  }

  /** The last `count` calls the device has had, newest first. */
  blackBox(count: number, options?: CallOptions): Promise<readonly string[]> {
    return this.#run(deeds.plain("black_box"), options, (live, limits) => invoke(live, limits, "black_box", [count]));
  }

  /** The IDL version the device speaks. */
  async idlVersion(options?: CallOptions): Promise<number> {
    return (await this.#connected(options)).version;
  }

  // ---- what it has

  commands(options?: CallOptions): Promise<readonly CommandInfo[]> {
    return this.#run(deeds.plain("command_list_query"), options, (live, limits) =>
      dialects[live.version].queryCommands(invoking(live, limits)),
    );
  }

  command(name: CommandName<I>, options?: CallOptions): Promise<CommandInfo> {
    return this.#run(deeds.plain("command_query"), options, (live, limits) =>
      dialects[live.version].queryCommand(invoking(live, limits), name),
    );
  }

  /** Configuration of these attributes, of all when no names are given. */
  attributes(names: readonly AttributeName<I>[] = [], options?: CallOptions): Promise<readonly AttributeConfig[]> {
    return this.#run(deeds.plain("get_attribute_config"), options, (live, limits) => {
      const wanted = names.length > 0 ? names : [live.version >= 3 ? "All attributes_3" : "All attributes"];
      return dialects[live.version].readConfigs(invoking(live, limits), wanted);
    });
  }

  async attribute(name: AttributeName<I>, options?: CallOptions): Promise<AttributeConfig> {
    const [config] = await this.attributes([name], options);
    if (config) return config;
    throw devFailed("API_AttrNotFound", `${name} attribute not found`, "DeviceProxy::get_attribute_config()");
  }

  /** Changes some of an attribute's configuration; "" and "Not specified" bring defaults back. */
  async configure(name: AttributeName<I>, changes: Partial<AttributeSettings>, options?: CallOptions): Promise<void> {
    const config = await this.attribute(name, options);
    await this.#run(deeds.plain("set_attribute_config", { repeatable: false }), options, (live, limits) =>
      dialects[live.version].writeConfigs(invoking(live, limits), live.ident, [{ ...config, ...changes }]),
    );
    this.#members.forget();
  }

  // ---- what the server keeps of it

  /** The newest `count` readings of a polled attribute, oldest first. @throws DevFailed API_AttrNotPolled... */
  attributeHistory<N extends AttributeName<I>>(
    name: N,
    count: number,
    options?: CallOptions,
  ): Promise<readonly AttributeReading<ValueIn<I, N>>[]> {
    const history = attributeHistory(this.#link, this.#members, name, count, options);
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

  // ---- events

  /**
   * Events as they come: `for await (const event of device.events("Position", "change"))`. The first says how things are
   * now. A server that goes away is an event with `error`, and is subscribed to again when it is back, wherever that is.
   * Leaving the loop ends the subscription. @throws DevFailed (from the loop) when the server refuses it.
   */
  events<N extends AttributeName<I>>(
    name: N,
    event: ValueEventName,
    options?: EventOptions,
  ): EventStream<AttributeEvent<ValueIn<I, N>>>;
  events(name: AttributeName<I>, event: "attr_conf", options?: EventOptions): EventStream<ConfigEvent>;
  events(name: AttributeName<I>, event: "data_ready", options?: EventOptions): EventStream<DataReadyEvent>;
  events(name: string, event: "pipe", options?: EventOptions): EventStream<PipeEvent>;
  events(name: "", event: "intr_change", options?: EventOptions): EventStream<InterfaceEvent>;
  events(
    member: string,
    event: ValueEventName | "attr_conf" | "data_ready" | "pipe" | "intr_change",
    options: EventOptions = {},
  ): EventStream<never> {
    const { trl } = this.#parts;
    const target = { trl, route: this.#route, member, event, timeout: options.timeout ?? this.timeout };
    const signals = [this.#closing.signal, ...(options.signal ? [options.signal] : [])];
    return subscribe(this.system.events, target, {
      ...options,
      signal: AbortSignal.any(signals),
    }) as EventStream<never>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#parts.owned?.[Symbol.asyncDispose]();
  }

  // ---- below

  #run<T>(
    deed: Deed,
    options: CallOptions | undefined,
    job: (live: Live, limits: CallOptions) => Promise<T>,
  ): Promise<T> {
    const limits = options ? { timeout: this.timeout, ...options } : { timeout: this.timeout };
    return this.#route.run(deed, limits, (live) => job(live, limits));
  }

  #connected(options: CallOptions | undefined): Promise<Live> {
    return this.#route.connect(options);
  }

  async #readings(live: Live, names: readonly string[], limits: CallOptions): Promise<AttributeReading[]> {
    const { version } = live;
    const values = await dialects[version].readAttributes(callee(live, limits, this.source), names);
    if (version >= 4) return values.map((value) => readingOf(value));
    // Before IDL 4 a value does not say whether it is a scalar, a spectrum or an image.
    return Promise.all(
      values.map(async (value) =>
        readingOf(value, value.errors.length > 0 ? undefined : await this.#members.attribute(live, value.name, limits)),
      ),
    );
  }

  async #writeValue(live: Live, name: string, value: unknown, limits: CallOptions) {
    return writeValue(this.name, name, await this.#members.attribute(live, name, limits), value);
  }
}

/** A failed reading with the level that says which device and call it was of. */
function explained(reading: AttributeReading, device: string, { reason, verb, origin }: Deed): AttributeReading {
  if (!reading.error || !reason) return reading;
  const text = `Failed to ${verb} on device ${device}, attribute ${reading.name}`;
  return { ...reading, error: reading.error.within(reason, text, origin) };
}

async function refusing<T>(names: string, device: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const where = `attribute ${names} of device ${device}`;
    throw refusedValue(error, where, "API_IncompatibleAttrArgumentType", "DeviceProxy::write_attribute()");
  }
}
