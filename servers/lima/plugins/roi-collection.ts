// SPDX-License-Identifier: MIT
// The RoiCollectionDeviceServer device: the sums of many regions of each frame as one spectrum.
import { roiCollection } from "../../../devices/lima/plugins.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { field } from "../device/fields.ts";
import { MaskFile } from "../mask-file.ts";
import type { Roi } from "../roi-statistics.ts";
import { OverflowWatch } from "./overflow.ts";
import { tuples } from "./region-list.ts";
import { RecentResults } from "./results.ts";
import { pluginSwitch } from "./switch.ts";

export const roiCollectionClass = (detector: Detector) =>
  deviceClass(roiCollection, (device) => {
    let regions: readonly Roi[] = [];
    const mask = new MaskFile();
    const overflow = new OverflowWatch(device);
    const results = new RecentResults<readonly number[]>(device.properties.BufferSize);
    const plugin = pluginSwitch<"statistics">({
      device,
      detector,
      type: "roicollection",
      processor: (runLevel) => ({
        runLevel,
        counts: true,
        prepare: (size) => {
          mask.check(size);
          overflow.clear();
          results.clear();
        },
        task: () => ({ do: "statistics", regions, ids: [], mask: mask.bytes }),
        done: (statistics, frame) => {
          overflow.look(statistics, frame.index);
          results.add(
            frame.index,
            statistics.map(({ sum }) => sum),
          );
        },
      }),
    });
    return {
      ...plugin.members,
      BufferSize: field(results, "capacity"),
      MaskFile: { read: () => mask.file, write: (file) => mask.read(file) },
      setMaskFile: ([file = ""]) => mask.read(file),
      OverflowThreshold: overflow.attribute,
      CounterStatus: () => results.last,
      setRois: (values) => {
        plugin.started();
        regions = tuples(values, 4, "x, y, width, height").map(([x = 0, y = 0, width = 0, height = 0]) => ({
          ...{ kind: "rectangle", x, y, width, height },
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
