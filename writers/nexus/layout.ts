// SPDX-License-Identifier: MIT
// From what a scan says of itself to the NeXus tree of its files, as data. A pure function: the same document gives the
// same maps, here, in another writer, and after a restart. The tree is the one of blisswriter 2.0.0.
import { basename, dirname, relative } from "node:path";
import type { Channel, ScanIdentity, ScanInfo } from "../../scanning/index.ts";
import { type DeviceGroup, deviceGroups } from "./devices.ts";
import { dataset, externalLink, float, type GroupMap, group, type H5Item, type H5Maps, softLink } from "./h5map.ts";
import { dataItem, metadataGroup, metadataItems } from "./metadata.ts";
import { plotSelection } from "./plot-selection.ts";
import { type ChainPart, chainParts, dict, list, number, string } from "./scan-info.ts";

export interface LayoutOptions {
  /** Also channels whose values are JSON: blisswriter 3.0.0 cannot write them, and fails the scan that maps them. */
  readonly json?: boolean;
  /** What is written as `writer/status`. Default: by the document, "RUNNING" or "SUCCEEDED". */
  readonly status?: string;
}

/** Name of the group of one part of a scan: "3.1" is the first part of scan 3. */
export const entryName = (scanNumber: number, part: number): string => `${scanNumber}.${part + 1}`;

/**
 * The maps of a scan: its own file and the masters that link to it. Empty when the scan is not saved. Before the scan is
 * prepared the shapes of its channels are not final; after it has ended the document knows more (end_time, positions).
 */
export function layout(
  identity: ScanIdentity,
  info: ScanInfo,
  channels: readonly Channel[],
  options: LayoutOptions = {},
): H5Maps {
  if (identity.path === null || info.save === false) return {};
  const stored = channels.filter(({ encoding }) => encoding !== "scans" && (encoding !== "json" || options.json));
  const parts = chainParts(info);
  const entries = parts.map((part, index): [string, H5Item] => {
    const name = entryName(identity.number, index);
    const own = stored.filter((channel) => part.channels.includes(channel.fullname));
    return [name, entry(name, info, part, own, options)];
  });
  const last = entries[0]?.[0] ?? entryName(identity.number, 0);
  return {
    [identity.path]: root(identity.path, info, Object.fromEntries(entries), last),
    ...masters(
      identity,
      info,
      entries.map(([name]) => name),
    ),
  };
}

const root = (path: string, info: ScanInfo, children: Record<string, H5Item>, shown: string): GroupMap =>
  group("NXroot", children, {
    file_name: path,
    creator: "bandoneon",
    default: shown,
    publisher: string(info.publisher) ?? "unknown",
    publisher_version: string(info.publisher_version) ?? "unknown",
  });

/** Files that collect the scans of a dataset, a collection, a proposal: one external link an entry. */
function masters(
  { path, collection, dataset: name }: ScanIdentity,
  info: ScanInfo,
  entries: readonly string[],
): H5Maps {
  const files = dict(dict(info.nexuswriter).masterfiles);
  const maps: Record<string, GroupMap> = {};
  for (const [kind, value] of Object.entries(files)) {
    const file = string(value);
    if (file === undefined || path === null || file === path) continue;
    const prefix = kind === "dataset" ? "" : `${collection ?? ""}_${name ?? basename(path, ".h5")}_`;
    const links = entries.map((entry) => [
      `${prefix}${entry}`,
      externalLink(relative(dirname(file), path), `/${entry}`),
    ]);
    maps[file] = root(file, info, Object.fromEntries(links), `${prefix}${entries[0]}`);
  }
  return maps;
}

function entry(
  name: string,
  info: ScanInfo,
  part: ChainPart,
  channels: readonly Channel[],
  options: LayoutOptions,
): H5Item {
  const devices = deviceGroups(info, part, channels);
  const plot = plotSelection(`/${name}`, info, devices);
  const text = (key: string, otherwise?: string) => string(info[key]) ?? otherwise;
  const ended = info.end_time !== undefined || info.end_reason !== undefined;
  return group(
    "NXentry",
    {
      ...otherCategories(info),
      title: text("title", ""),
      start_time: text("start_time"),
      end_time: text("end_time"),
      end_reason: text("end_reason"),
      scan_parameters: scanParameters(info),
      writer: group("NXnote", {
        date: text("end_time") ?? text("start_time"),
        status: options.status ?? (ended ? "SUCCEEDED" : "RUNNING"),
      }),
      instrument: instrument(name, info, devices),
      measurement: devices.length ? measurement(name, devices) : undefined,
      plotselect: plot,
      notes: notes(info),
    },
    plot ? { default: "plotselect" } : {},
  );
}

