// SPDX-License-Identifier: MIT
// The RoiCounterDeviceServer device: five numbers a region of each frame.
import { roiCounter } from "../../../devices/lima/roi-counter.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { field } from "../device/fields.ts";
import { MaskFile } from "../mask-file.ts";
import type { Roi, RoiStatistics } from "../roi-statistics.ts";
import { OverflowWatch } from "./overflow.ts";
import { RegionList, tuples } from "./region-list.ts";
import { RecentResults } from "./results.ts";
import { pluginSwitch } from "./switch.ts";

interface FrameCounters {
  readonly ids: readonly number[];
  readonly statistics: readonly RoiStatistics[];
}
type Rectangle = Extract<Roi, { kind: "rectangle" }>;
type Arc = Extract<Roi, { kind: "arc" }>;

export const roiCounterClass = (detector: Detector) =>
  deviceClass(roiCounter, async (device) => {
    const regions = new RegionList<Roi>();
    const results = new RecentResults<FrameCounters>(device.properties.BufferSize);
    const mask = new MaskFile();
    const overflow = new OverflowWatch(device);
    await mask.read(device.properties.MaskFile);
    const plugin = pluginSwitch<"statistics">({
      device,
      detector,
      type: "roicounter",
      processor: (runLevel) => ({
        runLevel,
        counts: true,
        prepare: (size) => {
          mask.check(size);
          overflow.clear();
          results.clear();
        },
        task: () => ({ do: "statistics", ...regions.all, mask: mask.bytes }),
        done: (statistics, frame, { ids }) => {
          overflow.look(statistics, frame.index);
          results.add(frame.index, { ids, statistics });
        },
      }),
    });
    const forget = () => {
      regions.clear();
      results.clear();
    };
    const stop = () => {
      forget();
      plugin.stop();
    };
    const { Start, RunLevel } = plugin.members;
    return {
      ...{ Start, Stop: stop, RunLevel },
      ...regionMembers(regions, plugin.started),
      BufferSize: field(results, "capacity"),
      MaskFile: { read: () => mask.file, write: (file) => mask.read(file) },
      OverflowThreshold: overflow.attribute,
      CounterStatus: () => results.last,
      removeRois: (names) => {
        regions.remove(names);
        if (regions.size === 0) stop();
      },
      clearAllRois: stop,
      setMaskFile: (file) => mask.read(file),
      readCounters: (first) => {
        plugin.started();
        return countersByRegion(results.from(first));
      },
      [Symbol.asyncDispose]: () => plugin[Symbol.dispose](),
    };
  });

/** Naming, setting and telling the regions; `started` refuses while the device is OFF. */
const regionMembers = (regions: RegionList<Roi>, started: () => void) => {
  const chosen = (names: readonly string[]) => names.map((name) => regions.get(name));
  return {
    addNames: (names: readonly string[]) => {
      started();
      return regions.add(names);
    },
    setRois: (values: ArrayLike<number>) => {
      started();
      for (const [id = 0, x = 0, y = 0, width = 0, height = 0] of tuples(values, 5, "id, x, y, width, height"))
        regions.set(id, { kind: "rectangle", x, y, width, height });
    },
    setArcRois: (values: ArrayLike<number>) => {
      started();
      const arcs = tuples(values, 7, "id, cx, cy, r1, r2, a1, a2");
      for (const [id = 0, x = 0, y = 0, r1 = 0, r2 = 0, a1 = 0, a2 = 0] of arcs)
        regions.set(id, { kind: "arc", x, y, r1, r2, a1, a2 });
    },
    getNames: () => regions.names,
    getRois: (names: readonly string[]) =>
      Int32Array.from(
        chosen(names).flatMap(({ id, region }) => (region.kind === "rectangle" ? rectangleRow(id, region) : [])),
      ),
    getArcRois: (names: readonly string[]) =>
      Float64Array.from(chosen(names).flatMap(({ id, region }) => (region.kind === "arc" ? arcRow(id, region) : []))),
    getRoiTypes: (names: readonly string[]) =>
      chosen(names).map(({ region }) => (region.kind === "arc" ? "ARC" : "SQUARE")),
  };
};

const arcRow = (id: number, { x, y, r1, r2, a1, a2 }: Arc) => [id, x, y, r1, r2, a1, a2];
const rectangleRow = (id: number, { x, y, width, height }: Rectangle) => [id, x, y, width, height];

/** Rows of id, frame, sum, average, std, min, max: all frames of the first region, then those of the next. */
function countersByRegion(frames: readonly { readonly frame: number; readonly result: FrameCounters }[]): Float64Array {
  const ids = new Set(frames.flatMap(({ result }) => result.ids));
  const rows: number[] = [];
  for (const id of ids)
    for (const { frame, result } of frames) {
      const each = result.statistics[result.ids.indexOf(id)];
      if (each) rows.push(id, frame, each.sum, each.average, each.std, each.min, each.max);
    }
  return Float64Array.from(rows);
}
