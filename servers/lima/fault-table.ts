// SPDX-License-Identifier: MIT
// LIMA's texts of acq_status_fault_error, and what has to have happened for each; the cause follows in parentheses.
import { RingOverrun } from "./ring.ts";

/** By the codes of the operating system and the reasons of the HDF5 library. */
const savingFaults: readonly (readonly [fault: string, codes: readonly string[]])[] = [
  ["Saving: disk full", ["ENOSPC", "EDQUOT", "full"]],
  ["Saving: access error", ["EACCES", "EPERM", "EROFS", "locked"]],
  ["Saving: overwrite error", ["EEXIST", "exists"]],
  ["Saving: file open error", ["ENOENT", "ENOTDIR", "missing", "notHdf5"]],
];

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Of saving; `otherwise` when nothing of the table fits. */
export function savingFault(error: unknown, otherwise = "Saving: unknown error"): string {
  const { code, reason } = error as { readonly code?: string; readonly reason?: string };
  const known = savingFaults.find(([, codes]) => codes.includes(code ?? "") || codes.includes(reason ?? ""));
  return `${known?.[0] ?? otherwise} (${messageOf(error)})`;
}

/** Of what ends the flow of frames: a full buffer, or else the camera. */
export const acquisitionFault = (error: unknown): string =>
  `${error instanceof RingOverrun ? "Saving: overun" : "Camera: error"} (${messageOf(error)})`;
