// SPDX-License-Identifier: MIT
// Counts for people, and SELECT for tools.
import { constants } from "node:sqlite";
import { DevFailed, devFailed } from "../../../tango/errors.ts";
import type { PropertyTable } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import type { Runs } from "./command.ts";

/** A reply may hold this many values: a cross join cannot fill the memory. */
const mostValues = 5_000_000;

export const miscellaneous = {
  DbInfo: (store) => {
    const count = (table: string) => Number(store.database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
    const servers = (where: string) => count(`(SELECT DISTINCT server FROM device ${where})`);
    const properties = (what: string, table: PropertyTable) =>
      `${what} properties defined  = ${count(table)} [History lgth = ${count(`${table}_hist`)}]`;
    return [
      `TANGO Database ${store.served.device}`,
      " ",
      `Running since ${store.served.since}`,
      " ",
      `Devices defined  = ${count("device")}`,
      `Devices exported  = ${count("device WHERE exported = 1")}`,
      `Device servers defined  = ${servers("")}`,
      `Device servers exported  = ${servers("WHERE exported = 1")}`,
      " ",
      properties("Device", "property_device"),
      properties("Class", "property_class"),
      properties("Device attribute", "property_attribute_device"),
      properties("Class attribute", "property_attribute_class"),
      properties("Object", "property"),
    ];
  },
  DbGetCSDbServerList: (store) => [store.served.endpoint],
  DbMySqlSelect: (store, text) => select(store, text),
} satisfies Partial<Runs>;

/** Reading, and nothing that could run for ever. */
const allowed = new Set([constants.SQLITE_SELECT, constants.SQLITE_READ, constants.SQLITE_FUNCTION]);

function select(store: Store, text: string) {
  const origin = "DataBase::db_my_sql_select()";
  const query = /^\s*select\s/i.test(text) ? text : `SELECT ${text}`;
  if (/;\s*\S/.test(query)) throw devFailed("DB_IncorrectArguments", `SQL command not valid: '${text}'`, origin);
  const flags: number[] = [];
  const svalue: string[] = [];
  let rows = 0;
  store.database.setAuthorizer((action) => (allowed.has(action) ? constants.SQLITE_OK : constants.SQLITE_DENY));
  try {
    const statement = store.database.prepare(query);
    const width = statement.columns().length;
    for (const row of statement.iterate()) {
      rows++;
      for (const value of Object.values(row)) {
        flags.push(value === null ? 0 : 1);
        svalue.push(value === null ? "" : String(value));
      }
      if (svalue.length > mostValues)
        throw devFailed("DB_SQLError", `more than ${mostValues} values: ask for less`, origin);
    }
    return { lvalue: Int32Array.from([...flags, rows, width]), svalue };
  } catch (error) {
    if (error instanceof DevFailed) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const desc = `Failed to query TANGO database (error=${message})\nThe query was: ${query}`;
    throw devFailed("DB_SQLError", desc, origin);
  } finally {
    store.database.setAuthorizer(null);
  }
}
