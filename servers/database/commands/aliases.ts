// SPDX-License-Identifier: MIT
// Short names of devices and attributes.
import { devFailed } from "../../../tango/errors.ts";
import { column, type Runs } from "./command.ts";
import { like, parseDeviceName, same } from "./names.ts";
import { atLeast } from "./words.ts";

const sqlError = (desc: string, origin: string) => devFailed("DB_SQLError", desc, origin);

export const deviceAliases = {
  DbPutDeviceAlias: (store, argument) => {
    const origin = "DataBase::db_put_device_alias()";
    atLeast(2, argument, "insufficient alias info for device", origin);
    const [device, alias] = argument as [string, string];
    const name = parseDeviceName(device)?.name ?? device;
    const taken = store.sql.get`SELECT name FROM device WHERE alias = ${alias}`;
    if (taken && !same(String(taken.name), name)) throw sqlError(`alias ${alias} already exists !`, origin);
    store.sql.run`UPDATE device SET alias = ${alias} WHERE name = ${name}`;
  },
  DbGetDeviceAlias: (store, device) => {
    const origin = "DataBase::db_get_device_alias()";
    const name = parseDeviceName(device)?.name;
    if (!name) throw devFailed("DB_IncorrectDeviceName", "failed to find alias, device name incorrect", origin);
    const alias = store.sql.get`SELECT alias FROM device WHERE name = ${name}`?.alias;
    if (alias == null) throw devFailed("DB_AliasNotDefined", `No alias found for device '${device}'`, origin);
    return String(alias);
  },
  DbGetAliasDevice: (store, alias) => {
    const name = store.sql.get`SELECT name FROM device WHERE alias = ${alias}`?.name;
    if (name !== undefined) return String(name);
    const desc = `No device found for alias '${alias}'`;
    throw devFailed("DB_DeviceNotDefined", desc, "DataBase::db_get_alias_device()");
  },
  DbGetDeviceAliasList: (store, filter) =>
    column(
      store.sql.all`SELECT alias FROM device WHERE alias LIKE ${like(filter)} ESCAPE '!' ORDER BY upper(alias)`,
      "alias",
    ),
  DbDeleteDeviceAlias: (store, alias) => void store.sql.run`UPDATE device SET alias = NULL WHERE alias = ${alias}`,
} satisfies Partial<Runs>;

const missing = (alias: string, origin: string) => sqlError(`No attribute found for alias  '${alias}'`, origin);

export const attributeAliases = {
  DbPutAttributeAlias: (store, argument) => {
    const origin = "DataBase::db_put_attribute_alias()";
    atLeast(2, argument, "insufficient alias info for attribute", origin);
    const [text, alias] = argument as [string, string];
    const name = text.replace(/^tango:(?=[^/])/i, "");
    const parts = /^([^/]+\/[^/]+\/[^/]+)\/([^/]+)$/.exec(name);
    if (!parts) throw sqlError(`attribute name ${text} has bad syntax, must have 3 / in it`, origin);
    const taken = store.sql.get`SELECT name FROM attribute_alias WHERE alias = ${alias}`;
    if (taken && !same(String(taken.name), name)) throw sqlError(`alias ${alias} already exists !`, origin);
    store.sql.run`DELETE FROM attribute_alias WHERE name = ${name}`;
    store.sql.run`INSERT INTO attribute_alias (alias, name, device, attribute)
      VALUES (${alias}, ${name}, ${parts[1]!}, ${parts[2]!})`;
  },
  DbGetAttributeAlias: (store, alias) => {
    const name = store.sql.get`SELECT name FROM attribute_alias WHERE alias = ${alias}`?.name;
    if (name === undefined) throw missing(alias, "DataBase::db_get_attribute_alias()");
    return String(name);
  },
  DbGetAliasAttribute: (store, alias) => {
    const name = store.sql.get`SELECT name FROM attribute_alias WHERE alias = ${alias}`?.name;
    if (name === undefined) throw missing(alias, "DataBase::db_get_alias_attribute()");
    return String(name);
  },
  DbGetAttributeAlias2: (store, name) => {
    const alias = store.sql.get`SELECT alias FROM attribute_alias WHERE name = ${name}`?.alias;
    if (alias !== undefined) return String(alias);
    throw sqlError(`No alias found for attribute  '${name}'`, "DataBase::db_get_attribute_alias2()");
  },
  DbGetAttributeAliasList: (store, filter) =>
    column(
      store.sql.all`SELECT alias FROM attribute_alias WHERE alias LIKE ${like(filter)} ESCAPE '!'
        ORDER BY upper(alias)`,
      "alias",
    ),
  DbDeleteAttributeAlias: (store, alias) => void store.sql.run`DELETE FROM attribute_alias WHERE alias = ${alias}`,
} satisfies Partial<Runs>;
