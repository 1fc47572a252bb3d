// SPDX-License-Identifier: MIT
// A BlissWriter device, ours or blisswriter's, as the one who writes the files of our scans: give it to `savedBy`.
import { type ConnectOptions, connect, devFailed } from "../tango/index.ts";
import { blissWriter } from "./bliss-writer.ts";

export interface ScanWriterHandle extends AsyncDisposable {
  readonly name: string;
  /** Asks for a scan to be written. @returns false when the device knows no scan of that key */
  save(key: string): Promise<boolean>;
  state(key: string): Promise<{ readonly state: ScanFileState; readonly reason: string }>;
}
export type ScanFileState = "INIT" | "RUNNING" | "COMPLETE" | "FAILED" | "UNKNOWN";

/** What the device's `scan_state` means. */
const states: Readonly<Record<string, ScanFileState>> = {
  INIT: "INIT",
  ON: "RUNNING",
  OFF: "COMPLETE",
  FAULT: "FAILED",
};

/** @throws DevFailed when the device cannot be reached. */
export async function openScanWriter(trl: string, options: ConnectOptions = {}): Promise<ScanWriterHandle> {
  const device = await connect(blissWriter, trl, options);
  return {
    name: trl,
    async save(key) {
      const state = await device.state();
      if (state !== "ON" && state !== "RUNNING")
        throw devFailed("BlissWriter_Away", `${trl} is ${state}: ${await device.status()}. Call its Start or Init`);
      return device.call("SaveScan", key);
    },
    async state(key) {
      const state = states[await device.call("scan_state", key)] ?? "UNKNOWN";
      return { state, reason: await device.call("scan_state_reason", key) };
    },
    [Symbol.asyncDispose]: () => device[Symbol.asyncDispose](),
  };
}
