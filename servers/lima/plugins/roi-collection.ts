// SPDX-License-Identifier: MIT
// The RoiCollectionDeviceServer device: the sums of many regions of each frame as one spectrum.
import { roiCollection } from "../../../devices/lima/plugins.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { field } from "../device/fields.ts";
import { roiStatistics } from "../roi-statistics.ts";
import { tuples } from "./region-list.ts";
import { RecentResults } from "./results.ts";
import { pluginSwitch } from "./switch.ts";

export const roiCollectionClass = (detector: Detector) =>
  deviceClass(roiCollection, (device) => {
    let regions: readonly { x: number; y: number; width: number; height: number }[] = [];
    const results = new RecentResults<readonly number[]>(device.properties.BufferSize);
    const plugin = pluginSwitch({
      device,
      detector,
      type: "roicollection",
      processor: (runLevel) => ({
        runLevel,
        counts: true,
        prepare: () => results.clear(),
        process: (frame) => {
          const sums = regions.map((region) => roiStatistics(frame, { kind: "rectangle", ...region }).sum);
          results.add(frame.index, sums);
          return frame;
        },
      }),
    });
    return {
      ...plugin.members,
      BufferSize: field(results, "capacity"),
      CounterStatus: () => results.last,
      setRois: (values) => {
        if (!plugin.running) throw new Error("should start the device first");
        regions = tuples(values, 4, "x, y, width, height").map(([x = 0, y = 0, width = 0, height = 0]) => ({
          ...{ x, y, width, height },
        }));
      },
      clearAllRois: () => {
        regions = [];
        results.clear();
        plugin.stop();
      },
      readSpectrum: (first) => {
        const frames = results.from(first);
        const [oldest] = frames;
        if (!oldest) return new Int32Array(0);
        return Int32Array.from([
          frames.length,
          regions.length,
          oldest.frame,
          ...frames.flatMap(({ result }) => result),
        ]);
      },
      [Symbol.asyncDispose]: () => plugin[Symbol.dispose](),
    };
  });
