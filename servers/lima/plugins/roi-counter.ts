// SPDX-License-Identifier: MIT
// The RoiCounterDeviceServer device: five numbers a region of each frame.
import { roiCounter } from "../../../devices/lima/roi-counter.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { field } from "../device/fields.ts";
import { readMask } from "../mask-file.ts";
import { type Roi, type RoiStatistics, roiStatistics } from "../roi-statistics.ts";
import { RegionList, tuples } from "./region-list.ts";
import { RecentResults } from "./results.ts";
import { pluginSwitch } from "./switch.ts";

type FrameCounters = readonly { readonly id: number; readonly statistics: RoiStatistics }[];
type Rectangle = Extract<Roi, { kind: "rectangle" }>;
type Arc = Extract<Roi, { kind: "arc" }>;

export const roiCounterClass = (detector: Detector) =>
  deviceClass(roiCounter, async (device) => {
    const regions = new RegionList<Roi>();
    const results = new RecentResults<FrameCounters>(device.properties.BufferSize);
    const mask = await maskOf(device.properties.MaskFile);
    const plugin = pluginSwitch({
      device,
      detector,
      type: "roicounter",
      processor: (runLevel) => ({
        runLevel,
        counts: true,
        prepare: () => results.clear(),
        process: (frame) => {
          const counted = regions.entries.map(([id, roi]) => ({
            id,
            statistics: roiStatistics(frame, roi, mask.pixels),
          }));
          results.add(frame.index, counted);
          return frame;
        },
      }),
    });
    const started = () => {
      if (!plugin.running) throw new Error("should start the device first");
      return regions;
    };
    const forget = () => {
      regions.clear();
      results.clear();
    };
    const { Start, Stop, RunLevel } = plugin.members;
    const stop = () => {
      forget();
      Stop();
    };
    return {
      Start,
      Stop: stop,
      RunLevel,
      BufferSize: field(results, "capacity"),
      MaskFile: { read: () => mask.file, write: async (file) => void Object.assign(mask, await maskOf(file)) },
      OverflowThreshold: { read: () => 0, write: refuseOverflow },
      CounterStatus: () => results.last,
      addNames: (names) => started().add(names),
      setRois: (values) => {
        for (const [id = 0, x = 0, y = 0, width = 0, height = 0] of tuples(values, 5, "id, x, y, width, height"))
          started().set(id, { kind: "rectangle", x, y, width, height });
      },
      setArcRois: (values) => {
        for (const [id = 0, x = 0, y = 0, r1 = 0, r2 = 0, a1 = 0, a2 = 0] of tuples(
          values,
          7,
          "id, cx, cy, r1, r2, a1, a2",
        ))
          started().set(id, { kind: "arc", x, y, r1, r2, a1, a2 });
      },
      getNames: () => regions.names,
      getRois: (names) =>
        Int32Array.from(
          chosen(regions, names).flatMap(({ id, region }) =>
            region.kind === "rectangle" ? rectangleRow(id, region) : [],
          ),
        ),
      getArcRois: (names) =>
        Float64Array.from(
          chosen(regions, names).flatMap(({ id, region }) => (region.kind === "arc" ? arcRow(id, region) : [])),
        ),
      getRoiTypes: (names) => chosen(regions, names).map(({ region }) => (region.kind === "arc" ? "ARC" : "SQUARE")),
      removeRois: (names) => {
        regions.remove(names);
        if (regions.size === 0) stop();
      },
      clearAllRois: stop,
      setMaskFile: async (file) => void Object.assign(mask, await maskOf(file)),
      readCounters: (first) => {
        started();
        return countersByRegion(results.from(first));
      },
      [Symbol.asyncDispose]: () => plugin[Symbol.dispose](),
    };
  });

const chosen = (regions: RegionList<Roi>, names: readonly string[]) => names.map((name) => regions.get(name));
const arcRow = (id: number, { x, y, r1, r2, a1, a2 }: Arc) => [id, x, y, r1, r2, a1, a2];
const rectangleRow = (id: number, { x, y, width, height }: Rectangle) => [id, x, y, width, height];

const maskOf = async (file: string) => ({ file, pixels: file ? await readMask(file) : undefined });

function refuseOverflow(threshold: number): void {
  if (threshold !== 0) throw new Error("Overflows are not counted by this server: OverflowThreshold stays 0");
}

/** Rows of id, frame, sum, average, std, min, max: all frames of the first region, then those of the next. */
function countersByRegion(frames: readonly { readonly frame: number; readonly result: FrameCounters }[]): Float64Array {
  const ids = [...new Set(frames.flatMap(({ result }) => result.map(({ id }) => id)))];
  const rows = ids.flatMap((wanted) =>
    frames.flatMap(({ frame, result }) =>
      result
        .filter(({ id }) => id === wanted)
        .flatMap(({ id, statistics: { sum, average, std, min, max } }) => [id, frame, sum, average, std, min, max]),
    ),
  );
  return Float64Array.from(rows);
}
