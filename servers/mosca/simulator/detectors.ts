// SPDX-License-Identifier: MIT
// Simulated silicon drift detectors behind a simulated pulse processor.
import type { GateMode, TriggerMode } from "../../../devices/mosca/words.ts";
import type { Acquisition, Block, SpectrumDetector } from "../detector.ts";
import { xiaStatistics, xiaValues } from "../statistics.ts";
import { channelProbabilities, type Sample } from "./fluorescence.ts";
import { poisson, type Random, random, SpectrumSampler } from "./random.ts";
import type { Signals } from "./signals.ts";

export interface SimulatedOptions {
  readonly kind: string;
  readonly detectors: readonly number[];
  readonly sample: Sample;
  /** Energy of the end of the last channel, eV. */
  readonly fullScale: number;
  readonly spectrumSize: number;
  readonly seed: number;
  readonly signals: Signals;
  /** What the metadata of an acquisition keeps. */
  readonly about: () => Readonly<Record<string, unknown>>;
}

/** Clock tick of the times, s. */
const TICK = 320e-9;
/** The fast channel is blind this long after a photon, the energy filter needs this long for one, s. */
const FAST_DEAD_TIME = 100e-9;
const PEAKING_TIME = 1e-6;
const sizes = { least: 128, most: 4096 } as const;

export class SimulatedDetectors implements SpectrumDetector {
  readonly kind: string;
  readonly status = "READY";
  readonly trouble = "";
  readonly detectors: readonly number[];
  readonly statistics: readonly string[] = xiaStatistics;
  readonly triggers: readonly TriggerMode[] = ["FREERUN", "INT_TRIG_READOUT", "GATE", "EXT_TRIG"];
  readonly gates: readonly GateMode[] = ["IGNORE", "HIGH", "LOW"];
  readonly spectrumSize: number;
  readonly #options: SimulatedOptions;
  #sampler: SpectrumSampler | undefined;
  /** Acquisitions so far: each has its own chance. */
  #turn = 0;

  constructor(options: SimulatedOptions) {
    this.#options = options;
    this.kind = options.kind;
    this.detectors = options.detectors;
    this.spectrumSize = options.spectrumSize;
  }

  metadata(): Readonly<Record<string, unknown>> {
    return this.#options.about();
  }

  refuseSize(size: number): string | undefined {
    if (Number.isInteger(size) && size >= sizes.least && size <= sizes.most) return undefined;
    return `A whole number from ${sizes.least} to ${sizes.most} is needed`;
  }

  refuse({ trigger, gate, points }: Acquisition): string | undefined {
    const single = trigger === "FREERUN" || trigger === "INT_TRIG_READOUT";
    if (single && points !== 1) return `acq_nb_points must be 1 in trigger_mode ${trigger} (was: ${points}).`;
    if (!single && gate === "IGNORE")
      return `gate_mode IGNORE does not work with trigger_mode ${trigger}: set HIGH or LOW.`;
    return undefined;
  }

  prepare({ spectrumSize }: Acquisition): void {
    const { sample, fullScale } = this.#options;
    this.#sampler = new SpectrumSampler(channelProbabilities(sample, spectrumSize, fullScale));
  }

  async *acquire(
    acquisition: Acquisition,
    { triggered }: { readonly triggered: (points: number) => void },
    signal: AbortSignal,
  ): AsyncGenerator<Block> {
    const { points, blockSize } = acquisition;
    const next = random(this.#options.seed, ++this.#turn);
    let begun = 0;
    let given = 0;
    let waiting: number[] = [];
    for await (const taken of this.#options.signals.take(acquisition, signal)) {
      begun += taken.points;
      triggered(begun);
      for (let point = 0; point < taken.points; point++) waiting.push(taken.realtime);
      while (waiting.length >= Math.min(blockSize, points - given) && waiting.length > 0) {
        const block = waiting.slice(0, blockSize);
        waiting = waiting.slice(blockSize);
        given += block.length;
        yield this.#block(acquisition, block, next);
      }
    }
  }

  #block({ detectors, spectrumSize }: Acquisition, realtimes: readonly number[], next: Random): Block {
    const points = realtimes.length;
    const width = this.statistics.length;
    const spectra = new Uint32Array(detectors.length * points * spectrumSize);
    const stats = new Float64Array(detectors.length * points * width);
    for (let row = 0; row < detectors.length * points; row++) {
      const spectrum = spectra.subarray(row * spectrumSize, (row + 1) * spectrumSize);
      stats.set(this.#point(spectrum, realtimes[row % points] ?? 0, next), row * width);
    }
    return { points, spectra, stats };
  }

  /** Fills one spectrum; gives its statistics. */
  #point(spectrum: Uint32Array, seconds: number, next: Random): number[] {
    const { rate } = this.#options.sample;
    const realtime = Math.round(seconds / TICK) * TICK;
    const triggerLivetime = Math.round(realtime / (1 + rate * FAST_DEAD_TIME) / TICK) * TICK;
    const expected = rate * triggerLivetime;
    const through = Math.exp(-2 * rate * PEAKING_TIME);
    const events = this.#sampler?.fill(spectrum, expected * through, next) ?? 0;
    const triggers = events + poisson(expected * (1 - through), next);
    return xiaValues({ realtime, triggerLivetime, triggers, events });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
