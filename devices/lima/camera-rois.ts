// SPDX-License-Identifier: MIT
// Regions of interest of a camera in scans: five counters each, computed by the server's RoiCounter plugin.
import type { CallOptions, Detector, DetectorCounter } from "../../scanning/index.ts";
import type { DeviceProxy } from "../../tango/index.ts";
import type { roiCounter } from "./roi-counter.ts";

/** Pixels of the final image. */
export type CameraRoi =
  | { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  /** Part of a ring: centre, radii; angles in degrees. */
  | {
      readonly cx: number;
      readonly cy: number;
      readonly r1: number;
      readonly r2: number;
      readonly a1: number;
      readonly a2: number;
    };

/** In the order in which readCounters gives them. */
const statistics = ["sum", "avg", "std", "min", "max"] as const;
export const roiPart = "roi_counters";

/** `r1_sum` ... `r1_max` for each region. */
export const roiCounters = (detector: Detector, names: readonly string[]): DetectorCounter[] =>
  names.flatMap((name) =>
    statistics.map((each) => ({ kind: "detector", name: `${name}_${each}`, part: roiPart, detector, dim: 0 }) as const),
  );

/** Their keys in blocks and channels. */
export const roiKeys = (rois: ReadonlyMap<string, CameraRoi>): string[] =>
  [...rois.keys()].flatMap((name) => statistics.map((each) => `${roiPart}:${name}_${each}`));

/** What the file keeps of them, as BLISS writes it. */
export const roiMetadata = (rois: ReadonlyMap<string, CameraRoi>) =>
  Object.fromEntries([...rois].map(([name, roi]) => [name, { kind: "cx" in roi ? "arc" : "rect", ...roi }]));

/** Tells the plugin of the regions of a scan; gives their ids there, in order. */
export async function setRois(
  plugin: DeviceProxy<typeof roiCounter>,
  rois: ReadonlyMap<string, CameraRoi>,
  options: CallOptions,
): Promise<readonly number[]> {
  await plugin.call("clearAllRois", undefined, options);
  await plugin.call("Start", undefined, options);
  const ids = Array.from(await plugin.call("addNames", [...rois.keys()], options));
  const rectangles: number[] = [];
  const arcs: number[] = [];
  for (const [i, roi] of [...rois.values()].entries()) {
    const id = ids[i] ?? -1;
    if ("cx" in roi) arcs.push(id, roi.cx, roi.cy, roi.r1, roi.r2, roi.a1, roi.a2);
    else rectangles.push(id, roi.x, roi.y, roi.width, roi.height);
  }
  if (rectangles.length > 0) await plugin.call("setRois", rectangles, options);
  if (arcs.length > 0) await plugin.call("setArcRois", arcs, options);
  return ids;
}

/** Values a record of readCounters has: id, frame, and the statistics. */
const record = 7;

/** The counters of frames `first` and on that all regions have: one array a counter, by the counters' keys. */
export function roiBlock(
  records: ArrayLike<number>,
  first: number,
  names: readonly string[],
  ids: readonly number[],
): { readonly points: number; readonly values: Readonly<Record<string, Float64Array>> } {
  const byId = new Map<number, Map<number, number>>(ids.map((id) => [id, new Map()]));
  for (let at = 0; at + record <= records.length; at += record)
    byId.get(records[at] ?? -1)?.set(records[at + 1] ?? -1, at + 2);
  let points = 0;
  while (ids.every((id) => byId.get(id)?.has(first + points))) points++;
  const values: Record<string, Float64Array> = {};
  for (const [i, name] of names.entries()) {
    const places = byId.get(ids[i] ?? -1);
    for (const [k, each] of statistics.entries())
      values[`${roiPart}:${name}_${each}`] = Float64Array.from(
        { length: points },
        (_, point) => records[(places?.get(first + point) ?? 0) + k] ?? Number.NaN,
      );
  }
  return { points, values };
}
