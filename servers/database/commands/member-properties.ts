// SPDX-License-Identifier: MIT
// Properties of attributes and pipes, of devices and classes: four families of one shape.
import type { NamedValue } from "../store/properties.ts";
import type { PropertyTable } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import type { Runs } from "./command.ts";
import { like, same } from "./names.ts";
import { noteOf } from "./properties.ts";
import { atLeast, words } from "./words.ts";

type List = readonly string[];

/** Elements in a row -> one entry a property. */
export function grouped(rows: readonly NamedValue[]): { name: string; values: string[] }[] {
  const groups: { name: string; values: string[] }[] = [];
  for (const { name, value } of rows) {
    const last = groups.at(-1);
    if (last && same(last.name, name)) last.values.push(value);
    else groups.push({ name, values: [value] });
  }
  return groups;
}

/** The first shape: [owner, n, (member, rows, (name, value)...)...]: an array repeats its name. */
const get =
  (table: PropertyTable) =>
  (store: Store, [owner = "", ...members]: List) => [
    owner,
    String(members.length),
    ...members.flatMap((member) => {
      const rows = store.properties[table].all([owner, member]);
      return [member, String(rows.length), ...rows.flatMap(({ name, value }) => [name, value])];
    }),
  ];

/** The second shape: [owner, n, (member, properties, (name, count, value...)...)...]. */
const get2 =
  (table: PropertyTable) =>
  (store: Store, [owner = "", ...members]: List) => [
    owner,
    String(members.length),
    ...members.flatMap((member) => [member, ...listed(grouped(store.properties[table].all([owner, member])))]),
  ];
const listed = (properties: readonly { name: string; values: string[] }[]): string[] => [
  String(properties.length),
  ...properties.flatMap(({ name, values }) => [name, String(values.length), ...values]),
];

const put = (table: PropertyTable, shape: 1 | 2) => (store: Store, argument: List) => {
  const list = words(argument);
  const owner = list.next("the device or class");
  for (let left = list.count("the number of members"); left > 0; left--) {
    const member = list.next("the name of a member");
    for (let more = list.count(`the number of properties of ${member}`); more > 0; more--) {
      const name = list.next(`the name of a property of ${member}`);
      const count = shape === 1 ? 1 : list.count(`the number of values of ${member}.${name}`);
      store.properties[table].put(
        [owner, member],
        name,
        list.take(count, `values of ${member}.${name}`),
        noteOf(store),
      );
    }
  }
};

const insufficient = (what: string, origin: string, least: number) => (argument: List) =>
  atLeast(least, argument, `insufficient number of arguments to delete ${what}`, `DataBase::db_delete_${origin}()`);

/** [owner, member, property...]; names are exact. */
function removeProperties(table: PropertyTable, check: (argument: List) => void) {
  return (store: Store, argument: List) => {
    check(argument);
    const [owner, member, ...names] = argument as [string, string, ...string[]];
    for (const name of names) store.properties[table].remove([owner, member], exactly(name), noteOf(store));
  };
}
const exactly = (name: string) => name.replace(/[%_!]/g, "!$&");

/** [owner, member...]: all their properties, remembered in the history. */
function removeAll(table: PropertyTable, check: (argument: List) => void) {
  return (store: Store, argument: List) => {
    check(argument);
    const [owner, ...members] = argument as [string, ...string[]];
    for (const member of members) store.properties[table].remove([owner, member], "%", noteOf(store));
  };
}

function dropMember(table: PropertyTable, check: (argument: List) => void) {
  return (store: Store, argument: List) => {
    check(argument);
    store.properties[table].drop([argument[0]!, argument[1]!]);
  };
}

const members = (table: PropertyTable, needs: string, origin: string) => (store: Store, argument: List) => {
  atLeast(2, argument, `incorrect no. of input arguments, needs 2 (${needs},wildcard)`, origin);
  return store.properties[table].members(argument[0]!, like(argument[1]!));
};

const history = (table: PropertyTable, needs: string, origin: string) => (store: Store, argument: List) => {
  atLeast(3, argument, `incorrect no. of input arguments, needs 3 (${needs},property)`, origin);
  const [owner, member, name] = argument as [string, string, string];
  return store.properties[table]
    .history(owner, like(name), like(member))
    .flatMap((entry) => [entry.member, entry.name, entry.date, String(entry.values.length), ...entry.values]);
};

