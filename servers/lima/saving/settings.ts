// SPDX-License-Identifier: MIT
// What the saving_* attributes say.
export const savingModes = ["MANUAL", "AUTO_FRAME", "AUTO_HEADER"] as const;
export const managedModes = ["SOFTWARE", "HARDWARE"] as const;
export const overwritePolicies = ["ABORT", "OVERWRITE", "APPEND", "MULTISET"] as const;

export interface SavingSettings {
  directory: string;
  prefix: string;
  suffix: string;
  /** Of the next file. */
  number: number;
  /** printf's, for the number. */
  indexFormat: string;
  /** A name of the format table. */
  format: string;
  mode: (typeof savingModes)[number];
  /** saving_stream_active: without it frames are not saved by themselves. */
  active: boolean;
  /** HARDWARE: the camera writes the files. */
  managed: (typeof managedModes)[number];
  policy: (typeof overwritePolicies)[number];
  framesPerFile: number;
  /** Saves frames 0, n, 2n ... */
  everyNth: number;
  /** Files that are written at the same time. */
  tasks: number;
  /** Frames that the camera has packed as the format wants them go to the file like that. */
  cameraPacks: boolean;
  commonHeader: ReadonlyMap<string, string>;
  /** Names of groups in the NeXus tree. */
  instrument: string;
  detector: string;
}

export const defaultSaving = (instrument: string, detector: string): SavingSettings => ({
  directory: "",
  prefix: "",
  suffix: ".raw",
  number: 0,
  indexFormat: "%04d",
  format: "RAW",
  mode: "MANUAL",
  active: true,
  managed: "SOFTWARE",
  policy: "ABORT",
  framesPerFile: 1,
  everyNth: 1,
  tasks: 1,
  cameraPacks: false,
  commonHeader: new Map(),
  instrument,
  detector,
});
