// SPDX-License-Identifier: MIT
// The Roi2spectrumDeviceServer device: each region of each frame summed along its lines or its columns.
import { roiSpectrum } from "../../../devices/lima/plugins.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import { field } from "../device/fields.ts";
import { MaskFile } from "../mask-file.ts";
import type { ProfileRegion } from "../pipeline/tasks.ts";
import { RegionList, tuples } from "./region-list.ts";
import { RecentResults } from "./results.ts";
import { pluginSwitch } from "./switch.ts";

const modes = ["LINES_SUM", "COLUMN_SUM"] as const;

interface FrameSpectra {
  readonly ids: readonly number[];
  readonly spectra: readonly Int32Array[];
}

export const roiSpectrumClass = (detector: Detector) =>
  deviceClass(roiSpectrum, async (device) => {
    const regions = new RegionList<ProfileRegion>();
    const results = new RecentResults<FrameSpectra>(device.properties.BufferSize);
    const mask = new MaskFile();
    await mask.read(device.properties.MaskFile);
    const plugin = pluginSwitch<"profiles">({
      device,
      detector,
      type: "roi2spectrum",
      processor: (runLevel) => ({
        runLevel,
        counts: true,
        prepare: (size) => {
          mask.check(size);
          results.clear();
        },
        task: () => ({ do: "profiles", ...regions.all, mask: mask.bytes }),
        done: (spectra, frame, { ids }) => results.add(frame.index, { ids, spectra }),
      }),
    });
    const regionsOf = (names: readonly string[]) => names.map((name) => regions.get(name));
    return {
      ...plugin.members,
      BufferSize: field(results, "capacity"),
      MaskFile: { read: () => mask.file, write: (file) => mask.read(file) },
      CounterStatus: () => results.last,
      addNames: (names) => {
        plugin.started();
        return regions.add(names);
      },
      setRois: (values) => {
        plugin.started();
        for (const [id = 0, x = 0, y = 0, width = 0, height = 0] of tuples(values, 5, "id, x, y, width, height"))
          regions.set(id, { x, y, width, height, mode: regions.find(id)?.mode ?? "LINES_SUM" });
      },
      getNames: () => regions.names,
      getRois: (names) =>
        Int32Array.from(
          regionsOf(names).flatMap(({ id, region: { x, y, width, height } }) => [id, x, y, width, height]),
        ),
      setRoiModes: (words) => {
        for (const [name, mode] of modesOf(words)) {
          const { id, region } = regions.get(name);
          regions.set(id, { ...region, mode });
        }
      },
      getRoiModes: (names) => regionsOf(names).map(({ region }) => region.mode),
      removeRois: (names) => regions.remove(names),
      // BLISS starts the device before it clears the regions, and goes on to set them: it stays ON.
      clearAllRois: () => {
        regions.clear();
        results.clear();
      },
      setMaskFile: (file) => mask.read(file),
      readImage: (values) => {
        plugin.started();
        const [id = -1, first = 0] = values;
        return joined(results.from(first).flatMap(({ result }) => result.spectra[result.ids.indexOf(id)] ?? []));
      },
      [Symbol.asyncDispose]: () => plugin[Symbol.dispose](),
    };
  });

/** Of name, mode, name, mode ... @throws Error naming a mode that is none. */
function modesOf(words: readonly string[]): (readonly [name: string, mode: (typeof modes)[number]])[] {
  if (words.length % 2 !== 0)
    throw new Error(`setRoiModes takes a name and a mode of each: ${words.length} words given`);
  return Array.from({ length: words.length / 2 }, (_, i) => {
    const [name = "", word = ""] = [words[2 * i], words[2 * i + 1]];
    const mode = modes.find((each) => each === word.toUpperCase());
    if (!mode) throw new Error(`Roi mode "${word}" of ${name}: ${modes.join(" or ")} is wanted`);
    return [name, mode] as const;
  });
}

function joined(spectra: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(spectra.reduce((length, each) => length + each.length, 0));
  let at = 0;
  for (const spectrum of spectra) {
    all.set(spectrum, at);
    at += spectrum.length;
  }
  return all;
}
