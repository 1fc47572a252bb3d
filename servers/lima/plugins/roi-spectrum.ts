// SPDX-License-Identifier: MIT
// The Roi2spectrumDeviceServer device: each region of each frame summed along its lines or its columns.
import { roiSpectrum } from "../../../devices/lima/plugins.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { field } from "../device/fields.ts";
import type { Frame } from "../frame.ts";
import { RegionList, tuples } from "./region-list.ts";
import { RecentResults } from "./results.ts";
import { pluginSwitch } from "./switch.ts";

const modes = ["LINES_SUM", "COLUMN_SUM"] as const;
type Mode = (typeof modes)[number];

interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const roiSpectrumClass = (detector: Detector) =>
  deviceClass(roiSpectrum, (device) => {
    const regions = new RegionList<Region>();
    const ways = new Map<string, Mode>();
    const results = new RecentResults<ReadonlyMap<number, Int32Array>>(device.properties.BufferSize);
    const wayOf = (id: number): Mode =>
      ways.get(regions.names.find((name) => regions.get(name).id === id) ?? "") ?? "LINES_SUM";
    const plugin = pluginSwitch({
      device,
      detector,
      type: "roi2spectrum",
      processor: (runLevel) => ({
        runLevel,
        counts: true,
        prepare: () => results.clear(),
        process: (frame) => {
          const spectra = regions.entries.map(([id, region]) => [id, profile(frame, region, wayOf(id))] as const);
          results.add(frame.index, new Map(spectra));
          return frame;
        },
      }),
    });
    const started = () => {
      if (!plugin.running) throw new Error("should start the device first");
    };
    const forget = () => {
      regions.clear();
      ways.clear();
      results.clear();
    };
    return {
      ...plugin.members,
      BufferSize: field(results, "capacity"),
      CounterStatus: () => results.last,
      addNames: (names) => {
        started();
        return regions.add(names);
      },
      setRois: (values) => {
        started();
        for (const [id = 0, x = 0, y = 0, width = 0, height = 0] of tuples(values, 5, "id, x, y, width, height"))
          regions.set(id, { x, y, width, height });
      },
      getNames: () => regions.names,
      getRois: (names) =>
        Int32Array.from(
          names.flatMap((name) => {
            const { id, region } = regions.get(name);
            return [id, region.x, region.y, region.width, region.height];
          }),
        ),
      setRoiModes: (words) => {
        for (let i = 0; i + 1 < words.length; i += 2) {
          const [name = "", mode = ""] = [words[i], words[i + 1]?.toUpperCase()];
          const known = modes.find((each) => each === mode);
          if (!known) throw new Error(`Roi mode "${mode}" of ${name}: ${modes.join(" or ")} is wanted`);
          regions.get(name);
          ways.set(name, known);
        }
      },
      getRoiModes: (names) => names.map((name) => wayOf(regions.get(name).id)),
      removeRois: (names) => {
        regions.remove(names);
        for (const name of names) ways.delete(name);
      },
      // BLISS starts the device before it clears the regions, and goes on to set them: it stays ON.
      clearAllRois: forget,
      readImage: (values) => {
        started();
        const [id = -1, first = 0] = values;
        const spectra = results.from(first).flatMap(({ result }) => result.get(id) ?? []);
        const all = new Int32Array(spectra.reduce((length, each) => length + each.length, 0));
        let at = 0;
        for (const spectrum of spectra) {
          all.set(spectrum, at);
          at += spectrum.length;
        }
        return all;
      },
      [Symbol.asyncDispose]: () => plugin[Symbol.dispose](),
    };
  });

/** LINES_SUM: the lines added up, one value a column. COLUMN_SUM: the columns added up, one value a line. */
export function profile(frame: Frame, { x, y, width, height }: Region, mode: Mode): Int32Array {
  const spectrum = new Int32Array(mode === "LINES_SUM" ? width : height);
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(frame.width, x + width), Math.min(frame.height, y + height)];
  for (let row = top; row < bottom; row++)
    for (let column = left; column < right; column++) {
      const at = mode === "LINES_SUM" ? column - x : row - y;
      spectrum[at] = (spectrum[at] as number) + (frame.pixels[row * frame.width + column] as number);
    }
  return spectrum;
}
