// SPDX-License-Identifier: MIT
// Many regions of a camera in scans: their sums as one spectrum, by the server's RoiCollection plugin.
import type { DeviceProxy } from "../../tango/index.ts";
import { type CameraPart, lost, wantedBuffer } from "./camera-part.ts";
import type { CameraRectangle } from "./camera-rois.ts";
import type { roiCollection } from "./plugins.ts";

const part = "roi_collection";
const counter = "sum";

/** A sum a region, in order; `regions` may be changed between scans. */
export const roiSums = (
  plugin: DeviceProxy<typeof roiCollection>,
  regions: readonly CameraRectangle[],
): CameraPart => ({
  name: part,
  counters: (detector) => (regions.length === 0 ? [] : [{ kind: "detector", name: counter, part, detector, dim: 1 }]),
  prepare: async (plan, call) => {
    const wanted = [...regions];
    await plugin.call("clearAllRois", undefined, call);
    await plugin.call("Start", undefined, call);
    const buffer = wantedBuffer(plan);
    if (buffer !== undefined) await plugin.write("BufferSize", buffer, call);
    await plugin.call(
      "setRois",
      wanted.flatMap(({ x, y, width, height }) => [x, y, width, height]),
      call,
    );
    const column = (key: keyof CameraRectangle) => wanted.map((region) => region[key]);
    return {
      channels: { [`${part}:${counter}`]: { dtype: "int32", shape: [wanted.length] } },
      metadata: {
        [counter]: {
          ...{ kind: "collection", x: column("x"), y: column("y"), width: column("width"), height: column("height") },
        },
      },
      read: async (first, options) => {
        const answer = await plugin.call("readSpectrum", first, options);
        const [points = 0, size = 0, begin = first] = answer;
        if (points > 0 && begin > first) throw lost(first);
        return { points, values: { [`${part}:${counter}`]: answer.subarray(3, 3 + points * size) } };
      },
    };
  },
});
