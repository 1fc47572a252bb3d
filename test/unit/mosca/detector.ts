// SPDX-License-Identifier: MIT
// A detector under the hand of a test: it gives a block when it is told to.
import type { Acquisition, Block, SpectrumDetector } from "../../../servers/mosca/detector.ts";

/** Long enough for everything that needs no timer. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 16; turn++) await Promise.resolve();
}

export class HandDetector implements SpectrumDetector {
  readonly kind = "Hand";
  status: SpectrumDetector["status"] = "READY";
  trouble = "";
  readonly detectors = [0, 2, 5];
  readonly statistics = ["a", "b"];
  readonly triggers = ["INT_TRIG_READOUT", "GATE", "EXT_TRIG", "FREERUN"] as const;
  readonly gates = ["IGNORE", "HIGH"] as const;
  readonly spectrumSize = 16;
  /** Points begun in this run. */
  begun = 0;
  #waiting: (() => void) | undefined;
  #orders: (number | Error)[] = [];
  #active = false;

  refuseSize = (size: number) => (size >= 1 && size <= 64 ? undefined : "1 to 64 are possible");
  refuse = ({ points }: Acquisition) => (points > 1000 ? "no more than 1000 points" : undefined);
  prepare(): void {}
  arm: () => Promise<void> = async () => {};
  metadata = () => ({});

  /** Gives a block of so many points, or fails, when it acquires. Resolves when that was taken. */
  async give(order: number | Error): Promise<void> {
    await turns();
    if (!this.#active) return;
    this.#orders.push(order);
    this.#waiting?.();
    await turns();
  }

  async *acquire(
    { points, detectors, spectrumSize }: Acquisition,
    { triggered }: { readonly triggered: (points: number) => void },
    signal: AbortSignal,
  ): AsyncGenerator<Block> {
    this.#orders = [];
    this.#active = true;
    this.begun = 0;
    using _end = { [Symbol.dispose]: () => void (this.#active = false) };
    while (this.begun < points) {
      const order = this.#orders.shift();
      if (order instanceof Error) throw order;
      if (order === undefined) {
        if (signal.aborted) return;
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#waiting = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
        await promise;
        continue;
      }
      const first = this.begun;
      this.begun += order;
      triggered(this.begun);
      yield this.block(first, order, detectors, spectrumSize);
    }
  }

  /** Detector d, point p, channel c: 1000 d + 10 p + c; statistics d + 0.5, p. */
  block(first: number, points: number, detectors: readonly number[], size: number): Block {
    const spectra = Uint32Array.from({ length: detectors.length * points * size }, (_, at) => {
      const [row, channel] = [Math.floor(at / size), at % size];
      return 1000 * (detectors[Math.floor(row / points)] ?? 0) + 10 * (first + (row % points)) + channel;
    });
    const stats = Float64Array.from({ length: detectors.length * points * 2 }, (_, at) => {
      const row = Math.floor(at / 2);
      return at % 2 ? first + (row % points) : (detectors[Math.floor(row / points)] ?? 0) + 0.5;
    });
    return { points, spectra, stats };
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
