// SPDX-License-Identifier: MIT
// The Tango database as a server uses it.
import type { ControlSystem } from "../../client/index.ts";
import type { Database } from "../../database/index.ts";
import { DevFailed } from "../../errors.ts";
import { readServerCache } from "./cache.ts";
import type { DeviceExport, PropertyRows, ServerDatabase, ServerRecord } from "./port.ts";

/** What tells the database which parts of its data this server understands. */
const TANGO_MAJOR = 10;

/** Exports under way at a time: a database that writes what comes together in one go is the faster, the more come. */
const IN_FLIGHT = 256;

export class TangoDatabase implements ServerDatabase {
  readonly kind = "tango";
  readonly host: string;
  readonly #database: Database;

  constructor(system: ControlSystem) {
    const [first] = system.host;
    this.host = `${first?.host}:${first?.port}`;
    this.#database = system.database();
  }

  async load(server: string, host: string): Promise<ServerRecord> {
    return readServerCache(await this.#database.serverCache(server, `${host}%%${TANGO_MAJOR}`), server);
  }

  async exportDevices(devices: readonly DeviceExport[]): Promise<void> {
    const last = devices.at(-1);
    // A relic of the days before ZeroMQ, which every server still does; whatever comes of it does not matter.
    if (last) await this.#database.unexportEvent(last.name.replace(/^dserver/i, "DServer")).catch(() => {});
    const exported = ({ name, ...rest }: DeviceExport) => this.#database.exportDevice({ device: name, ...rest });
    // Many at a time: the database takes them in its own order, which is nobody's concern but for the admin device.
    const rest = devices.slice(0, -1);
    for (let at = 0; at < rest.length; at += IN_FLIGHT) await Promise.all(rest.slice(at, at + IN_FLIGHT).map(exported));
    if (last) await exported(last);
  }

  async unexportServer(server: string): Promise<void> {
    await this.#database.unexportServer(server);
  }

  async instances(executable: string): Promise<readonly string[]> {
    return this.#database.instances(executable);
  }

  async deviceProperties(device: string, names: readonly string[]): Promise<PropertyRows> {
    return Object.fromEntries(await this.#database.deviceProperties(device).read(names));
  }
  async putDeviceProperties(device: string, rows: PropertyRows): Promise<void> {
    await this.#database.deviceProperties(device).write(rows);
  }
  async deleteDeviceProperties(device: string, names: readonly string[]): Promise<void> {
    await this.#database.deviceProperties(device).delete(names);
  }
  async putAttributeProperties(device: string, attribute: string, rows: PropertyRows): Promise<void> {
    await this.#database.deviceAttributeProperties(device).write({ [attribute]: rows });
  }
  async deleteAttributeProperties(device: string, attribute: string, names: readonly string[]): Promise<void> {
    await this.#database.deviceAttributeProperties(device).delete(attribute, names);
  }
  async putPipeProperties(device: string, pipe: string, rows: PropertyRows): Promise<void> {
    await this.#database.devicePipeProperties(device).write({ [pipe]: rows });
  }
  async deletePipeProperties(device: string, pipe: string, names: readonly string[]): Promise<void> {
    await this.#database.devicePipeProperties(device).delete(pipe, names);
  }

  async importDevice(name: string): Promise<{ readonly name: string; readonly ior: string } | undefined> {
    try {
      const found = await this.#database.importDevice(name);
      return found.exported ? { name: found.device, ior: found.ior } : undefined;
    } catch (error) {
      if (error instanceof DevFailed && error.is("DB_DeviceNotDefined")) return undefined;
      throw error;
    }
  }

  /** The control system is its maker's. */
  async [Symbol.asyncDispose](): Promise<void> {}
}
