// SPDX-License-Identifier: MIT
// One prepared acquisition: its points as they come, through the stages between detector and reader.
import type { Acquisition, Block } from "./detector.ts";
import { PointStore } from "./point-store.ts";
import { type RoiRow, sumRois } from "./rois.ts";

export class Recording {
  /** Tenths of seconds since the epoch when it was prepared. */
  readonly id: number;
  readonly acquisition: Acquisition;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spectra: PointStore<Uint32Array>;
  readonly stats: PointStore<Float64Array>;
  /** Undefined when ROIs were changed after the first point: theirs are then not known. */
  rois: PointStore<BigInt64Array> | undefined;
  /** How often it was started or resumed. */
  starts = 0;
  /** Points begun, over all starts. */
  triggered = 0;
  readonly #discardFirst: boolean;
  #discard = false;
  #rows: readonly RoiRow[] = [];
  #left = 0;

  constructor(
    acquisition: Acquisition,
    about: {
      readonly id: number;
      readonly statistics: number;
      readonly rows: readonly RoiRow[];
      readonly metadata: Readonly<Record<string, unknown>>;
      readonly discardFirst: boolean;
    },
  ) {
    this.id = about.id;
    this.acquisition = acquisition;
    this.metadata = about.metadata;
    this.#discardFirst = about.discardFirst;
    const rows = acquisition.detectors.length;
    this.spectra = new PointStore({ rows, width: acquisition.spectrumSize }, (n) => new Uint32Array(n));
    this.stats = new PointStore({ rows, width: about.statistics }, (n) => new Float64Array(n));
    this.useRois(about.rows);
  }

  /** Points read from the hardware. */
  get read(): number {
    return this.spectra.available.end;
  }
  /** Points a client can have, ROIs included. */
  get available(): number {
    if (this.#rows.length === 0) return this.read;
    return this.rois?.available.end ?? 0;
  }

  useRois(rows: readonly RoiRow[]): void {
    this.#rows = rows;
    const known = this.read === 0;
    this.rois = known ? new PointStore({ rows: rows.length, width: 1 }, (n) => new BigInt64Array(n)) : undefined;
  }

  /** One more run of the detector begins; gives what to tell of its triggers. */
  begin(): (points: number) => void {
    this.starts++;
    const before = this.triggered;
    this.#discard = this.#discardFirst && this.starts === 1;
    this.#left = this.acquisition.points;
    const lost = this.#discard ? 1 : 0;
    return (points) => {
      this.triggered = before + Math.max(0, Math.min(points, this.acquisition.points) - lost);
    };
  }

  /** What of a block is to be kept, undefined when nothing is. @throws when there are more points than were asked for */
  admit(block: Block): Block | undefined {
    this.#left -= block.points;
    if (this.#left < 0) throw new Error(`the detector gave more than the ${this.acquisition.points} points asked for`);
    if (!this.#discard) return block;
    this.#discard = false;
    if (block.points === 1) return undefined;
    const { detectors, spectrumSize } = this.acquisition;
    return {
      points: block.points - 1,
      spectra: withoutFirst(block.spectra, detectors.length, block.points, spectrumSize),
      stats: withoutFirst(block.stats, detectors.length, block.points, this.stats.width),
    };
  }

  keep(block: Block): void {
    const { detectors, spectrumSize } = this.acquisition;
    if (this.rois && this.#rows.length)
      this.rois.add(block.points, sumRois(this.#rows, block, detectors, spectrumSize));
    this.stats.add(block.points, block.stats);
    this.spectra.add(block.points, block.spectra);
  }
}

function withoutFirst<N extends Uint32Array | Float64Array>(data: N, rows: number, points: number, width: number): N {
  const out = data.slice(rows * width);
  for (let row = 0; row < rows; row++) {
    const from = (row * points + 1) * width;
    out.set(data.subarray(from, from + (points - 1) * width), row * (points - 1) * width);
  }
  return out as N;
}
