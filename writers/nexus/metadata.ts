// SPDX-License-Identifier: MIT
// Free metadata of a document as items of the file: "@x" is an attribute of the group, "key@x" one of the dataset
// `key`, a nested object a group.
import { type DataItem, dataset, float, group, type H5Item, isInline, type Raw } from "./h5map.ts";
import { type Dict, dict } from "./scan-info.ts";

/** Undefined for what a file cannot say (null, or lists that are not regular, as JSON text would be misleading). */
export function dataItem(value: unknown): DataItem | undefined {
  if (isInline(value)) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : float(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return isRegular(value) ? typedList(value) : undefined;
}

const shapeOf = (value: unknown): string => (Array.isArray(value) ? `[${value.length},${shapeOf(value[0])}]` : "");
const isRegular = (value: readonly unknown[]): boolean =>
  value.every((item) => shapeOf(item) === shapeOf(value[0])) &&
  value.every((item) => (Array.isArray(item) ? isRegular(item) : dataItem(item) !== undefined));

/** A list in which some numbers are marked as floats, or are not finite, is a list of floats. */
function typedList(value: readonly unknown[]): DataItem {
  let typed = false;
  const plain = (item: unknown): Raw => {
    if (Array.isArray(item)) return item.map(plain);
    if (typeof item === "number" && !Number.isFinite(item)) {
      typed = true;
      return String(item);
    }
    if (!isInline(item)) return item as Raw;
    typed = true;
    return item.value;
  };
  const values = value.map(plain);
  return typed ? { type: "inline", dtype: "float64", value: values } : values;
}

/** The members of a metadata object; groups that would be empty are left out. */
export function metadataItems(metadata: Dict, nxClass = "NXcollection"): Record<string, H5Item | undefined> {
  const items: Record<string, H5Item | undefined> = {};
  for (const [key, value] of Object.entries(metadata)) {
    if (key.includes("@")) continue;
    const name = key.replaceAll("/", "_");
    const plain = dataItem(value);
    if (plain !== undefined) items[name] = dataset(plain, attributesAt(metadata, key));
    else if (Object.keys(dict(value)).length) items[name] = metadataGroup(dict(value), nxClass);
  }
  return items;
}

/** A group from a metadata object, its class from "@NX_class"; undefined when there would be nothing in it. */
export function metadataGroup(metadata: Dict, nxClass = "NXcollection"): H5Item | undefined {
  const children = metadataItems(metadata);
  if (!Object.values(children).some((child) => child !== undefined)) return undefined;
  const attributes = attributesAt(metadata, "");
  return group(nxClass, children, attributes);
}

/** Attributes "key@name" of the dataset `key`, or "@name" of the group itself. */
function attributesAt(metadata: Dict, key: string): Record<string, DataItem> {
  const attributes: Record<string, DataItem> = {};
  for (const [full, value] of Object.entries(metadata)) {
    const item = full.startsWith(`${key}@`) ? dataItem(value) : undefined;
    if (item !== undefined) attributes[full.slice(key.length + 1)] = item;
  }
  return attributes;
}
