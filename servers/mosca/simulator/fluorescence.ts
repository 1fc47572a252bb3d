// SPDX-License-Identifier: MIT
// The spectrum a silicon drift detector expects of a sample: Gaussian lines broadened by electronics and charge
// statistics, escape peaks, a continuum below the lines, and pile-up of two photons seen as one.
import { elements } from "./element-table.ts";

export interface Sample {
  /** Symbol -> weight of its lines. */
  readonly content: Readonly<Record<string, number>>;
  /** Photons a second on the detector. */
  readonly rate: number;
}

/** Width of the electronic noise, eV (FWHM). */
const NOISE_FWHM = 90;
const FWHM_PER_SIGMA = 2 * Math.sqrt(2 * Math.LN2);
/** Fano factor of silicon, and eV to make an electron-hole pair in it. */
const FANO = 0.114;
const PAIR_ENERGY = 3.66;
/** The silicon K line leaves the crystal now and then: eV taken away, and how often. */
const ESCAPE_ENERGY = 1740;
const ESCAPE_PROBABILITY = 0.005;
const SILICON_EDGE = 1839;
const CONTINUUM = 0.06;
/** Two photons within this time are one, s. */
const PAIR_RESOLUTION = 100e-9;

/** Standard deviation of a line, eV. */
export const sigmaOf = (energy: number): number =>
  Math.sqrt((NOISE_FWHM / FWHM_PER_SIGMA) ** 2 + FANO * PAIR_ENERGY * energy);

/** `["Fe", "Cu:0.5"]` as content. @throws RangeError naming the element that is not known */
export function parseContent(words: readonly string[]): Record<string, number> {
  const content: Record<string, number> = {};
  for (const word of words) {
    const [symbol = "", weight = "1"] = word.split(":");
    if (!Object.hasOwn(elements, symbol))
      throw new RangeError(`Elements: "${symbol}" is not known; there are: ${Object.keys(elements).join(", ")}`);
    if (!(Number(weight) > 0)) throw new RangeError(`Elements: the weight of ${word} must be a number above 0`);
    content[symbol] = Number(weight);
  }
  return content;
}

/** Probability of each channel for one photon of the spectrum: sums up to 1. `fullScale`: eV of the end of the last one. */
export function channelProbabilities({ content, rate }: Sample, size: number, fullScale: number): Float64Array {
  const lines = withPileUp(withEscape(linesOf(content)), rate);
  const channels = new Float64Array(size);
  const width = fullScale / size;
  for (const [energy, intensity] of lines) addLine(channels, energy / width - 0.5, sigmaOf(energy) / width, intensity);
  addContinuum(channels, Math.max(...lines.map(([energy]) => energy)) / width);
  const total = channels.reduce((sum, value) => sum + value, 0);
  if (total === 0) return channels.fill(1 / size);
  return channels.map((value) => value / total);
}

type Line = readonly [energy: number, intensity: number];

function linesOf(content: Readonly<Record<string, number>>): Line[] {
  const lines = Object.entries(content).flatMap(([symbol, weight]) =>
    (elements[symbol] ?? []).map(([energy, intensity]): Line => [energy, intensity * weight]),
  );
  const total = lines.reduce((sum, [, intensity]) => sum + intensity, 0);
  return lines.map(([energy, intensity]) => [energy, intensity / total]);
}

const withEscape = (lines: readonly Line[]): Line[] =>
  lines.flatMap(([energy, intensity]): Line[] =>
    energy <= SILICON_EDGE
      ? [[energy, intensity]]
      : [
          [energy, intensity * (1 - ESCAPE_PROBABILITY)],
          [energy - ESCAPE_ENERGY, intensity * ESCAPE_PROBABILITY],
        ],
  );

function withPileUp(lines: readonly Line[], rate: number): Line[] {
  const probability = 1 - Math.exp(-rate * PAIR_RESOLUTION);
  const sums = lines.flatMap(([one, a]) => lines.map(([other, b]): Line => [one + other, a * b * probability]));
  return [...lines.map(([energy, a]): Line => [energy, a * (1 - probability)]), ...sums];
}

/** Adds a Gaussian of unit-free area `area` at channel `center`. */
function addLine(channels: Float64Array, center: number, sigma: number, area: number): void {
  const from = Math.max(0, Math.floor(center - 6 * sigma));
  const to = Math.min(channels.length - 1, Math.ceil(center + 6 * sigma));
  const height = area / (sigma * Math.sqrt(2 * Math.PI));
  for (let channel = from; channel <= to; channel++)
    channels[channel] = (channels[channel] ?? 0) + height * Math.exp(-0.5 * ((channel - center) / sigma) ** 2);
}

function addContinuum(channels: Float64Array, end: number): void {
  const length = Math.min(channels.length, Math.ceil(end));
  for (let channel = 0; channel < length; channel++)
    channels[channel] = (channels[channel] ?? 0) + (CONTINUUM * 2 * (1 - channel / end)) / end;
}
