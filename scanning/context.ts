// SPDX-License-Identifier: MIT
// What surrounds a scan: where it is saved, its number, the metadata of the moment. A session provides it; without one
// a scan is complete by itself, unsaved and numbered 1.
import { userInfo } from "node:os";
import type { ChainSetting } from "./chain/build.ts";
import type { ScanIdentity, Sink } from "./events.ts";
import type { ScanPlan } from "./plan.ts";
import type { ChainPreset, Preset } from "./presets.ts";
import type { Gate, Readable } from "./protocols.ts";
import type { ScanRun } from "./run.ts";

/** Where a scan goes. */
export interface ScanSaving {
  readonly policy: Pick<ScanIdentity, "dataPolicy" | "session" | "proposal" | "collection" | "dataset">;
  /** The data file; null: not saved. */
  readonly filename: string | null;
  /** Template with `{img_acq_device}`; null: no images are saved. */
  readonly imagesPath: string | null;
  /** Keys of the document that depend on the policy: data_writer, writer_options ... */
  readonly info: Readonly<Record<string, unknown>>;
}

export interface ScanContext {
  readonly sink?: Sink;
  readonly chainSettings: readonly ChainSetting[];
  readonly presets: readonly Preset[];
  readonly chainPresets: readonly ChainPreset[];
  /** Gates that devices may have as their master. */
  readonly gates?: readonly Gate[];
  /** What is read when the scan names no counter. */
  activeCounters(): readonly Readable[];
  /** Unique in the process, or at least in the session. */
  deviceNumber(): number;
  /** Saved scans count by themselves, and survive a restart. */
  scanNumber(saved: boolean): Promise<number>;
  saving(scan: { name: string; number: number; save: boolean }): ScanSaving;
  /** Keys to merge into the document: categories (positioners, instrument ...) at the start and at the end. */
  metadata(moment: "START" | "END", plan: ScanPlan): Promise<Readonly<Record<string, unknown>>>;
  /** Fullnames of the channels selected for plots. */
  plotselect(): Readonly<Record<string, unknown>>;
  warn(message: string): void;
  /** Told of the scans that a scan starts as parts of itself. */
  started?(run: ScanRun): void;
}

/** The context of a scan outside a session. */
export function bareContext(): ScanContext {
  let devices = 0;
  return {
    chainSettings: [],
    presets: [],
    chainPresets: [],
    activeCounters: () => [],
    deviceNumber: () => devices++,
    scanNumber: async () => 1,
    saving: () => ({
      policy: { dataPolicy: "None", session: null, proposal: null, collection: null, dataset: null },
      filename: null,
      imagesPath: null,
      info: { user_name: userName(), data_writer: "null", data_policy: "None" },
    }),
    metadata: async () => ({}),
    plotselect: () => ({ plotselect: [] }),
    warn: (message) => process.emitWarning(message, "ScanWarning"),
  };
}

export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown"; // a container's user id without a name
  }
}
