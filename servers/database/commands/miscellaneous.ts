// SPDX-License-Identifier: MIT
// Counts for people, and SELECT for tools.
import type { PropertyTable } from "../store/schema.ts";
import type { Runs } from "./command.ts";
import { select } from "./select.ts";

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
