// SPDX-License-Identifier: MIT
// One Tango database: the devices found through it, and what the access control registered in it lets this user change.
import type { DatabaseCaller } from "../database/index.ts";
import { Database, databaseCommands } from "../database/index.ts";
import { DevFailed, devFailed } from "../errors.ts";
import { ObjectReference } from "../giop/index.ts";
import { AccessControl } from "./access-control.ts";
import { callee } from "./callee.ts";
import type { RouteOptions } from "./device-route.ts";
import { DeviceRoute } from "./device-route.ts";
import { dialects } from "./dialect/index.ts";
import type { TangoEnvironment } from "./environment.ts";
import { deeds } from "./failures.ts";
import type { TangoHost } from "./trl.ts";
import { corbalocOf } from "./trl.ts";

/** Milliseconds a database call may take, as in C++ clients. */
const DATABASE_TIMEOUT = 13_000;
/** Milliseconds for a question to the access control. */
const ACCESS_TIMEOUT = 3000;
/** Where every database says it is. */
const DATABASE_DEVICE = "sys/database/2";
/** Commands that change nothing: nobody is refused them, as without them no device could even be found. */
const reading = /^Db(Get|Import|Info|MySqlSelect)/;

export type WayOptions = Pick<RouteOptions, "connections" | "connectTimeout" | "retryDelay">;
export interface FacilityParts {
  readonly hosts: TangoHost;
  readonly environment: TangoEnvironment;
  readonly way: WayOptions;
}
type Permit = RouteOptions["permit"];

export class Facility {
  readonly database: Database;
  readonly access: AccessControl;
  readonly #parts: FacilityParts;
  /** What this library itself asks: never refused. */
  readonly #own: Database;
  /** The way to the access control device, once it has been asked. */
  #controller: DeviceRoute | undefined;

  constructor(parts: FacilityParts) {
    this.#parts = parts;
    this.#own = new Database(this.#caller(undefined));
    this.access = new AccessControl({
      environment: parts.environment,
      database: this.#own,
      call: (device, command, type, argument) => {
        const limits = { timeout: ACCESS_TIMEOUT };
        this.#controller ??= this.#route(device, undefined);
        return this.#controller.run(deeds.command(command), limits, (live) =>
          dialects[live.version].commandInOut(callee(live, limits), command, { code: type.code, value: argument }),
        );
      },
    });
    this.database = new Database(
      this.#caller(async (permission, origin) => {
        if (permission !== "write" && reading.test(permission.command)) return;
        await this.access.permit(DATABASE_DEVICE, permission, origin);
      }),
    );
  }

  /** The way to a device, by its name or alias. */
  route(device: string, isAlias: boolean): DeviceRoute {
    let name: Promise<string> | undefined;
    const named = () => {
      name ??= isAlias ? this.#own.deviceOfAlias(device) : Promise.resolve(device);
      return name;
    };
    return this.#route(device, async (permission, origin) => {
      if ((await this.access.controller()) === undefined) return;
      await this.access.permit((await named()).toLowerCase(), permission, origin);
    });
  }

  #route(device: string, permit: Permit): DeviceRoute {
    const name = device.toLowerCase();
    return new DeviceRoute({
      ...this.#parts.way,
      name,
      permit,
      locate: () => this.#imported(device, permit !== undefined),
      unreachable: () => ({ reason: "API_CantConnectToDevice", desc: `Failed to connect to device ${name}` }),
    });
  }

  #caller(permit: Permit): DatabaseCaller {
    const { hosts, way } = this.#parts;
    const [first] = hosts;
    const desc = `Failed to connect to database on host ${first?.host} with port ${first?.port}`;
    const route = new DeviceRoute({
      ...way,
      retryDelay: 0,
      name: DATABASE_DEVICE,
      permit,
      locate: async () => corbalocOf(hosts, "database"),
      unreachable: () => ({ reason: "API_CantConnectToDatabase", desc }),
    });
    return async (command, argument, options = {}) => {
      const limited = { timeout: DATABASE_TIMEOUT, ...options };
      const code = databaseCommands[command].input.code;
      return (await route.run(deeds.command(command), limited, (live) => {
        const { commandInOut } = dialects[live.version];
        return commandInOut(callee(live, limited), command, { code, value: argument });
      })) as never;
    };
  }

  /** Learns too, once, whether there is an access control: a later write does not need the database then. */
  async #imported(device: string, isGuarded: boolean): Promise<ObjectReference> {
    const [found] = await Promise.all([
      this.#own.importDevice(device).catch((error: unknown) => {
        if (!(error instanceof DevFailed) || error.reason !== "DB_DeviceNotDefined") throw error;
        throw error.within(
          "API_DeviceNotDefined",
          `Can't connect to device ${device.toLowerCase()}`,
          "DeviceProxy::DeviceProxy",
        );
      }),
      isGuarded ? this.access.controller() : undefined,
    ]);
    if (!found.exported) {
      const text = `Device ${found.device.toLowerCase()} is not exported (hint: try starting the device server)`;
      throw devFailed("API_DeviceNotExported", text, "DeviceProxy::get_corba_name()");
    }
    return ObjectReference.parse(found.ior);
  }
}
