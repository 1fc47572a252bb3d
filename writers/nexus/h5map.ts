// SPDX-License-Identifier: MIT
// The HDF5 tree of a scan as JSON: the "h5maps" of a scan document, which blissdata defines and its writer executes.
// Source: blissdata 2.4.5, module h5map.
import type { ScanInfo } from "../../scanning/index.ts";

/** File path -> what the scan puts into the file; the map is the file's root group. */
export type H5Maps = Readonly<Record<string, GroupMap>>;
export type H5Item = GroupMap | DatasetMap | SoftLinkMap | ExternalLinkMap | RawFilesMap | VirtualMap | DataItem;

export interface GroupMap {
  readonly type: "group";
  readonly attributes?: Readonly<Record<string, DataItem>>;
  readonly children?: Readonly<Record<string, H5Item>>;
}
export interface DatasetMap {
  readonly type: "dataset";
  readonly attributes?: Readonly<Record<string, DataItem>>;
  readonly value: DataItem;
}
export interface SoftLinkMap {
  readonly type: "soft_link";
  readonly target_path: string;
}
export interface ExternalLinkMap {
  readonly type: "external_link";
  readonly target_file: string;
  readonly target_path: string;
}
export interface RawFilesMap {
  readonly type: "external_binary_dataset";
  readonly attributes?: Readonly<Record<string, DataItem>>;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly files: readonly { readonly name: string; readonly offset: number; readonly size?: number | null }[];
}
export interface SpaceSelection {
  readonly start: readonly number[];
  readonly stride?: readonly number[] | null;
  readonly count: readonly number[];
  readonly block?: readonly number[] | null;
}
export interface VirtualMap {
  readonly type: "virtual_dataset";
  readonly attributes?: Readonly<Record<string, DataItem>>;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly virtual_sources: readonly {
    readonly vspace: SpaceSelection;
    readonly src_file: string;
    readonly src_dataset: string;
    readonly src_space: SpaceSelection;
  }[];
}

/** A value: text, number, boolean or regular nested list; or one of the typed forms. */
export type DataItem = Raw | InlineItem | Base64Item | CompoundItem | StreamItem;
export type Raw = string | number | boolean | readonly Raw[];
/** `dtype` is numpy's name ("float64"); "nan" and "inf" may stand for numbers. */
export interface InlineItem {
  readonly type: "inline";
  readonly dtype: string;
  readonly value: Raw;
}
/** `dtype` as in numpy's array interface ("<f8"). */
export interface Base64Item {
  readonly type: "inline_b64";
  readonly dtype: string;
  readonly shape?: readonly number[] | null;
  readonly value: string;
}
export interface CompoundItem {
  readonly type: "compound";
  readonly columns: readonly (readonly [name: string, column: Raw | InlineItem | Base64Item])[];
}
/** The points of a channel of the scan. */
export interface StreamItem {
  readonly type: "stream";
  readonly stream: string;
}

// ---- making them ---------------------------------------------------------------------------------------------------

type Children = Readonly<Record<string, H5Item | undefined>>;
/** A group of a NeXus class; children that are undefined are left out. */
export function group(
  nxClass: string,
  children: Children,
  attributes: Readonly<Record<string, DataItem>> = {},
): GroupMap {
  const present = Object.entries(children).filter((entry): entry is [string, H5Item] => entry[1] !== undefined);
  return {
    type: "group",
    attributes: { NX_class: nxClass, ...attributes },
    ...(present.length ? { children: Object.fromEntries(present) } : {}),
  };
}
export const softLink = (target: string): SoftLinkMap => ({ type: "soft_link", target_path: target });
export const externalLink = (file: string, target: string): ExternalLinkMap => ({
  type: "external_link",
  target_file: file,
  target_path: target,
});
export const dataset = (value: DataItem, attributes: Readonly<Record<string, DataItem | undefined>> = {}): H5Item => {
  const present = Object.entries(attributes).filter((entry): entry is [string, DataItem] => entry[1] !== undefined);
  return present.length ? { type: "dataset", value, attributes: Object.fromEntries(present) } : value;
};

/** A 64-bit float whatever the number: bare JSON would make an integer of a whole one, and cannot say NaN. */
export function float(value: number): DataItem {
  if (Number.isFinite(value)) return Number.isInteger(value) ? { type: "inline", dtype: "float64", value } : value;
  return { type: "inline", dtype: "float64", value: Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf" };
}
export const floats = (values: readonly number[]): DataItem =>
  values.every(Number.isFinite)
    ? { type: "inline", dtype: "float64", value: values }
    : {
        type: "inline",
        dtype: "float64",
        value: values.map((value) => (Number.isFinite(value) ? value : String(value))),
      };

// ---- looking at them -----------------------------------------------------------------------------------------------

const itemTypes = ["group", "dataset", "soft_link", "external_link", "external_binary_dataset", "virtual_dataset"];
/** What an item is; a bare value is a dataset. */
export const itemType = (item: H5Item): string =>
  typeof item === "object" && "type" in item && itemTypes.includes(item.type) ? item.type : "dataset";
export const isGroup = (item: H5Item | undefined): item is GroupMap => item !== undefined && itemType(item) === "group";
/** The value and attributes of a dataset, however it is written. */
export const asDataset = (item: H5Item): DatasetMap =>
  typeof item === "object" && "type" in item && item.type === "dataset"
    ? item
    : { type: "dataset", value: item as DataItem };
export const isStream = (value: DataItem): value is StreamItem =>
  typeof value === "object" && "type" in value && value.type === "stream";
/** Each dataset that a channel fills: its path in the file and the channel's full name. */
export function* streamsOf(item: H5Item, path = ""): Generator<readonly [path: string, channel: string]> {
  if (isGroup(item)) {
    for (const [name, child] of Object.entries(item.children ?? {}))
      yield* streamsOf(child, path ? `${path}/${name}` : name);
    return;
  }
  if (itemType(item) !== "dataset") return;
  const { value } = asDataset(item);
  if (isStream(value)) yield [path, value.stream];
}
/** A typed value among the metadata of a document. */
export const isInline = (value: unknown): value is InlineItem | Base64Item =>
  typeof value === "object" && value !== null && "dtype" in value && "type" in value &&
  (value.type === "inline" || value.type === "inline_b64"); // biome-ignore format: one condition

/** The maps a document carries, or undefined: its scan is then laid out by `layout`. */
export const mapsOf = (info: ScanInfo): H5Maps | undefined => {
  const maps = info.h5maps;
  return typeof maps === "object" && maps !== null ? (maps as H5Maps) : undefined;
};
