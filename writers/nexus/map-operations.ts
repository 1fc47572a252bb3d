// SPDX-License-Identifier: MIT
// A map as operations on a file: what makes it, and what turns it into its later self.
import { isDeepStrictEqual } from "node:util";
import type { Attributes, Hyperslab, Operation } from "../hdf5/port.ts";
import type { ExternalLinkMap, RawFilesMap, SoftLinkMap, VirtualMap } from "./h5map.ts";
import { asDataset, type GroupMap, type H5Item, isGroup, isStream, itemType, type SpaceSelection } from "./h5map.ts";
import { itemAttributes, itemValue } from "./map-values.ts";

/** A dataset that the points of a channel fill. */
export interface MappedStream {
  readonly path: string;
  readonly channel: string;
  readonly attributes: Attributes;
}
export interface MapPlan {
  readonly operations: readonly Operation[];
  readonly streams: readonly MappedStream[];
  /** What must wait for the data: it is computed from datasets of the same file. */
  readonly late: readonly Operation[];
}

/** @throws TypeError naming the path of an item that is wrong. */
export function planMap(root: GroupMap): MapPlan {
  const plan = { operations: [] as Operation[], streams: [] as MappedStream[], late: [] as Operation[] };
  visit("/", root, plan);
  return plan;
}

type Plan = { operations: Operation[]; streams: MappedStream[]; late: Operation[] };
function visit(path: string, item: H5Item, plan: Plan): void {
  try {
    if (isGroup(item)) {
      plan.operations.push({ do: "group", path, attributes: itemAttributes(item.attributes) });
      for (const [name, child] of Object.entries(item.children ?? {})) visit(join(path, name), child, plan);
    } else addLeaf(path, item, plan);
  } catch (error) {
    if (error instanceof TypeError && !error.message.startsWith("/"))
      throw new TypeError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

function addLeaf(path: string, item: H5Item, plan: Plan): void {
  switch (itemType(item)) {
    case "soft_link":
      plan.operations.push({ do: "softLink", path, target: (item as SoftLinkMap).target_path });
      return;
    case "external_link": {
      const { target_file: file, target_path: target } = item as ExternalLinkMap;
      plan.operations.push({ do: "externalLink", path, file, target });
      return;
    }
    case "virtual_dataset":
      (isOwn(item as VirtualMap) ? plan.late : plan.operations).push(virtual(path, item as VirtualMap));
      return;
    case "external_binary_dataset":
      plan.operations.push(rawFiles(path, item as RawFilesMap));
      return;
    default: {
      const { value, attributes } = asDataset(item);
      if (isStream(value)) plan.streams.push({ path, channel: value.stream, attributes: itemAttributes(attributes) });
      else
        plan.operations.push({ do: "dataset", path, value: itemValue(value), attributes: itemAttributes(attributes) });
    }
  }
}

const join = (path: string, name: string): string => (path === "/" ? `/${name}` : `${path}/${name}`);
const isOwn = ({ virtual_sources: sources }: VirtualMap): boolean => sources.every(({ src_file }) => src_file === ".");

const slab = ({ start, stride, count, block }: SpaceSelection): Hyperslab => ({
  start,
  count,
  ...(stride ? { stride } : {}),
  ...(block ? { block } : {}),
});
const virtual = (path: string, { dtype, shape, virtual_sources: sources, attributes }: VirtualMap): Operation => ({
  do: "virtual",
  path,
  dtype,
  shape,
  attributes: itemAttributes(attributes),
  sources: sources.map(({ vspace, src_file: file, src_dataset: dataset, src_space }) => ({
    into: slab(vspace),
    file,
    dataset,
    from: slab(src_space),
  })),
});
const rawFiles = (path: string, { dtype, shape, files, attributes }: RawFilesMap): Operation => ({
  do: "externalRaw",
  path,
  dtype,
  shape,
  files: files.map(({ name, offset, size = null }) => ({ name, offset, size })),
  attributes: itemAttributes(attributes),
});

/**
 * What turns a file that holds `before` into one that holds `after`. Streams stay as they are, but for their attributes;
 * a dataset that keeps its type and shape is written over.
 */
export function planChanges(before: GroupMap, after: GroupMap): readonly Operation[] {
  const operations: Operation[] = [];
  compare("/", before, after, operations);
  return operations;
}

function compare(path: string, before: GroupMap, after: GroupMap, operations: Operation[]): void {
  if (!isDeepStrictEqual(before.attributes, after.attributes))
    operations.push({ do: "attributes", path, attributes: itemAttributes(after.attributes) });
  for (const name of Object.keys(before.attributes ?? {}))
    if (!(name in (after.attributes ?? {}))) operations.push({ do: "removeAttribute", path, name });
  const [old, now] = [before.children ?? {}, after.children ?? {}];
  for (const name of Object.keys(old)) if (!(name in now)) operations.push({ do: "remove", path: join(path, name) });
  for (const [name, item] of Object.entries(now)) replaceItem(join(path, name), old[name], item, operations);
}

function replaceItem(path: string, before: H5Item | undefined, after: H5Item, operations: Operation[]): void {
  if (before !== undefined && isDeepStrictEqual(before, after)) return;
  if (isGroup(before) && isGroup(after)) {
    compare(path, before, after, operations);
    return;
  }
  const plan: Plan = { operations: [], streams: [], late: [] };
  visit(path, after, plan);
  const [made] = plan.operations;
  if (before !== undefined && itemType(before) === "dataset" && itemType(after) === "dataset") {
    const { value, attributes } = asDataset(after);
    if (isStream(value)) {
      operations.push({ do: "attributes", path, attributes: itemAttributes(attributes) });
      return;
    }
    const old = asDataset(before).value;
    if (!isStream(old) && made?.do === "dataset") {
      const was = itemValue(old);
      if (was.dtype === made.value.dtype && String(was.shape) === String(made.value.shape)) {
        operations.push({ do: "replace", path, value: made.value });
        if (Object.keys(made.attributes ?? {}).length)
          operations.push({ do: "attributes", path, attributes: made.attributes ?? {} });
        return;
      }
    }
  }
  if (before !== undefined && itemType(before) !== "virtual_dataset") operations.push({ do: "remove", path });
  operations.push(...plan.operations);
}
