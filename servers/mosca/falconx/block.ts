// SPDX-License-Identifier: MIT
import type { Acquisition, Block } from "../detector.ts";
import { xiaStatistics, xiaValues } from "../statistics.ts";
import type { FalconXChannel } from "./channel.ts";

/** Takes so many points of each channel. @throws Error when a spectrum has another length than was asked for */
export function blockOf(
  { detectors, spectrumSize }: Acquisition,
  channels: readonly FalconXChannel[],
  points: number,
): Block {
  const spectra = new Uint32Array(detectors.length * points * spectrumSize);
  const stats = new Float64Array(detectors.length * points * xiaStatistics.length);
  for (const [row, channel] of channels.entries())
    for (const [at, { spectrum, counted }] of channel.points.splice(0, points).entries()) {
      if (spectrum.length !== spectrumSize)
        throw new Error(`${channel.about} sent a spectrum of ${spectrum.length} channels, not of ${spectrumSize}`);
      spectra.set(spectrum, (row * points + at) * spectrumSize);
      stats.set(xiaValues(counted), (row * points + at) * xiaStatistics.length);
    }
  return { points, spectra, stats };
}
