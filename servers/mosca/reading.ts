// SPDX-License-Identifier: MIT
// The read commands.
import { pointRange } from "./range.ts";
import type { Recording } from "./recording.ts";
import { refusal } from "./refusal.ts";
import type { Spectrometer } from "./spectrometer.ts";

const nothing = { first: 0, end: 0 } as const;
type Range = readonly bigint[] | BigInt64Array;

/** (detectors, points, size) flat. */
export function readSpectra({ recording }: Spectrometer, range: Range): Uint32Array {
  const bounds = pointRange(range, recording?.spectra.available ?? nothing);
  return recording?.spectra.read(...bounds) ?? new Uint32Array();
}

/** (detectors, points, statistics) flat. */
export function readStats({ recording }: Spectrometer, range: Range): Float64Array {
  const bounds = pointRange(range, recording?.stats.available ?? nothing);
  return recording?.stats.read(...bounds) ?? new Float64Array();
}

/** (ROIs, points) flat. A range that ends before it begins is empty here, and a third number is ignored, as in MOSCA. */
export function readRois({ recording }: Spectrometer, range: Range): BigInt64Array {
  const { rois } = recording ?? {};
  if (!rois || rois.rows === 0) throw refusal("Buffer contains no point yet.");
  const [from, to] = range;
  if (from !== undefined && to !== undefined && from >= 0n && to >= 0n && from > to) return new BigInt64Array();
  return rois.read(...pointRange([...range].slice(0, 2), rois.available));
}

/** The acquisition of this id. @throws DevFailed when it is another one */
export function checkId({ recording }: Spectrometer, id: bigint | undefined): Recording {
  if (recording && id === BigInt(recording.id)) return recording;
  throw refusal(`acq_id mismatch: requested ${id}, current acquisition is ${recording?.id ?? "None"}.`);
}
