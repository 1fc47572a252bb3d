// SPDX-License-Identifier: MIT
// Where the numbers of simulated points come from.
import type { Counted } from "../statistics.ts";

/** What ends a point, in the words of the pulse processors. */
export type PresetKind = "REAL" | "LIVE" | "EVENTS" | "TRIGGERS";
export interface Preset {
  readonly kind: PresetKind;
  /** Seconds, or a number of photons. */
  readonly value: number;
}

export interface PointToFill {
  readonly detector: number;
  /** Of this start or resume, from 0. */
  readonly point: number;
  /** Seconds it lasted. */
  readonly seconds: number;
}
/** Fills a spectrum of zeros; gives what the processor counted beside it. */
export type Fill = (spectrum: Uint32Array, point: PointToFill) => Counted;

export interface PointSource {
  /** Undefined when it can give spectra of `size` channels, else why not. */
  refuseSize(size: number): string | undefined;
  /** Seconds a point of this preset takes. */
  lasting(preset: Preset): number;
  /** The points of one start. */
  begin(size: number, preset: Preset | undefined): Fill;
}
