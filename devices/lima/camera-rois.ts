// SPDX-License-Identifier: MIT
// Regions of interest of a camera in scans: five counters each, computed by the server's RoiCounter plugin.
import type { CallOptions } from "../../scanning/index.ts";
import type { DeviceProxy } from "../../tango/index.ts";
import { type CameraPart, consecutive, type Series, wantedBuffer } from "./camera-part.ts";
import type { roiCounter } from "./roi-counter.ts";

/** Pixels of the final image. */
export interface CameraRectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export type CameraRoi =
  | CameraRectangle
  /** Part of a ring: centre, radii; angles in degrees. */
  | {
      readonly cx: number;
      readonly cy: number;
      readonly r1: number;
      readonly r2: number;
      readonly a1: number;
      readonly a2: number;
    };
type Rois = ReadonlyMap<string, CameraRoi>;

/** In the order in which readCounters gives them. */
const statistics = ["sum", "avg", "std", "min", "max"] as const;
const part = "roi_counters";
/** Values of a record of readCounters: id, frame, and the statistics. */
const record = 7;

/** `r1_sum` ... `r1_max` for each region; `rois` may be changed between scans. */
export const roiCounters = (plugin: DeviceProxy<typeof roiCounter>, rois: Rois): CameraPart => ({
  name: part,
  counters: (detector) => names(rois).map((name) => ({ kind: "detector", name, part, detector, dim: 0 })),
  prepare: async (plan, call) => {
    const ids = await setRois(plugin, rois, wantedBuffer(plan), call);
    const wanted = new Map(rois);
    return {
      channels: Object.fromEntries(names(wanted).map((name) => [`${part}:${name}`, { dtype: "float64", shape: [] }])),
      metadata: Object.fromEntries(
        [...wanted].map(([name, roi]) => [name, { kind: "cx" in roi ? "arc" : "rect", ...roi }]),
      ),
      read: async (first, options) =>
        roiSeries(await plugin.call("readCounters", first, options), first, [...wanted.keys()], ids),
    };
  },
});

const names = (rois: Rois): string[] => [...rois.keys()].flatMap((name) => statistics.map((each) => `${name}_${each}`));

/** Tells the plugin of the regions of a scan; gives their ids there, in order. */
async function setRois(
  plugin: DeviceProxy<typeof roiCounter>,
  rois: Rois,
  buffer: number | undefined,
  call: CallOptions,
): Promise<readonly number[]> {
  await plugin.call("clearAllRois", undefined, call);
  await plugin.call("Start", undefined, call);
  if (buffer !== undefined) await plugin.write("BufferSize", buffer, call);
  const ids = Array.from(await plugin.call("addNames", [...rois.keys()], call));
  const rectangles: number[] = [];
  const arcs: number[] = [];
  for (const [i, roi] of [...rois.values()].entries()) {
    const id = ids[i] ?? -1;
    if ("cx" in roi) arcs.push(id, roi.cx, roi.cy, roi.r1, roi.r2, roi.a1, roi.a2);
    else rectangles.push(id, roi.x, roi.y, roi.width, roi.height);
  }
  if (rectangles.length > 0) await plugin.call("setRois", rectangles, call);
  if (arcs.length > 0) await plugin.call("setArcRois", arcs, call);
  return ids;
}

/** The counters of frames `first` and on that all regions have. */
export function roiSeries(
  records: Float64Array,
  first: number,
  rois: readonly string[],
  ids: readonly number[],
): Series {
  const places = ids.map((id) => consecutive(ofRegion(records, id), record, 1, first));
  const points = Math.min(...places.map(({ length }) => length));
  const values: Record<string, Float64Array> = {};
  for (const [i, name] of rois.entries()) {
    const own = ofRegion(records, ids[i] ?? -1);
    const at = places[i] ?? [];
    for (const [k, each] of statistics.entries())
      values[`${part}:${name}_${each}`] = Float64Array.from(
        { length: points },
        (_, point) => own[(at[point] ?? 0) + 2 + k] ?? Number.NaN,
      );
  }
  return { points, values };
}

/** The records of one region, which are together. */
function ofRegion(records: Float64Array, id: number): Float64Array {
  let from = 0;
  while (from < records.length && records[from] !== id) from += record;
  let to = from;
  while (to < records.length && records[to] === id) to += record;
  return records.subarray(from, to);
}
