// SPDX-License-Identifier: MIT
// Profiles of a camera in scans: regions summed to a line, by the server's Roi2spectrum plugin.
import type { DeviceProxy } from "../../tango/index.ts";
import { type CameraPart, wantedBuffer } from "./camera-part.ts";
import type { CameraRectangle } from "./camera-rois.ts";
import type { roiSpectrum } from "./plugins.ts";

/** horizontal: a value a column, the lines added up; vertical: a value a line. */
export interface CameraProfile extends CameraRectangle {
  readonly direction: "horizontal" | "vertical";
}

const part = "roi_profiles";
const modes = { horizontal: "LINES_SUM", vertical: "COLUMN_SUM" } as const;
const lengthOf = ({ direction, width, height }: CameraProfile): number => (direction === "horizontal" ? width : height);

/** A spectrum a region and frame; `profiles` may be changed between scans. */
export const roiProfiles = (
  plugin: DeviceProxy<typeof roiSpectrum>,
  profiles: ReadonlyMap<string, CameraProfile>,
): CameraPart => ({
  name: part,
  counters: (detector) => [...profiles.keys()].map((name) => ({ kind: "detector", name, part, detector, dim: 1 })),
  prepare: async (plan, call) => {
    const wanted = [...profiles];
    await plugin.call("Start", undefined, call);
    await plugin.call("clearAllRois", undefined, call);
    const buffer = wantedBuffer(plan);
    if (buffer !== undefined) await plugin.write("BufferSize", buffer, call);
    const ids = Array.from(
      await plugin.call(
        "addNames",
        wanted.map(([name]) => name),
        call,
      ),
    );
    const regions = wanted.flatMap(([, { x, y, width, height }], i) => [ids[i] ?? -1, x, y, width, height]);
    await plugin.call("setRois", regions, call);
    await plugin.call(
      "setRoiModes",
      wanted.flatMap(([name, { direction }]) => [name, modes[direction]]),
      call,
    );
    return {
      channels: Object.fromEntries(
        wanted.map(([name, profile]) => [`${part}:${name}`, { dtype: "int32", shape: [lengthOf(profile)] }]),
      ),
      metadata: Object.fromEntries(
        wanted.map(([name, { direction, ...roi }]) => [name, { kind: "profile", mode: direction, ...roi }]),
      ),
      read: async (first, options) => {
        const spectra = await Promise.all(ids.map((id) => plugin.call("readImage", [id, first], options)));
        const counts = wanted.map(([, profile], i) => (spectra[i]?.length ?? 0) / lengthOf(profile));
        const points = Math.min(...counts);
        const values = wanted.map(([name, profile], i) => [
          `${part}:${name}`,
          spectra[i]?.subarray(0, points * lengthOf(profile)) ?? new Int32Array(0),
        ]);
        return { points, values: Object.fromEntries(values) };
      },
    };
  },
});
