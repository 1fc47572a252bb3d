// SPDX-License-Identifier: MIT
// The beam on a camera in scans: position, widths, intensity, by the server's beam position monitor plugin.
import type { DeviceProxy } from "../../tango/index.ts";
import type { bpm } from "./bpm.ts";
import { type CameraPart, consecutive, wantedBuffer } from "./camera-part.ts";

const part = "bpm";
/** By counter: its place in a record of getResults. The last is the frame's number. */
const columns = { acq_time: 0, intensity: 1, x: 2, y: 3, fwhm_x: 4, fwhm_y: 5 } as const;
const record = 7;

export const beamCounters = (plugin: DeviceProxy<typeof bpm>): CameraPart => ({
  name: part,
  counters: (detector) => Object.keys(columns).map((name) => ({ kind: "detector", name, part, detector, dim: 0 })),
  prepare: async (plan, call) => {
    await plugin.call("Stop", undefined, call);
    const buffer = wantedBuffer(plan);
    if (buffer !== undefined) await plugin.write("buffersize", buffer, call);
    await plugin.call("Start", undefined, call);
    return {
      channels: Object.fromEntries(
        Object.keys(columns).map((name) => [`${part}:${name}`, { dtype: "float64", shape: [] }]),
      ),
      metadata: {},
      read: async (first, options) => {
        const records = await plugin.call("getResults", first, options);
        const places = consecutive(records, record, 6, first);
        const values = Object.entries(columns).map(([name, column]) => [
          `${part}:${name}`,
          Float64Array.from(places, (at) => records[at + column] ?? Number.NaN),
        ]);
        return { points: places.length, values: Object.fromEntries(values) };
      },
    };
  },
});
