// SPDX-License-Identifier: MIT
// Regions of interest of a spectrometer: what is asked of the server, and the counters that come of it.

export interface SpectrumRoi {
  /** First and last channel, both included. */
  readonly start: number;
  readonly stop: number;
  /** Detectors to look at; default all. */
  readonly detectors?: readonly number[];
  /** One counter, the sum over the detectors, instead of one each. */
  readonly sum?: boolean;
  /** Of a sum: what a detector counts for, default 1. Servers of MOSCA's authors have no weights. */
  readonly weights?: Readonly<Record<number, number>>;
}
type Rois = ReadonlyMap<string, SpectrumRoi>;
const two = (id: number) => String(id).padStart(2, "0");

/** In the order of the rows of read_rois. Disabled detectors give none. */
export const roiCounterNames = (rois: Rois, enabled: readonly number[]): string[] =>
  [...rois].flatMap(([name, { detectors, sum }]) => {
    const ids = chosen(detectors, enabled);
    if (ids.length === 0) return [];
    if (sum) return [detectors ? `${name}_sum_${ids.join("_")}` : `${name}_sum_all`];
    return ids.map((id) => `${name}_det${two(id)}`);
  });

/** The calls that define them on a server without any. */
export function* roiCommands(rois: Rois, enabled: readonly number[]): Generator<["add_roi" | "add_roi_sum", string[]]> {
  for (const [name, { start, stop, detectors, sum, weights }] of rois) {
    const range = [String(start), String(stop)];
    const ids = chosen(detectors, enabled);
    if (ids.length === 0) continue;
    if (weights && !sum) throw new RangeError(`ROI ${name}: only a sum has weights`);
    if (weights) yield ["add_roi_sum", [name, ...range, ...ids.map((id) => `${id}:${weights[id] ?? 1}`)]];
    else if (sum) yield ["add_roi_sum", [name, ...range, ...(detectors ? ids.map(String) : [])]];
    else if (!detectors) yield ["add_roi", [name, ...range]];
    // Servers of MOSCA 2.0.5 take detector 0 alone for all detectors, except in sums.
    else for (const id of ids) yield ["add_roi_sum", [`${name}_det${two(id)}`, ...range, String(id)]];
  }
}

const chosen = (detectors: readonly number[] | undefined, enabled: readonly number[]): readonly number[] =>
  enabled.filter((id) => detectors?.includes(id) ?? true);
