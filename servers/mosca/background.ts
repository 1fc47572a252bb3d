// SPDX-License-Identifier: MIT
// Takes a stored spectrum away from each one that follows. Counts do not fall below 0; statistics stay as they are.
import { background } from "../../devices/mosca/background.ts";
import { deviceClass } from "../../tango/index.ts";
import type { Acquisition, Block } from "./detector.ts";
import { refusal } from "./refusal.ts";
import type { Spectrometer } from "./spectrometer.ts";

/** The last point of an acquisition. */
interface Stored {
  readonly detectors: readonly number[];
  /** (detectors, size) and (detectors, statistics), flat. */
  readonly spectra: Uint32Array;
  readonly stats: Float64Array;
  readonly size: number;
}

export const backgroundClass = (spectrometer: Spectrometer) =>
  deviceClass(background, (device) => {
    device.state = "ON";
    let stored: Stored | undefined;
    let applied = false;
    const placed = spectrometer.stages.insert("background", {
      prepare: (acquisition) => {
        const why = applied && stored ? misfit(stored, acquisition) : undefined;
        if (why) throw refusal(why);
      },
      take: (block, acquisition) => (applied && stored ? subtract(block, acquisition, stored) : block),
    });
    return {
      is_background_applied: {
        read: () => applied,
        write: (on) => {
          if (spectrometer.status === "RUNNING") throw refusal("Can't set parameters while an acquisition is running.");
          if (on && !stored) throw refusal("Can't enable background processing without background data.");
          applied = on;
        },
      },
      store_background: () => {
        stored = lastPoint(spectrometer);
      },
      background_detectors: () => (stored?.detectors ?? []).map(BigInt),
      background_spectra: () => stored?.spectra ?? new Uint32Array(),
      background_stats: () => stored?.stats ?? new Float64Array(),
      [Symbol.asyncDispose]: () => placed[Symbol.dispose](),
    };
  });

function lastPoint({ recording, status }: Spectrometer): Stored {
  if (status === "RUNNING") throw refusal("Can't store a background while an acquisition is running.");
  const { first, end } = recording?.spectra.available ?? { first: 0, end: 0 };
  if (!recording || end <= first) throw refusal("Buffer contains no point yet: there is nothing to store.");
  return {
    detectors: recording.acquisition.detectors,
    size: recording.acquisition.spectrumSize,
    spectra: recording.spectra.read(end - 1, end),
    stats: recording.stats.read(end - 1, end),
  };
}

function misfit({ detectors, size }: Stored, acquisition: Acquisition): string | undefined {
  if (size !== acquisition.spectrumSize)
    return `The stored background has ${size} channels, spectra have ${acquisition.spectrumSize}: store another one.`;
  const missing = acquisition.detectors.filter((id) => !detectors.includes(id));
  return missing.length ? `The stored background has no detector ${missing.join(", ")}: store another one.` : undefined;
}

function subtract(block: Block, { detectors, spectrumSize }: Acquisition, stored: Stored): Block {
  const spectra = new Uint32Array(block.spectra.length);
  for (const [row, id] of detectors.entries()) {
    const from = stored.detectors.indexOf(id) * spectrumSize;
    const start = row * block.points * spectrumSize;
    for (let at = 0; at < block.points * spectrumSize; at++) {
      const difference = (block.spectra[start + at] ?? 0) - (stored.spectra[from + (at % spectrumSize)] ?? 0);
      spectra[start + at] = Math.max(0, difference);
    }
  }
  return { ...block, spectra };
}
