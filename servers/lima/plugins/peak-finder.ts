// SPDX-License-Identifier: MIT
// The PeakFinderDeviceServer device: where the highest pixel of each frame is.
import { peakFinder } from "../../../devices/lima/plugins.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { choiceHandlers, keptChoice, valuesOf } from "../device/choices.ts";
import { field } from "../device/fields.ts";
import { MaskFile } from "../mask-file.ts";
import { RecentResults } from "./results.ts";
import { pluginSwitch } from "./switch.ts";

/** Pixels around the highest that a centre of mass takes. */
const radius = 3;

export const peakFinderClass = (detector: Detector) =>
  deviceClass(peakFinder, (device) => {
    const results = new RecentResults<readonly [x: number, y: number]>(device.properties.BufferSize);
    const mask = new MaskFile();
    const choices = { ComputingMode: keptChoice(["MAXIMUM", "CM"], "MAXIMUM") };
    const plugin = pluginSwitch<"peak">({
      device,
      detector,
      type: "peakfinder",
      processor: (runLevel) => ({
        runLevel,
        counts: true,
        prepare: (size) => {
          mask.check(size);
          results.clear();
        },
        task: () => ({ do: "peak", radius: choices.ComputingMode.read() === "CM" ? radius : 0, mask: mask.bytes }),
        done: ({ x, y }, frame) => results.add(frame.index, [x, y]),
      }),
    });
    return {
      ...plugin.members,
      ...choiceHandlers(choices),
      BufferSize: field(results, "capacity"),
      CounterStatus: () => results.last,
      setMaskFile: ([file = ""]) => mask.read(file),
      readPeaks: () => Float64Array.from(results.from(0).flatMap(({ frame, result }) => [frame, ...result])),
      getAttrStringValueList: (attribute) => valuesOf(choices, attribute),
      [Symbol.asyncDispose]: () => plugin[Symbol.dispose](),
    };
  });
