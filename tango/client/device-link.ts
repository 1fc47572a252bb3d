// SPDX-License-Identifier: MIT
// What the parts of a connected device (pipes, polling, logging, histories, locks) need of it.
import type { TangoType } from "../idl/tango-types.ts";
import { callee } from "./callee.ts";
import type { ControlSystem } from "./control-system.ts";
import type { CallOptions, DeviceRoute, Live } from "./device-route.ts";
import { invoke } from "./device-route.ts";
import { dialects } from "./dialect/index.ts";
import type { Deed } from "./failures.ts";
import { deeds } from "./failures.ts";
import type { Trl } from "./trl.ts";

export interface DeviceLinkParts {
  readonly system: ControlSystem;
  readonly route: DeviceRoute;
  readonly trl: Trl;
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

  run<T>(
    deed: Deed,
    options: CallOptions | undefined,
    job: (live: Live, limits: CallOptions) => Promise<T>,
  ): Promise<T> {
    const limits = { timeout: this.#parts.timeout(), ...options };
    return this.route.run(deed, limits, (live) => job(live, limits));
  }

  /** domain/family/member, also when it was connected by an alias. */
  async deviceName(options?: CallOptions): Promise<string> {
    const { trl } = this.#parts;
    if (!trl.alias) return trl.device;
    return this.run(deeds.plain("name"), options, (live, limits) => invoke(live, limits, "_get_name", []));
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
