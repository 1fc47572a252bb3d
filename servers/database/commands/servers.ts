// SPDX-License-Identifier: MIT
// Servers: their devices, where and at which level a Starter runs them.
import { devFailed } from "../../../tango/errors.ts";
import type { Store } from "../store/store.ts";
import { column, type Runs } from "./command.ts";
import { like } from "./names.ts";
import { addDevice } from "./registration.ts";
import { atLeast, incorrect } from "./words.ts";

const wrongName = (desc: string) => devFailed("DB_IncorrectServerName", desc, "DataBase::db_delete_server()");
const notDefined = (server: string) => wrongName(`Server ${server} not defined in database !`);

/** The host of a server's admin device, or an error when there is no such device. */
function adminHost(store: Store, server: string): string | undefined {
  const host = store.sql.get`SELECT host FROM device WHERE name = ${`dserver/${server}`}`?.host;
  return host === undefined ? undefined : String(host);
}

const tell = (store: Store, host: string | undefined) => {
  if (host && host !== "nada") store.changedHosts.add(host);
};

export const servers = {
  DbAddServer: (store, argument) => {
    const origin = "DataBase::AddServer()";
    const complete = argument.length >= 3 && argument.length % 2 === 1;
    if (!complete) throw incorrect("incorrect no. of input arguments, needs at least 3 (server,device,class)", origin);
    for (let at = 1; at < argument.length; at += 2)
      addDevice(store, argument[0]!, argument[at]!, argument[at + 1]!, origin);
  },

  DbDeleteServer: (store, server) => {
    if (!server.includes("/") || server.includes("*"))
      throw wrongName("failed to delete server, server name incorrect");
    const host = adminHost(store, server);
    if (host === undefined) throw notDefined(server);
    for (const { name } of store.sql.all`SELECT name FROM device WHERE server = ${server}`) {
      for (const table of ["property_device", "property_attribute_device", "property_pipe_device"] as const)
        store.properties[table].drop([String(name)]);
      store.sql.run`DELETE FROM attribute_alias WHERE device = ${String(name)}`;
    }
    store.sql.run`DELETE FROM device WHERE server = ${server}`;
    store.sql.run`DELETE FROM server WHERE name = ${server}`;
    tell(store, host);
  },

  DbRenameServer: (store, argument) => {
    const origin = "DataBase::db_rename_server()";
    const wrong = (desc: string, reason = "Db_WrongArgument") => devFailed(reason, desc, origin);
    const [from, to] = argument;
    if (from === undefined || to === undefined)
      throw wrong("Wrong number of args (two required: old name and new name)", "DB_WrongArgNUmber");
    if (!/^[^/]+\/[^/]+$/.test(from) || !/^[^/]+\/[^/]+$/.test(to))
      throw wrong("Wrong syntax in command args (ds_exec_name/inst_name)");
    if (store.sql.get`SELECT 1 FROM device WHERE server = ${to}`)
      throw wrong(`Device server process name ${to} is already used`);
    const host = adminHost(store, from);
    if (host === undefined) throw notDefined(from);
    const [family, member] = to.split("/") as [string, string];
    store.sql.run`UPDATE device SET name = ${`dserver/${to}`}, family = ${family}, member = ${member}
      WHERE name = ${`dserver/${from}`}`;
    store.sql.run`UPDATE device SET server = ${to} WHERE server = ${from}`;
    store.database
      .prepare("UPDATE property_device SET device = ? WHERE device = ?")
      .run(`dserver/${to}`, `dserver/${from}`);
    tell(store, host);
  },

  DbUnExportServer: (store, server) =>
    void store.sql.run`UPDATE device SET exported = 0, stopped = ${store.now()} WHERE server = ${server}`,

  DbGetServerInfo: (store, server) => {
    const row = store.sql.get`SELECT host, mode, level FROM server WHERE name = ${server}`;
    return row ? [server, String(row.host), String(row.mode), String(row.level)] : [server, " ", " ", " "];
  },

  DbPutServerInfo: (store, argument) => {
    const origin = "DataBase::db_put_server_info()";
    atLeast(4, argument, "insufficient server info", origin);
    const [server, host, mode, level] = argument as [string, string, string, string];
    const toTell = host || adminHost(store, server);
    if (toTell === undefined) {
      const desc = `No host found for device 'dserver/${server.toLowerCase()}'`;
      throw devFailed("DB_DeviceNotDefined", desc, "DataBase::db_get_device_host()");
    }
    const number = (text: string) => Number.parseInt(text, 10) || 0;
    store.sql.run`INSERT OR REPLACE INTO server (name, host, mode, level)
      VALUES (${server.toLowerCase()}, ${host}, ${number(mode)}, ${number(level)})`;
    tell(store, toTell);
  },

  DbDeleteServerInfo: (store, server) => void store.sql.run`DELETE FROM server WHERE name = ${server}`,
} satisfies Partial<Runs>;

export const serverLists = {
  DbGetServerList: (store, filter) =>
    column(
      store.sql.all`SELECT DISTINCT server FROM device WHERE server LIKE ${like(filter)} ESCAPE '!'
        ORDER BY upper(server)`,
      "server",
    ),
  DbGetServerNameList: (store, filter) =>
    column(
      store.sql.all`SELECT DISTINCT substr(server, 1, instr(server, '/') - 1) AS executable FROM device
        WHERE server LIKE ${like(filter)} ESCAPE '!' AND instr(server, '/') > 0
        GROUP BY upper(substr(server, 1, instr(server, '/') - 1)) ORDER BY upper(executable)`,
      "executable",
    ),
  DbGetInstanceNameList: (store, executable) =>
    column(
      store.sql.all`SELECT DISTINCT substr(server, instr(server, '/') + 1) AS instance FROM device
        WHERE server LIKE ${`${like(executable)}/%`} ESCAPE '!' ORDER BY upper(instance)`,
      "instance",
    ),
  DbGetHostList: (store, filter) =>
    column(
      store.sql.all`SELECT DISTINCT host FROM device WHERE host LIKE ${like(filter)} ESCAPE '!' ORDER BY upper(host)`,
      "host",
    ),
  // A host is where a server's admin device says it is, with or without its domain.
  DbGetHostServerList: (store, filter) =>
    column(
      store.sql.all`SELECT DISTINCT server FROM device WHERE domain = 'dserver' AND
        (host LIKE ${like(filter)} ESCAPE '!' OR host LIKE ${`${like(filter)}.%`} ESCAPE '!') ORDER BY upper(server)`,
      "server",
    ),
  DbGetHostServersInfo: (store, filter) =>
    store.sql.all`SELECT DISTINCT device.server AS name, server.mode AS mode, server.level AS level
      FROM device LEFT JOIN server ON server.name = device.server WHERE device.domain = 'dserver' AND
        (device.host LIKE ${like(filter)} ESCAPE '!' OR device.host LIKE ${`${like(filter)}.%`} ESCAPE '!')
      ORDER BY upper(device.server)`.flatMap(({ name, mode, level }) => [
      String(name),
      String(mode ?? " "),
      String(level ?? " "),
    ]),
  DbGetDeviceClassList: (store, server) =>
    store.sql.all`SELECT name, class FROM device WHERE server = ${server} ORDER BY upper(name)`.flatMap((row) => [
      String(row.name),
      String(row.class),
    ]),
  DbGetDeviceServerClassList: (store, filter) =>
    column(
      store.sql.all`SELECT DISTINCT class FROM device WHERE server LIKE ${like(filter)} ESCAPE '!'
        ORDER BY upper(class)`,
      "class",
    ),
} satisfies Partial<Runs>;