const deviceAttributes = "property_attribute_device";
const classAttributes = "property_attribute_class";
const devicePipes = "property_pipe_device";
const classPipes = "property_pipe_class";

export const attributeProperties = {
  DbGetDeviceAttributeProperty: get(deviceAttributes),
  DbGetDeviceAttributeProperty2: get2(deviceAttributes),
  DbPutDeviceAttributeProperty: put(deviceAttributes, 1),
  DbPutDeviceAttributeProperty2: put(deviceAttributes, 2),
  DbDeleteDeviceAttributeProperty: removeProperties(
    deviceAttributes,
    insufficient("device attribute property", "device_attribute_property", 3),
  ),
  DbDeleteAllDeviceAttributeProperty: removeAll(
    deviceAttributes,
    insufficient("all device attribute(s) property", "all_device_attribute_property", 2),
  ),
  DbDeleteDeviceAttribute: dropMember(deviceAttributes, insufficient("device attribute", "device_attribute", 2)),
  DbGetDeviceAttributeList: members(deviceAttributes, "device", "DataBase::GetDeviceAttributeList()"),
  DbGetDeviceAttributePropertyHist: history(
    deviceAttributes,
    "device,attribute",
    "DataBase::DbGetDeviceAttributePropertyHist()",
  ),
  DbGetClassAttributeProperty: get(classAttributes),
  DbGetClassAttributeProperty2: get2(classAttributes),
  DbPutClassAttributeProperty: put(classAttributes, 1),
  DbPutClassAttributeProperty2: put(classAttributes, 2),
  DbDeleteClassAttributeProperty: removeProperties(
    classAttributes,
    insufficient("class attribute property", "class_attribute_property", 3),
  ),
  DbDeleteClassAttribute: dropMember(classAttributes, insufficient("class attribute", "class_attribute", 2)),
  DbGetClassAttributeList: members(classAttributes, "class", "DataBase::GetClassAttributeList()"),
  DbGetClassAttributePropertyHist: history(
    classAttributes,
    "class,attribute",
    "DataBase::DbGetClassAttributePropertyHist()",
  ),
  /** Triples of the attributes that forward to an attribute of `device`. */
  DbGetForwardedAttributeListForDevice: (store, device) =>
    store.sql.all`SELECT device, attribute, value FROM property_attribute_device
      WHERE name = '__root_att' AND value LIKE ${`${exactly(device)}/%`} ESCAPE '!' ORDER BY upper(device), upper(attribute)`.flatMap(
      (row) => [String(row.device), String(row.attribute), String(row.value)],
    ),
} satisfies Partial<Runs>;

export const pipeProperties = {
  DbGetDevicePipeProperty: get2(devicePipes),
  DbPutDevicePipeProperty: put(devicePipes, 2),
  DbDeleteDevicePipeProperty: removeProperties(
    devicePipes,
    insufficient("device pipe property", "device_pipe_property", 3),
  ),
  DbDeleteAllDevicePipeProperty: removeAll(
    devicePipes,
    insufficient("all device pipe(s) property", "all_device_pipe_property", 2),
  ),
  DbDeleteDevicePipe: dropMember(devicePipes, insufficient("device pipe", "device_pipe", 2)),
  DbGetDevicePipeList: members(devicePipes, "device", "DataBase::GetDevicePipeList()"),
  DbGetDevicePipePropertyHist: history(devicePipes, "device,pipe", "DataBase::DbGetDevicePipePropertyHist()"),
  DbGetClassPipeProperty: get2(classPipes),
  DbPutClassPipeProperty: put(classPipes, 2),
  DbDeleteClassPipeProperty: removeProperties(
    classPipes,
    insufficient("class pipe property", "class_pipe_property", 3),
  ),
  DbDeleteClassPipe: dropMember(classPipes, insufficient("class pipe", "class_pipe", 2)),
  DbGetClassPipeList: members(classPipes, "class", "DataBase::GetClassPipeList()"),
  DbGetClassPipePropertyHist: history(classPipes, "class,pipe", "DataBase::DbGetClassPipePropertyHist()"),
} satisfies Partial<Runs>;
