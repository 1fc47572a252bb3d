// SPDX-License-Identifier: MIT
// What a scan takes from the answers of a camera's plugins.
import { describe, expect, test } from "vitest";
import { consecutive, shortened, wantedBuffer } from "../../../devices/lima/camera-part.ts";
import { roiSeries } from "../../../devices/lima/camera-rois.ts";

/** Records of readCounters: id, frame, then five numbers that tell them apart. */
type Places = (readonly [id: number, frame: number])[];
const records = (...places: Places) =>
  Float64Array.from(places.flatMap(([id, frame]) => [id, frame, 10 * id + frame, 2, 3, 4, 5]));

describe("counters of regions", () => {
  const read = (first: number, ...places: Places) => roiSeries(records(...places), first, ["a", "b"], [0, 1]);

  test("frames that all regions have, by the names of the regions", () => {
    const { points, values } = read(3, [0, 3], [0, 4], [0, 5], [1, 3], [1, 4]);
    expect(points).toBe(2);
    expect(values["roi_counters:a_sum"]).toEqual(Float64Array.of(3, 4));
    expect(values["roi_counters:b_sum"]).toEqual(Float64Array.of(13, 14));
    expect(values["roi_counters:b_max"]).toEqual(Float64Array.of(5, 5));
  });

  test("nothing yet, or not of every region: no points", () => {
    expect(read(0).points).toBe(0);
    expect(read(0, [0, 0]).points).toBe(0);
  });

  test("older frames and gaps end the series", () => {
    expect(read(2, [0, 1], [0, 2], [0, 4], [1, 1], [1, 2], [1, 4]).points).toBe(1);
  });

  test("a frame that is no longer kept is an error, not a wait without an end", () => {
    expect(() => read(2, [0, 5], [0, 6], [1, 5], [1, 6])).toThrow(
      "The plugin no longer keeps its results of frame 2: write a larger BufferSize, or read faster",
    );
  });
});

test("rows are found by the column of the frame", () => {
  expect(consecutive([1, 7, 2, 8, 3, 9], 2, 1, 8)).toEqual([2, 4]);
});

test("a series is cut to the points that others have too", () => {
  const values = { one: Float64Array.of(1, 2, 3), many: Int32Array.of(1, 2, 3, 4, 5, 6) };
  expect(shortened({ points: 3, values }, 2)).toEqual({ one: Float64Array.of(1, 2), many: Int32Array.of(1, 2, 3, 4) });
});

test("plugins keep the results of a whole scan, within bounds", () => {
  expect([0, 100, 1000, 1e6].map((points) => wantedBuffer({ points }))).toEqual([undefined, undefined, 1000, 65_536]);
});
