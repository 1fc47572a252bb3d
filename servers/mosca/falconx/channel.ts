// SPDX-License-Identifier: MIT
// One channel of a FalconX during an acquisition: from the histograms it is sent to the points they are.
import type { Counted } from "../statistics.ts";
import type { FalconXModule } from "./module.ts";
import type { Histogram } from "./sinc/histogram.ts";
import { type HistogramHeader, histogramTriggers } from "./sinc/message-table.ts";

/** How histograms make points: every one is a point (mapping), or the last one before the end is. */
export type Readout = "every" | "last";

export interface Point {
  readonly spectrum: Uint32Array;
  readonly counted: Counted;
}

export class FalconXChannel {
  /** Id of the detector. */
  readonly id: number;
  readonly module: FalconXModule;
  /** Its number in the module. */
  readonly number: number;
  state = "";
  /** Points that are complete and not taken yet, the oldest first. */
  points: Point[] = [];
  #readout: Readout = "every";
  #most = 0;
  #latest: Histogram | undefined;

  constructor(id: number, module: FalconXModule, number: number) {
    this.id = id;
    this.module = module;
    this.number = number;
  }

  get about(): string {
    return `${this.module.about}, channel ${this.number}`;
  }

  /** A new run of at most so many points. */
  begin(readout: Readout, most: number): void {
    this.points = [];
    this.#readout = readout;
    this.#most = most;
    this.#latest = undefined;
  }

  heard(histogram: Histogram): void {
    this.#latest = histogram;
    if (this.#readout === "every" || histogram.header.trigger === histogramTriggers.complete) this.#complete();
  }
  became(state: string): void {
    this.state = state;
  }
  /** Makes a point of the last histogram, when there is one that is none yet. */
  close(): void {
    if (this.#latest) this.#complete();
  }

  #complete(): void {
    const { header, accepted } = this.#latest ?? { header: {}, accepted: new Uint32Array() };
    this.#latest = undefined;
    if (this.#most === 0) return;
    this.#most--;
    this.points.push({ spectrum: accepted, counted: countedOf(header) });
  }
}

/** Rates of a channel without signal are not numbers. */
const orZero = (value = 0) => (Number.isFinite(value) ? value : 0);

/** As the maker's library counts: all pulses are triggers, the live time follows from their rate. */
export function countedOf(header: HistogramHeader): Counted {
  const { timeElapsed = 0, pulsesAccepted = 0n, pulsesRejected = 0n } = header;
  const triggers = Number(pulsesAccepted + pulsesRejected);
  const rate = orZero(header.inputCountRate);
  return {
    realtime: timeElapsed,
    triggerLivetime: rate > 0 ? triggers / rate : 0,
    triggers,
    events: Number(pulsesAccepted),
  };
}
