// SPDX-License-Identifier: MIT
// The database server's own configuration: it cannot ask itself before it runs, so it looks into its store.
import { type DeviceExport, MemoryDatabase, storeOf } from "../../tango/index.ts";
import { commands } from "./commands/index.ts";
import type { Durable } from "./store/durable.ts";
import type { Store } from "./store/store.ts";

export class OwnDatabase extends MemoryDatabase {
  readonly #store: Store;
  readonly #durable: Durable;

  constructor(store: Store, durable: Durable, device: string) {
    const historyDepth = store.properties.property_device.values([device], "historyDepth");
    super(storeOf({ DataBase: { [device]: historyDepth.length > 0 ? { historyDepth } : {} } }));
    this.#store = store;
    this.#durable = durable;
  }

  override async exportDevices(devices: readonly DeviceExport[]): Promise<void> {
    for (const { name, ior, host, pid, version } of devices)
      await this.#durable.change(() => commands.DbExportDevice(this.#store, [name, ior, host, String(pid), version]));
  }

  override async unexportServer(server: string): Promise<void> {
    await this.#durable.change(() => commands.DbUnExportServer(this.#store, server));
  }
}
