// SPDX-License-Identifier: MIT
// A Tango control system as one client sees it: which database, which connections, which event channels. There may be
// several in a process, and nothing is shared between them.
import { hostname } from "node:os";
import type { Database } from "../database/index.ts";
import { devFailed } from "../errors.ts";
import type { Transport } from "../transport/index.ts";
import { tcp, unix } from "../transport/index.ts";
import type { AccessRight } from "./access-control.ts";
import { Connections } from "./connections.ts";
import { DeviceRoute } from "./device-route.ts";
import type { TangoEnvironment } from "./environment.ts";
import { tangoEnvironment } from "./environment.ts";
import { EventHub } from "./events/hub.ts";
import type { WayOptions } from "./facility.ts";
import { Facility } from "./facility.ts";
import type { HostPort, TangoHost, Trl } from "./trl.ts";
import { corbalocOf, describeHost, describeTangoHost, parseTangoHost } from "./trl.ts";

export interface ControlSystemOptions {
  /** `host:port[,host:port...]` of the database; default TANGO_HOST. */
  readonly host?: string | undefined;
  /** Where TANGO_HOST and its kin are looked up; default the process's environment, then the tangorc files. */
  readonly env?: TangoEnvironment | Readonly<Record<string, string | undefined>> | undefined;
  /** What carries the connections; default TCP, and the unix sockets of servers on this host. */
  readonly transport?: Transport | undefined;
  /** Milliseconds for connecting to a server, default 3000. */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds after a failed connection before the next attempt, default 1000 as in C++ clients. */
  readonly retryDelay?: number | undefined;
}

export class ControlSystem implements AsyncDisposable {
  readonly environment: TangoEnvironment;
  readonly connections: Connections;
  /** Where the events of all its devices come in. */
  readonly events: EventHub;
  readonly #options: ControlSystemOptions;
  readonly #facilities = new Map<string, Facility>();
  readonly #admins = new Map<string, DeviceRoute>();
  readonly #resources = new AsyncDisposableStack();

  constructor(options: ControlSystemOptions = {}) {
    const { env, transport } = options;
    this.#options = options;
    this.environment = typeof env === "function" ? env : tangoEnvironment(env);
    this.connections = this.#resources.use(
      new Connections({ transport: transport ?? tcp(), local: transport ? undefined : unix(), hostname: hostname() }),
    );
    this.events = this.#resources.use(
      new EventHub({
        admin: (name, of) => this.admin(name, of),
        // Publishers are reached by TCP, whatever carries the calls.
        transport: tcp(),
        host: () => describeHost(this.host[0] as HostPort),
      }),
    );
  }

  /** The database servers of this control system. @throws DevFailed API_TangoHostNotSet */
  get host(): TangoHost {
    const text = this.#options.host ?? this.environment("TANGO_HOST");
    if (text) return parseTangoHost(text);
    throw devFailed(
      "API_TangoHostNotSet",
      "TANGO_HOST is not set: set it to host:port of the database (in the environment, ~/.tangorc or /etc/tangorc)",
      "ApiUtil::get_env_var",
    );
  }

  /** The database at `host` (`host:port[,...]`), or the default one. Connects at the first call. */
  database(host?: string | HostPort): Database {
    return this.#facility(host).database;
  }

  /** The way to a device, by its parsed name. */
  route(trl: Trl): DeviceRoute {
    return trl.database ? this.#facility(trl.host).route(trl.device, trl.alias) : this.#directRoute(trl);
  }

  /** What this user may do with a device; "WRITE" where the facility has no access control. @throws DevFailed */
  async access(device: string, { host, database }: Pick<Trl, "host" | "database">): Promise<AccessRight> {
    return database ? await this.#facility(host).access.right(device.toLowerCase()) : "WRITE";
  }

  /** The way to the admin device of that name, where the device `of` is found; shared by all who ask. */
  admin(name: string, { host, database }: Trl): DeviceRoute {
    const device = name.toLowerCase();
    const key = `${host ? describeHost(host) : ""} ${database} ${device}`;
    const known = this.#admins.get(key);
    if (known) return known;
    const route = this.route({ device, alias: false, database, ...(host ? { host } : {}) });
    this.#admins.set(key, route);
    return route;
  }

  /** Also released when the control system is. */
  adopt<T extends AsyncDisposable>(resource: T): T {
    return this.#resources.use(resource);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  #facility(host: string | HostPort | undefined): Facility {
    const hosts = host === undefined ? this.host : typeof host === "string" ? parseTangoHost(host) : [host];
    const name = describeTangoHost(hosts);
    let facility = this.#facilities.get(name);
    if (!facility) {
      facility = new Facility({ hosts, environment: this.environment, way: this.#way() });
      this.#facilities.set(name, facility);
    }
    return facility;
  }

  #way = (): WayOptions => ({
    connections: this.connections,
    connectTimeout: this.#options.connectTimeout ?? 3000,
    retryDelay: this.#options.retryDelay ?? 1000,
  });

  /** A device whose server has no database: its name is its key. */
  #directRoute({ device, host }: Trl): DeviceRoute {
    const name = device.toLowerCase();
    const reference = corbalocOf(host ? [host] : [], name);
    return new DeviceRoute({
      ...this.#way(),
      name,
      locate: async () => reference,
      unreachable: (error) => ({
        reason: directReasons[error.exception] ?? "API_CantConnectToDevice",
        desc: `Failed to connect to device ${name}`,
      }),
    });
  }
}

/** What C++ clients call a device that is reached by name only and does not answer. */
const directReasons: Readonly<Record<string, string>> = {
  TRANSIENT: "API_ServerNotRunning",
  OBJECT_NOT_EXIST: "API_DeviceNotDefined",
};

/** Everything a client knows of its surroundings; no I/O until something is called. */
export const controlSystem = (options: ControlSystemOptions = {}): ControlSystem => new ControlSystem(options);
