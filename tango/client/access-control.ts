// SPDX-License-Identifier: MIT
// What this process's user may change, as the facility's TangoAccessControl says. It is asked once for each device, when
// something is first to be changed there: who only reads pays nothing for it.
import { networkInterfaces, userInfo } from "node:os";
import type { Database } from "../database/index.ts";
import { DevFailed, devFailed } from "../errors.ts";
import type { TangoType } from "../idl/tango-types.ts";
import { DevString, DevVarStringArray } from "../idl/tango-types.ts";
import type { TangoEnvironment } from "./environment.ts";

export type AccessRight = "READ" | "WRITE";

/** What a call is, as far as rights go: a write, or a command that a read-only user may be allowed. */
export type Permission = "write" | { readonly command: string };

export interface AccessControlParts {
  readonly environment: TangoEnvironment;
  /** The database the access control is registered in; not guarded itself. */
  readonly database: Database;
  /** Executes a command of the access control device of that name. */
  readonly call: <In>(device: string, command: string, type: TangoType<In>, argument: In) => Promise<unknown>;
}

/** Every client may ask these of everything. */
const always: ReadonlySet<string> = new Set(["state", "status"]);

export class AccessControl {
  readonly #parts: AccessControlParts;
  readonly #rights = new Map<string, Promise<AccessRight>>();
  readonly #allowed = new Map<string, Promise<ReadonlySet<string>>>();
  #controller: Promise<string | undefined> | undefined;

  constructor(parts: AccessControlParts) {
    this.#parts = parts;
  }

  /** The right on a device; READ too when the access control does not answer. @throws DevFailed when the database does not. */
  async right(device: string): Promise<AccessRight> {
    const controller = await this.controller();
    if (controller === undefined) return "WRITE";
    return remembered(this.#rights, device, () => this.#ask(controller, device)).catch(() => "READ");
  }

  /** @throws DevFailed API_ReadOnlyMode when the user may not do that with the device. */
  async permit(device: string, permission: Permission, origin: string): Promise<void> {
    if (permission !== "write" && always.has(permission.command.toLowerCase())) return;
    if ((await this.right(device)) === "WRITE") return;
    if (permission === "write") throw refusal(`Writing attribute(s) on device ${device} is not authorized`, origin);
    const { command } = permission;
    let trouble = "";
    try {
      if ((await this.#allowedCommands(device)).has(command.toLowerCase())) return;
    } catch {
      trouble = " because an error occurs while talking to the Controlled Access Service";
    }
    throw refusal(`Command ${command} on device ${device} is not authorized${trouble}`, origin);
  }

  /** The access control device; undefined when the facility has none, or for who says SUPER_TANGO=true. */
  controller(): Promise<string | undefined> {
    this.#controller ??= this.#find().catch((error: unknown) => {
      this.#controller = undefined;
      throw error;
    });
    return this.#controller;
  }

  async #find(): Promise<string | undefined> {
    const { environment, database } = this.#parts;
    if (environment("SUPER_TANGO")?.toLowerCase() === "true") return undefined;
    const named = environment("ACCESS_DEVNAME");
    if (named) return named;
    const services = await database.services();
    return services.find(({ name }) => name.toLowerCase() === "accesscontrol")?.device;
  }

  async #ask(controller: string, device: string): Promise<AccessRight> {
    const user = userName();
    if (user === undefined) return "READ";
    const addresses = localAddresses();
    const answer = await this.#parts
      .call(controller, "GetAccessForMultiIP", DevVarStringArray, [user, device, ...addresses])
      .catch((error: unknown) => {
        if (!(error instanceof DevFailed) || !error.is("API_CommandNotFound")) throw error;
        return this.#parts.call(controller, "GetAccess", DevVarStringArray, [user, addresses[0] ?? "", device]);
      });
    return answer === "write" ? "WRITE" : "READ";
  }

  /** Names, in lower case, of what a read-only user may call on devices of its class. @throws DevFailed */
  async #allowedCommands(device: string): Promise<ReadonlySet<string>> {
    const controller = await this.controller();
    const name = device.startsWith("dserver/") ? "DServer" : await this.#parts.database.classOf(device);
    return remembered(this.#allowed, name, async () => {
      const commands = await this.#parts.call(controller ?? "", "GetAllowedCommands", DevString, name);
      return new Set((commands as readonly string[]).map((command) => command.toLowerCase()));
    });
  }
}

/** What was asked before is not asked again, unless it failed. */
function remembered<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const found = known.get(key);
  if (found) return found;
  const asked = ask();
  known.set(key, asked);
  asked.catch(() => known.delete(key));
  return asked;
}

const refusal = (desc: string, origin: string): DevFailed => devFailed("API_ReadOnlyMode", desc, origin);

/** Undefined for a user id that has no name: it has no rights either. */
function userName(): string | undefined {
  try {
    return userInfo().username.toLowerCase();
  } catch {
    return undefined;
  }
}

/** As other clients name their host: every IPv4 address that others can reach, else the loopback's. */
function localAddresses(): readonly string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ family }) => family === "IPv4");
  const reachable = addresses.filter(({ internal }) => !internal);
  return (reachable.length > 0 ? reachable : addresses.slice(0, 1)).map(({ address }) => address);
}
