// SPDX-License-Identifier: MIT
// Properties of devices, classes and free objects: three families of one shape.
import type { Note, Properties } from "../store/properties.ts";
import type { PropertyTable } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import type { Runs } from "./command.ts";
import { like } from "./names.ts";
import { atLeast, words } from "./words.ts";

type List = readonly string[];
type Reply = string[];

export const noteOf = (store: Store): Note => ({ now: store.now(), depth: store.historyDepth });

/** `absent`: what stands after the 0 of a property that is not there; `wildcards`: `p*` merges what fits. */
function get(table: PropertyTable, { absent, wildcards }: { absent: List; wildcards: boolean }) {
  return (store: Store, [owner = "", ...names]: List): Reply => {
    const properties: Properties = store.properties[table];
    const reply = [owner, String(names.length)];
    for (const name of names) {
      const merge = wildcards && name.includes("*");
      const values = merge ? properties.merged([owner], like(name)) : properties.values([owner], name);
      reply.push(name, String(values.length));
      for (const value of values.length > 0 ? values : absent) reply.push(value);
    }
    return reply;
  };
}

/** [owner, n, (name, count, value...)...] */
const put = (table: PropertyTable) => (store: Store, argument: List) => {
  const list = words(argument);
  const owner = list.next("whose properties");
  for (let left = list.count("the number of properties"); left > 0; left--) {
    const name = list.next("the name of a property");
    const values = list.take(list.count(`the number of values of ${name}`), `values of ${name}`);
    store.properties[table].put([owner], name, values, noteOf(store));
  }
};

const remove =
  (table: PropertyTable) =>
  (store: Store, [owner = "", ...names]: List) => {
    for (const name of names) store.properties[table].remove([owner], like(name), noteOf(store));
  };

const history = (table: PropertyTable, needs: string, origin: string) => (store: Store, argument: List) => {
  atLeast(2, argument, `incorrect no. of input arguments, needs 2 (${needs},property)`, origin);
  return store.properties[table]
    .history(argument[0]!, like(argument[1]!))
    .flatMap(({ name, date, values }) => [name, date, String(values.length), ...values]);
};

const list = (table: PropertyTable, desc: string, origin: string) => (store: Store, argument: List) => {
  atLeast(2, argument, desc, origin);
  return store.properties[table].names([argument[0]!], like(argument[1]!));
};

const getDeviceProperty = get("property_device", { absent: [" "], wildcards: true });

export const deviceProperties = {
  DbGetDeviceProperty: (store, argument) => {
    const desc = "incorrect no. of input arguments, needs at least 2 (device,property)";
    atLeast(2, argument, desc, "DataBase::GetDeviceProperty()");
    return getDeviceProperty(store, argument);
  },
  DbPutDeviceProperty: put("property_device"),
  DbDeleteDeviceProperty: remove("property_device"),
  DbGetDevicePropertyList: list(
    "property_device",
    "incorrect no. of input arguments, needs 2 (device,wildcard)",
    "DataBase::GetDevicePropertyList()",
  ),
  DbGetDevicePropertyHist: history("property_device", "device", "DataBase::GetDevicePropertyHist()"),
} satisfies Partial<Runs>;

export const classProperties = {
  DbGetClassProperty: get("property_class", { absent: [], wildcards: false }),
  DbPutClassProperty: put("property_class"),
  DbDeleteClassProperty: remove("property_class"),
  DbGetClassPropertyList: (store, deviceClass) => store.properties.property_class.names([deviceClass], "%"),
  DbGetClassPropertyHist: history("property_class", "class", "DataBase::GetClassPropertyHist()"),
} satisfies Partial<Runs>;

export const objectProperties = {
  DbGetProperty: get("property", { absent: [" "], wildcards: true }),
  DbPutProperty: put("property"),
  DbDeleteProperty: remove("property"),
  DbGetPropertyList: list(
    "property",
    "incorrect no. of input arguments, needs 2 (object,wildcard)",
    "DataBase::GetPropertyList()",
  ),
  DbGetPropertyHist: history("property", "object", "DataBase::DbGetPropertyHist()"),
  DbGetObjectList: (store, filter) =>
    store.sql.all`SELECT DISTINCT object FROM property WHERE object LIKE ${like(filter)} ESCAPE '!'
      ORDER BY upper(object)`.map((row) => String(row.object)),
} satisfies Partial<Runs>;
