// SPDX-License-Identifier: MIT
// A device as a whole, whatever attributes and commands it has: how it is, what it says of itself, who may use it.
import type { MemberPropertyStore, PropertyStore } from "../database/index.ts";
import type { DevSource, OperationArgs, OperationName, OperationResult } from "../idl/index.ts";
import type { DevStateName } from "../idl/tango-types.ts";
import type { InterfaceDefinition } from "../interface.ts";
import type { AccessRight } from "./access-control.ts";
import { invoking } from "./callee.ts";
import type { ControlSystem } from "./control-system.ts";
import { DeviceLink } from "./device-link.ts";
import type { CallOptions, DeviceRoute } from "./device-route.ts";
import { invoke } from "./device-route.ts";
import { dialects } from "./dialect/index.ts";
import type { DeviceDescription } from "./dialect/info.ts";
import { deeds } from "./failures.ts";
import type { DeviceLock, LockOptions, LockStatus } from "./locking.ts";
import { lockDevice, lockStatus, unlockDevice } from "./locking.ts";
import { DeviceLogging } from "./logging.ts";
import { Members } from "./members.ts";
import { DevicePipes } from "./pipes.ts";
import { DevicePolling } from "./polling.ts";
import type { Trl } from "./trl.ts";

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

export class RemoteDevice implements AsyncDisposable {
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
  /** The way to it, for what it is asked. */
  protected readonly link: DeviceLink;
  readonly #owned: AsyncDisposable | undefined;
  readonly #closing = new AbortController();

  constructor(parts: ProxyParts) {
    this.#owned = parts.owned;
    this.name = parts.route.name;
    this.system = parts.system;
    this.timeout = parts.options.timeout ?? 3000;
    this.source = parts.options.source ?? "CACHE_DEV";
    this.link = new DeviceLink({
      ...parts,
      members: new Members(parts.definition),
      timeout: () => this.timeout,
      source: () => this.source,
    });
    this.pipes = new DevicePipes(this.link);
    this.polling = new DevicePolling(this.link);
    this.logging = new DeviceLogging(this.link);
  }

  /** Aborted when it is disposed of. */
  protected get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Milliseconds until the device's answer. */
  async ping(options?: CallOptions): Promise<number> {
    await this.link.route.connect(options);
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
  deviceName = (options?: CallOptions): Promise<string> => this.link.deviceName(options);
  /** The last `count` calls the device has had, newest first. */
  blackBox = (count: number, options?: CallOptions): Promise<readonly string[]> =>
    this.#ask("black_box", "black_box", [count], options);
  info = (options?: CallOptions): Promise<DeviceDescription> =>
    this.link.run(deeds.plain("info"), options, (live, limits) =>
      dialects[live.version].describeDevice(invoking(live, limits)),
    );

  /** Whether this user may change anything: "READ" where the facility's access control says so. */
  access = (options?: CallOptions): Promise<AccessRight> => this.link.access(options);

  /** The IDL version the device speaks. */
  async idlVersion(options?: CallOptions): Promise<number> {
    return (await this.link.route.connect(options)).version;
  }

  /** Its properties in the database. @throws DevFailed API_NonDatabaseDevice when its server has no database. */
  async properties(options?: CallOptions): Promise<PropertyStore> {
    const { database, name } = await this.link.registered(options);
    return database.deviceProperties(name);
  }

  /** Its attributes' properties in the database. @throws DevFailed API_NonDatabaseDevice */
  async attributeProperties(options?: CallOptions): Promise<MemberPropertyStore> {
    const { database, name } = await this.link.registered(options);
    return database.deviceAttributeProperties(name);
  }

  /** Keeps others from writing and commanding: `await using lock = await device.lock()`. @throws DevFailed API_DeviceLocked */
  lock = (options?: LockOptions): Promise<DeviceLock> => lockDevice(this.link, options);
  /** Releases a lock; `force` breaks that of another client. Gives how many of this process remain. */
  unlock = (force = false, options?: CallOptions): Promise<number> => unlockDevice(this.link, force, options);
  lockStatus = (options?: CallOptions): Promise<LockStatus> => lockStatus(this.link, options);

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
    return this.link.run(deeds.plain(verb), options, (live, limits) => invoke(live, limits, operation, args));
  }
}
