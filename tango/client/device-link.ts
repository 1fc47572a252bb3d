// SPDX-License-Identifier: MIT
// What the parts of a connected device (attributes, pipes, polling, logging, histories, locks) need of it.
import type { Database } from "../database/index.ts";
import { devFailed } from "../errors.ts";
import type { DevSource } from "../idl/index.ts";
import type { TangoType } from "../idl/tango-types.ts";
import type { AccessRight } from "./access-control.ts";
import { callee } from "./callee.ts";
import type { ControlSystem } from "./control-system.ts";
import type { CallOptions, DeviceRoute, Live } from "./device-route.ts";
import { invoke } from "./device-route.ts";
import { dialects } from "./dialect/index.ts";
import type { Deed } from "./failures.ts";
import { deeds } from "./failures.ts";
import type { Members } from "./members.ts";
import type { Trl } from "./trl.ts";

export interface DeviceLinkParts {
  readonly system: ControlSystem;
  readonly route: DeviceRoute;
  readonly trl: Trl;
  readonly members: Members;
  /** Where values come from, when a call says nothing else. */
  readonly source: () => DevSource;
  /** Milliseconds for a call that says nothing else. */
  readonly timeout: () => number;
}

export class DeviceLink {
  readonly #parts: DeviceLinkParts;

  constructor(parts: DeviceLinkParts) {
    this.#parts = parts;
  }

  get route(): DeviceRoute {
    return this.#parts.route;
  }
  /** As errors show it. */
  get name(): string {
    return this.route.name;
  }
  get members(): Members {
    return this.#parts.members;
  }
  get source(): DevSource {
    return this.#parts.source();
  }

  run<T>(
    deed: Deed,
    options: CallOptions | undefined,
    job: (live: Live, limits: CallOptions) => Promise<T>,
  ): Promise<T> {
    const limits = options ? { timeout: this.#parts.timeout(), ...options } : { timeout: this.#parts.timeout() };
    return this.route.run(deed, limits, (live) => job(live, limits));
  }

  /** domain/family/member, also when it was connected by an alias. */
  async deviceName(options?: CallOptions): Promise<string> {
    const { trl } = this.#parts;
    if (!trl.alias) return trl.device;
    return this.run(deeds.plain("name"), options, (live, limits) => invoke(live, limits, "_get_name", []));
  }

  /** Where it is registered, and as what. @throws DevFailed API_NonDatabaseDevice when its server has no database. */
  async registered(options?: CallOptions): Promise<{ readonly database: Database; readonly name: string }> {
    const { system, trl } = this.#parts;
    if (trl.database) return { database: system.database(trl.host), name: await this.deviceName(options) };
    throw devFailed("API_NonDatabaseDevice", `Device ${this.name} is in no database`, "DeviceProxy::get_property");
  }

  /** What the user may do with it. */
  async access(options?: CallOptions): Promise<AccessRight> {
    const { system, trl } = this.#parts;
    return await system.access(await this.deviceName(options), trl);
  }

  /** Executes a command of the device that administers this one's server. */
  async admin<In>(name: string, type: TangoType<In>, value: unknown, options?: CallOptions): Promise<unknown> {
    const { system, trl } = this.#parts;
    const admin = await this.run(deeds.plain("adm_name"), options, (live, limits) =>
      invoke(live, limits, "_get_adm_name", []),
    );
    const limits = { timeout: this.#parts.timeout(), ...options };
    return system
      .admin(admin, trl)
      .run(deeds.command(name), limits, (live) =>
        dialects[live.version].commandInOut(callee(live, limits), name, { code: type.code, value }),
      );
  }
}
