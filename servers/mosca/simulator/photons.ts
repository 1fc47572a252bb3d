// SPDX-License-Identifier: MIT
// Points as a silicon drift detector and its pulse processor would count them: photons of a sample, by seeded chance.
import { channelProbabilities, type Sample } from "./fluorescence.ts";
import type { Fill, PointSource, Preset } from "./point-source.ts";
import { poisson, type Random, random, SpectrumSampler } from "./random.ts";

export interface PhotonOptions {
  readonly sample: Sample;
  /** Energy of the end of the last channel, eV. */
  readonly fullScale: number;
  readonly seed: number;
}

/** Clock tick of the times, s. */
const TICK = 320e-9;
/** The fast channel is blind this long after a photon, the energy filter needs this long for one, s. */
const FAST_DEAD_TIME = 100e-9;
const PEAKING_TIME = 1e-6;

export class PhotonSource implements PointSource {
  readonly #options: PhotonOptions;
  /** Fraction of the time the fast channel can see a photon, and of the photons that are in the spectrum. */
  readonly #seeing: number;
  readonly #through: number;
  #sampler: SpectrumSampler | undefined;
  #size = 0;
  /** Starts so far: each has its own chance. */
  #turn = 0;

  constructor(options: PhotonOptions) {
    this.#options = options;
    const { rate } = options.sample;
    this.#seeing = 1 / (1 + rate * FAST_DEAD_TIME);
    this.#through = Math.exp(-2 * rate * PEAKING_TIME);
  }

  refuseSize = (): undefined => undefined;

  /** By the mean rate; a number of photons without photons never comes. */
  lasting({ kind, value }: Preset): number {
    const triggers = this.#options.sample.rate * this.#seeing;
    if (kind === "REAL") return value;
    if (kind === "LIVE") return value / this.#seeing;
    return value / (kind === "TRIGGERS" ? triggers : triggers * this.#through);
  }

  begin(size: number, preset: Preset | undefined): Fill {
    const { sample, fullScale, seed } = this.#options;
    if (this.#size !== size) this.#sampler = new SpectrumSampler(channelProbabilities(sample, size, fullScale));
    this.#size = size;
    const next = random(seed, ++this.#turn);
    return (spectrum, { seconds }) => this.#fill(spectrum, seconds, preset, next);
  }

  #fill(spectrum: Uint32Array, seconds: number, preset: Preset | undefined, next: Random) {
    const realtime = Math.round(seconds / TICK) * TICK;
    const triggerLivetime = Math.round((realtime * this.#seeing) / TICK) * TICK;
    const expected = this.#options.sample.rate * triggerLivetime;
    const fixed = this.#fixed(preset, next);
    const events =
      fixed.events === undefined
        ? (this.#sampler?.fill(spectrum, expected * this.#through, next) ?? 0)
        : (this.#sampler?.fillExactly(spectrum, fixed.events, next) ?? 0);
    const triggers = fixed.triggers ?? events + poisson(expected * (1 - this.#through), next);
    return { realtime, triggerLivetime, triggers, events };
  }

  /** What the preset fixes. */
  #fixed(preset: Preset | undefined, next: Random): { triggers?: number; events?: number } {
    if (preset?.kind === "EVENTS") return { events: preset.value };
    if (preset?.kind !== "TRIGGERS") return {};
    const lost = Math.min(preset.value, poisson(preset.value * (1 - this.#through), next));
    return { triggers: preset.value, events: preset.value - lost };
  }
}
