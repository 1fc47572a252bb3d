// SPDX-License-Identifier: MIT
// Which group and dataset of `instrument` each channel has.
import type { Channel, ScanInfo } from "../../scanning/index.ts";
import { mcaDatasets, principals, reserved, statistics } from "./names-table.ts";
import { type ChainPart, channelDevice, channelInfo, type Dict, deviceMetadata, dict, string } from "./scan-info.ts";

/** Where a channel goes. */
export interface Place {
  readonly channel: Channel;
  readonly group: string;
  readonly dataset: string;
  readonly unit: string | undefined;
  /** It stands for its group. */
  readonly principal: boolean;
}
export interface DeviceGroup {
  readonly name: string;
  readonly nxClass: "NXpositioner" | "NXdetector";
  readonly places: readonly Place[];
  /** What else is known of the device. */
  readonly metadata: Dict;
}

/** The groups of one part of the chain, in channel order. */
export function deviceGroups(info: ScanInfo, part: ChainPart, channels: readonly Channel[]): readonly DeviceGroup[] {
  const unique = uniqueNames(channels.map((channel) => channel.fullname));
  const groups = new Map<string, { nxClass: DeviceGroup["nxClass"]; places: Place[]; metadata: Dict }>();
  for (const channel of channels) {
    const described = channelDevice(info, channel.fullname);
    const positioner = part.topMaster !== undefined && channel.device === part.topMaster && channel.shape.length === 0;
    const place = positioner
      ? { group: unique(channel.fullname), dataset: "value" }
      : placeOf(channel.fullname, described, unique);
    const name = reserved.has(place.group) ? `${place.group}_` : place.group;
    const group = groups.get(name) ?? { nxClass: positioner ? "NXpositioner" : "NXdetector", places: [], metadata: {} };
    groups.set(name, group);
    group.places.push({
      channel,
      group: name,
      dataset: free(place.dataset, group.places),
      unit: channel.unit ?? string(channelInfo(info, channel.fullname).unit) ?? place.unit,
      principal: principals.has(place.dataset) || place.principal === true,
    });
    if (!positioner) group.metadata = { ...group.metadata, ...metadataOf(info, channel, described) };
  }
  return [...groups].map(([name, group]) => ({ name, ...group }));
}

/** Two channels may map to one name (a region called like a statistic): the second gets a number. */
function free(dataset: string, places: readonly Place[]): string {
  const taken = new Set(places.map((place) => place.dataset));
  for (let n = 2, name = dataset; ; name = `${dataset}_${n++}`) if (!taken.has(name)) return name;
}

const clean = (name: string): string => name.replace(/[^A-Za-z0-9_]+/g, "_");
/** The shortest end of a full name, cut at colons, that no other full name shares. */
function uniqueNames(fullnames: readonly string[]): (fullname: string) => string {
  const end = (fullname: string, length: number) => fullname.split(":").slice(-length).join(":");
  return (fullname) => {
    const others = fullnames.filter((other) => other !== fullname);
    const most = fullname.split(":").length;
    for (let length = 1; length < most; length++) {
      const name = end(fullname, length);
      if (!others.some((other) => end(other, length) === name)) return clean(name);
    }
    return clean(fullname);
  };
}

interface Naming {
  readonly group: string;
  readonly dataset: string;
  readonly unit?: string | undefined;
  readonly principal?: boolean;
}
type Unique = (fullname: string) => string;

function placeOf(fullname: string, device: ReturnType<typeof channelDevice>, unique: Unique): Naming {
  switch (device.deviceType) {
    case "samplingcounter":
      return samplingPlace(fullname, device.dataType, unique);
    case "mca":
      return mcaPlace(fullname);
    case "mosca":
      return moscaPlace(fullname);
    case "lima":
    case "lima2":
      return limaPlace(fullname);
    default:
      return isLimaPart(fullname) ? limaPlace(fullname) : { group: unique(fullname), dataset: "data" };
  }
}

const statisticName = new RegExp(`^(.*)_(${statistics.join("|")})$`);
function samplingPlace(fullname: string, dataType: string | undefined, unique: Unique): Naming {
  const [, counter, statistic] = (dataType === undefined ? statisticName.exec(fullname) : null) ?? [];
  if (counter === undefined || statistic === undefined) return { group: unique(fullname), dataset: "signal" };
  return { group: unique(counter), dataset: statistic };
}

function mcaPlace(fullname: string): Naming {
  const [, controller, channel, detector = "sum"] = /^(.*?):(.*?)(?:_(det\d+))?$/.exec(fullname) ?? [];
  if (controller === undefined || channel === undefined) return { group: clean(fullname), dataset: "data" };
  const named = mcaDatasets[channel];
  return { group: clean(`${controller}_${detector}`), dataset: named?.dataset ?? clean(channel), unit: named?.unit };
}

/** "x:spectrum:det01", "x:stat:icr_det01", "x:roi:name_sum_1_4": what, then which detectors. */
function moscaPlace(fullname: string): Naming {
  const [controller = "", kind = "", ...rest] = fullname.split(":");
  const [, what = kind, which = rest.join("_")] = /^(?:(.+)_)?(det\d+|sum_.+)$/.exec(rest.join(":")) ?? [];
  const detector = which.replace(/^det0*(\d+)$/, "det$1");
  const named = mcaDatasets[what];
  return { group: clean(`${controller}_${detector}`), dataset: named?.dataset ?? clean(what), unit: named?.unit };
}

const limaParts = ["roi_counters", "roi_profiles", "roi_collection", "bpm"];
const isLimaPart = (fullname: string): boolean => limaParts.includes(fullname.split(":")[1] ?? "");
function limaPlace(fullname: string): Naming {
  const [camera = "", part = "", ...rest] = fullname.split(":");
  const name = rest.join("_");
  if (part === "roi_counters") {
    const at = name.lastIndexOf("_");
    const dataset = name.slice(at + 1);
    return { group: clean(`${camera}_${name.slice(0, at)}`), dataset, principal: dataset === "sum" };
  }
  if (part === "roi_profiles") return { group: clean(`${camera}_${name}`), dataset: "sum", principal: true };
  if (part === "roi_collection") return { group: clean(`${camera}_${part}`), dataset: "sum", principal: true };
  if (part === "bpm") return { group: clean(`${camera}_bpm`), dataset: clean(name) };
  return { group: clean(camera), dataset: clean(rest.length ? `${part}_${name}` : part) };
}

/** What the document says of the device, region or counter behind a channel. */
function metadataOf(
  info: ScanInfo,
  channel: Channel,
  { deviceType, info: own }: ReturnType<typeof channelDevice>,
): Dict {
  const [, part, name = ""] = channel.fullname.split(":");
  const device = deviceMetadata(info, channel.device);
  const region = part === "roi_counters" ? name.slice(0, name.lastIndexOf("_")) : name;
  if (part === "roi_collection") return { ...own, ...selection(dict(Object.values(device)[0] ?? {})) };
  if (part === "roi_counters" || part === "roi_profiles") return { ...own, ...selection(dict(device[region])) };
  if (part === "bpm") return own;
  return deviceType === "samplingcounter" ? own : { ...device, ...own };
}
const selection = (region: Dict): Dict => (Object.keys(region).length ? { selection: region } : {});