function scanParameters(info: ScanInfo): H5Item | undefined {
  const seconds = number(info.count_time);
  return seconds ? group("NXparameters", { count_time: dataset(float(seconds), { units: "s" }) }) : undefined;
}

const ownCategories = ["instrument", "positioners", "nexuswriter", "devices", "datasets"];
/** Categories of metadata beside those with a place of their own: technique, sample and whatever a session adds. */
function otherCategories(info: ScanInfo): Record<string, H5Item | undefined> {
  const names = list(info.scan_meta_categories).filter(
    (name) => typeof name === "string" && !ownCategories.includes(name),
  );
  const groups = names.map((name) => [name, metadataGroup(dict(info[name as string]))] as const);
  return { ...Object.fromEntries(groups), ...sample(info) };
}

/** The sample of the dataset, from its ICAT fields. */
function sample(info: ScanInfo): Record<string, H5Item | undefined> {
  const fields = dict(info.dataset_metadata_snapshot);
  const known = Object.entries(fields).filter(([key]) => /^Sample_/.test(key));
  if (!known.length) return {};
  const items = known.map(([key, value]) => [key.replace(/^Sample_/, ""), dataItem(value)]);
  return { sample: group("NXsample", Object.fromEntries(items)) };
}

function notes(info: ScanInfo): H5Item | undefined {
  const comments = list(info.comments).map(dict);
  if (!comments.length) return undefined;
  const children = comments.map((comment, index) => [
    `note_${String(index + 1).padStart(2, "0")}`,
    group("NXnote", { data: string(comment.message) ?? "", date: string(comment.date), type: "text/plain" }),
  ]);
  return group("NXcollection", Object.fromEntries(children));
}

function instrument(entryName: string, info: ScanInfo, devices: readonly DeviceGroup[]): H5Item {
  const { instrument_info: about } = dict(info.nexuswriter);
  return group("NXinstrument", {
    ...metadataItems(dict(info.instrument)),
    ...metadataItems(dict(about)),
    ...positioners(entryName, info, devices),
    ...Object.fromEntries(devices.map((device) => [device.name, deviceGroup(device)])),
  });
}

/** Positions of every axis; in `positioners` those that the scan records are links to their data. */
function positioners(
  entryName: string,
  info: ScanInfo,
  devices: readonly DeviceGroup[],
): Record<string, H5Item | undefined> {
  const known = dict(info.positioners);
  const units = dict(known.positioners_units);
  const table = (key: string, links: Record<string, H5Item> = {}): H5Item | undefined => {
    const positions = known[key] === undefined ? [] : Object.entries(dict(known[key]));
    const items = positions.map(([axis, value]) => {
      const position = number(value);
      return [
        axis,
        dataset(position === undefined ? String(value ?? "ERR") : float(position), { units: string(units[axis]) }),
      ];
    });
    return items.length ? group("NXcollection", { ...Object.fromEntries(items), ...links }) : undefined;
  };
  const scanned = devices.filter((device) => device.nxClass === "NXpositioner");
  const links = scanned.flatMap(({ name, places }) =>
    places.map(({ channel, dataset: value }) => [channel.name, softLink(`/${entryName}/instrument/${name}/${value}`)]),
  );
  return {
    positioners: table("positioners_start", Object.fromEntries(links)),
    positioners_start: table("positioners_start"),
    positioners_end: table("positioners_end"),
    positioners_dial_start: table("positioners_dial_start"),
    positioners_dial_end: table("positioners_dial_end"),
  };
}

function deviceGroup({ nxClass, places, metadata }: DeviceGroup): H5Item {
  const datasets = places.map(({ channel, dataset: name, unit }) => {
    const interpretation = { 1: "spectrum", 2: "image" }[channel.shape.length];
    return [name, dataset({ type: "stream", stream: channel.fullname }, { units: unit, interpretation })];
  });
  const principal = places.find((place) => place.principal);
  const named = nxClass === "NXdetector" && principal && !places.some((place) => place.dataset === "data");
  return group(nxClass, {
    ...metadataItems(metadata),
    ...Object.fromEntries(datasets),
    data: places.find((place) => place.dataset === "data")
      ? Object.fromEntries(datasets).data
      : named
        ? softLink(principal.dataset)
        : undefined,
  });
}

/** Every channel once, under a short name. */
function measurement(entryName: string, devices: readonly DeviceGroup[]): H5Item {
  const links = devices.flatMap(({ name, places }) =>
    places.map((place) => [
      place.principal ? name : `${name}_${place.dataset}`,
      softLink(`/${entryName}/instrument/${name}/${place.dataset}`),
    ]),
  );
  return group("NXcollection", Object.fromEntries(links));
}
