// SPDX-License-Identifier: MIT
// The event channels of the old notification service. Servers still unexport theirs at start, and the start-up data
// still tells of them.
import { devFailed } from "../../../tango/errors.ts";
import type { Runs } from "./command.ts";
import { atLeast, incorrect } from "./words.ts";

export const events = {
  DbExportEvent: (store, argument) => {
    const origin = "DataBase::db_export_event()";
    atLeast(5, argument, "insufficient export info for event", origin);
    const [name, ior, host, pidText, version] = argument as [string, string, string, string, string];
    const pid = Number.parseInt(pidText, 10);
    if (Number.isNaN(pid)) throw incorrect(`the process id of ${name} should be a number, not "${pidText}"`, origin);
    store.sql.run`INSERT OR REPLACE INTO event (name, exported, ior, host, pid, version, started)
      VALUES (${name.toLowerCase()}, 1, ${ior}, ${host}, ${pid}, ${version}, ${store.now()})`;
  },
  DbUnExportEvent: (store, name) =>
    void store.sql.run`UPDATE event SET exported = 0, stopped = ${store.now()} WHERE name = ${name}`,
  DbImportEvent: (store, name) => {
    const row = store.sql.get`SELECT exported, ior, version, pid, host FROM event WHERE name = ${name}`;
    if (!row) {
      const desc = `event ${name.toLowerCase()} not defined in the database !`;
      throw devFailed("DB_DeviceNotDefined", desc, "DataBase::db_import_event()");
    }
    return {
      lvalue: Int32Array.of(Number(row.exported), Number(row.pid)),
      svalue: [name.toLowerCase(), String(row.ior), String(row.version), String(row.host)],
    };
  },
} satisfies Partial<Runs>;
