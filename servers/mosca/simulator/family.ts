// SPDX-License-Identifier: MIT
// What kinds of pulse processors differ in, as far as a simulation shows it.
import type { GateMode, TriggerMode } from "../../../devices/mosca/words.ts";
import type { Acquisition } from "../detector.ts";
import type { Counted } from "../statistics.ts";

export interface Configured {
  /** Detector ids, ascending. */
  readonly detectors: readonly number[];
  readonly modules: readonly string[];
  /** Channels of a spectrum, when the file says it. */
  readonly spectrumSize?: number;
}

export interface Family {
  /** As the metadata of an acquisition says it. */
  readonly kind: string;
  /** Columns of the statistics, and their values. */
  readonly statistics: readonly string[];
  readonly values: (counted: Counted) => readonly number[];
  readonly triggers: readonly TriggerMode[];
  readonly gates: readonly GateMode[];
  readonly spectrumSize: number;
  /** Undefined when spectra of `size` channels are possible, else why not. */
  readonly refuseSize: (size: number) => string | undefined;
  /** Undefined when this acquisition is possible, else why not. */
  readonly refuse: (acquisition: Acquisition) => string | undefined;
  /** Reads a configuration file. @throws Error naming it and what is wrong */
  readonly load: (directory: string, file: string) => Promise<Configured>;
  /** Names of the configuration files of a directory. */
  readonly list: (directory: string) => Promise<string[]>;
  /** What the metadata of an acquisition keeps of the hardware. */
  readonly metadata: (about: {
    /** Of the configuration file; "" when none is loaded. */
    readonly path: string;
    /** Seconds. */
    readonly refresh: number;
  }) => Readonly<Record<string, unknown>>;
  /** Status after a configuration that did not load. */
  readonly unloaded: "UNINITIALIZED" | "FAULT";
  readonly loaded: (file: string, detectors: number) => string;
}
