// SPDX-License-Identifier: MIT
// Simulated detectors behind a simulated pulse processor.
import type { GateMode, TriggerMode } from "../../../devices/mosca/words.ts";
import type { Acquisition, Block, SpectrumDetector } from "../detector.ts";
import type { Family } from "./family.ts";
import type { Fill, PointSource, Preset } from "./point-source.ts";
import type { Signals } from "./signals.ts";

export interface SimulatedOptions {
  readonly family: Family;
  readonly detectors: readonly number[];
  /** Where points come from when the signals bring none. */
  readonly photons: PointSource;
  readonly signals: Signals;
  /** What ends a timed point; default acq_realtime. */
  readonly preset?: (acquisition: Acquisition) => Preset | undefined;
  /** Blocks the processor keeps while they are not read; 0: no limit. */
  readonly buffers?: number;
  /** What the metadata of an acquisition keeps. */
  readonly about: () => Readonly<Record<string, unknown>>;
}

export class SimulatedDetectors implements SpectrumDetector {
  readonly kind: string;
  readonly status = "READY";
  readonly trouble = "";
  readonly detectors: readonly number[];
  readonly statistics: readonly string[];
  readonly triggers: readonly TriggerMode[];
  readonly gates: readonly GateMode[];
  readonly spectrumSize: number;
  readonly #options: SimulatedOptions;

  constructor(options: SimulatedOptions) {
    this.#options = options;
    this.detectors = options.detectors;
    ({
      kind: this.kind,
      statistics: this.statistics,
      triggers: this.triggers,
      gates: this.gates,
      spectrumSize: this.spectrumSize,
    } = options.family);
  }

  get #source(): PointSource {
    return this.#options.signals.recorded ?? this.#options.photons;
  }
  metadata(): Readonly<Record<string, unknown>> {
    return this.#options.about();
  }
  refuseSize = (size: number): string | undefined => this.#options.family.refuseSize(size);

  refuse(acquisition: Acquisition): string | undefined {
    const why = this.#options.family.refuse(acquisition) ?? this.#source.refuseSize(acquisition.spectrumSize);
    if (why) return why;
    const preset = this.#options.preset?.(acquisition);
    if (!preset || Number.isFinite(this.#source.lasting(preset))) return undefined;
    return `A point of ${preset.value} ${preset.kind.toLowerCase()} never ends: there are no photons.`;
  }
  prepare(): void {}

  async *acquire(
    acquisition: Acquisition,
    { triggered }: { readonly triggered: (points: number) => void },
    signal: AbortSignal,
  ): AsyncGenerator<Block> {
    const { points, blockSize } = acquisition;
    const { signals, preset: presetOf, buffers = 0 } = this.#options;
    const preset = presetOf?.(acquisition);
    const fill = this.#source.begin(acquisition.spectrumSize, preset);
    const realtime = preset ? this.#source.lasting(preset) : acquisition.realtime;
    let given = 0;
    let waiting: number[] = [];
    for await (const taken of signals.take({ ...acquisition, realtime }, signal)) {
      waiting = [...waiting, ...taken];
      triggered(given + waiting.length);
      if (buffers > 0) checkOverrun(waiting.length, buffers * blockSize);
      while (waiting.length >= Math.min(blockSize, points - given) && waiting.length > 0) {
        const block = waiting.slice(0, blockSize);
        waiting = waiting.slice(blockSize);
        yield this.#block(acquisition, given, block, fill);
        given += block.length;
      }
    }
  }

  #block({ detectors, spectrumSize }: Acquisition, first: number, realtimes: readonly number[], fill: Fill): Block {
    const points = realtimes.length;
    const { family } = this.#options;
    const width = family.statistics.length;
    const spectra = new Uint32Array(detectors.length * points * spectrumSize);
    const stats = new Float64Array(detectors.length * points * width);
    let row = 0;
    for (const detector of detectors)
      for (const [point, seconds] of realtimes.entries()) {
        const spectrum = spectra.subarray(row * spectrumSize, (row + 1) * spectrumSize);
        stats.set(family.values(fill(spectrum, { detector, point: first + point, seconds })), row * width);
        row++;
      }
    return { points, spectra, stats };
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** @throws Error when points came while every buffer was full: those are lost */
function checkOverrun(waiting: number, kept: number): void {
  if (waiting <= kept) return;
  throw new Error(
    `buffer overrun: ${waiting} points were not read, the hardware keeps ${kept}: take longer points or larger blocks`,
  );
}
