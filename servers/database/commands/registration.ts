// SPDX-License-Identifier: MIT
// Putting a device, and the admin device of its server, into the tables.

import type { Store } from "../store/store.ts";
import { type DeviceName, deviceName } from "./names.ts";

/**
 * Registers `device` for `server`, in place of a device of that name, and the server's admin device if it has none.
 * @throws DevFailed DB_IncorrectDeviceName
 */
export function addDevice(store: Store, server: string, device: string, deviceClass: string, origin: string): void {
  insert(store, server, deviceName(device, origin), deviceClass);
  const admin = `dserver/${server}`;
  if (store.sql.get`SELECT 1 FROM device WHERE name = ${admin}`) return;
  const [family = "", ...member] = server.split("/");
  insert(store, server, { name: admin, domain: "dserver", family, member: member.join("/") }, "DServer");
}

function insert(store: Store, server: string, { name, domain, family, member }: DeviceName, deviceClass: string) {
  store.sql.run`DELETE FROM device WHERE name = ${name}`;
  store.sql.run`INSERT INTO device (name, domain, family, member, server, class)
    VALUES (${name}, ${domain}, ${family}, ${member}, ${server}, ${deviceClass})`;
}
