// SPDX-License-Identifier: MIT
// What a spectrometer's hardware has to do: a new one is one file that gives this.
import type { GateMode, Status, TriggerMode } from "../../devices/mosca/words.ts";
import type { Configuration } from "./configuration.ts";

/** One acquisition, as it was asked for. */
export interface Acquisition {
  readonly trigger: TriggerMode;
  readonly gate: GateMode;
  readonly points: number;
  /** Seconds of a timed point. */
  readonly realtime: number;
  /** Points that come together; the last block of an acquisition may be shorter. */
  readonly blockSize: number;
  readonly spectrumSize: number;
  /** Enabled detectors, ascending: the rows of a block. */
  readonly detectors: readonly number[];
}

/** Some points of all enabled detectors. The arrays belong to the receiver: a detector makes new ones for each block. */
export interface Block {
  readonly points: number;
  /** (detectors, points, spectrumSize), row-major. */
  readonly spectra: Uint32Array;
  /** (detectors, points, statistics), row-major. */
  readonly stats: Float64Array;
}

export interface SpectrumDetector extends AsyncDisposable {
  /** Its kind, as the metadata of an acquisition says it. */
  readonly kind: string;
  /** READY, UNINITIALIZED, INITIALIZING or FAULT; running is the acquisition's affair. */
  readonly status: Status;
  /** Why it is not READY; "" when it is. */
  readonly trouble: string;
  /** Ids, ascending. */
  readonly detectors: readonly number[];
  /** Those switched on at first; absent: all. */
  readonly initiallyEnabled?: readonly number[];
  /** Of hardware that has configuration files. */
  readonly configuration?: Configuration | undefined;
  /** Columns of `Block.stats`. */
  readonly statistics: readonly string[];
  readonly triggers: readonly TriggerMode[];
  readonly gates: readonly GateMode[];
  /** Channels of a spectrum at first. */
  readonly spectrumSize: number;
  /** Undefined when it can make spectra of `size` channels, else why not. */
  refuseSize(size: number): string | undefined;
  /** What the metadata of an acquisition keeps of it. */
  metadata(): Readonly<Record<string, unknown>>;
  /** Undefined when it can do this acquisition, else what it cannot and why. Asked before `prepare`. */
  refuse(acquisition: Acquisition): string | undefined;
  /** Told of an acquisition that was applied: `prepare` may follow. */
  applied?(acquisition: Acquisition): void;
  /** Sets the hardware up. */
  prepare(acquisition: Acquisition): Promise<void> | void;
  /** Resolves when the hardware takes triggers: only then start_acq returns. Absent: `acquire` does at once. */
  arm?(acquisition: Acquisition): Promise<void>;
  /**
   * Takes the points, after `arm`. `triggered` is told how many have begun since the start. An aborted `signal` ends it: whole blocks
   * taken until then are still given, a free running point ends there. A throw is a fault of the hardware.
   */
  acquire(
    acquisition: Acquisition,
    watch: { readonly triggered: (points: number) => void },
    signal: AbortSignal,
  ): AsyncIterable<Block>;
}
