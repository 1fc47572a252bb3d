// SPDX-License-Identifier: MIT
// Eight detectors, five of them switched on at first, whose every number is known beforehand. Every mode is paced by
// acq_realtime.
import type { GateMode, TriggerMode } from "../../devices/mosca/words.ts";
import type { Acquisition, Block, SpectrumDetector } from "./detector.ts";
import { Signals } from "./simulator/signals.ts";

const sizes = [666, 1024, 3082];

export class DummyDetector implements SpectrumDetector {
  readonly kind = "DummyHW";
  readonly status = "READY";
  readonly trouble = "";
  readonly detectors: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7];
  readonly initiallyEnabled: readonly number[] = [0, 2, 3, 4, 6];
  readonly statistics: readonly string[] = ["stat_a", "stat_b", "stat_c", "stat_d"];
  readonly triggers: readonly TriggerMode[] = ["FREERUN", "EXT_TRIG", "INT_TRIG_READOUT", "GATE"];
  readonly gates: readonly GateMode[] = ["IGNORE", "HIGH"];
  readonly spectrumSize = 666;
  /** What was applied last, in MOSCA's words. */
  last: Readonly<Record<string, unknown>> = {};

  refuseSize = (size: number): string | undefined => (sizes.includes(size) ? undefined : `[(${sizes.join(", ")})]`);
  refuse = ({ trigger, realtime }: Acquisition): string | undefined =>
    realtime > 0
      ? undefined
      : `Can't have trigger_mode=${trigger} (or use_external_trigger=False) and acq_realtime <= 0.`;
  metadata = (): Readonly<Record<string, unknown>> => ({});

  prepare(): void {}
  applied({ points, realtime, spectrumSize, trigger, gate, blockSize }: Acquisition): void {
    this.last = {
      ...{ acq_nb_points: points, acq_realtime: realtime, acq_nb_triggers: 1, spectrum_size: spectrumSize },
      ...{ trigger_mode: trigger, gate_mode: gate, block_size: blockSize, resume: false },
    };
  }

  async *acquire(
    acquisition: Acquisition,
    { triggered }: { readonly triggered: (points: number) => void },
    signal: AbortSignal,
  ): AsyncGenerator<Block> {
    const { points, blockSize } = acquisition;
    let begun = 0;
    let given = 0;
    for await (const taken of new Signals().take({ ...acquisition, trigger: "INT_TRIG_READOUT" }, signal)) {
      begun += taken.length;
      triggered(begun);
      while (given < begun && begun - given >= Math.min(blockSize, points - given)) {
        const count = Math.min(blockSize, points - given);
        yield this.#block(acquisition, given, count);
        given += count;
      }
    }
  }

  #block({ detectors, spectrumSize }: Acquisition, first: number, points: number): Block {
    const spectra = new Uint32Array(detectors.length * points * spectrumSize);
    for (const [row, id] of detectors.entries())
      for (let at = 0; at < points * spectrumSize; at++)
        spectra[row * points * spectrumSize + at] = 100 * id + first * spectrumSize + at;
    const width = points * this.statistics.length;
    const stats = Float64Array.from(
      { length: detectors.length * width },
      (_, at) => 200 * (detectors[Math.floor(at / width)] ?? 0) + 0.666,
    );
    return { points, spectra, stats };
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
