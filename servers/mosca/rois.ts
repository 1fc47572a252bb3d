// SPDX-License-Identifier: MIT
// Regions of interest: sums of channels of each spectrum, detector by detector or over several detectors.
import { integer, refusal } from "./refusal.ts";

/** What a client asked for. */
export interface RoiDefinition {
  readonly name: string;
  /** First and last channel, both included. */
  readonly ch0: number;
  readonly ch1: number;
  /** In the order given; absent: all. */
  readonly detectors?: readonly number[];
  /** Of a sum: what each of `detectors` counts for; absent: 1 each. */
  readonly weights?: readonly number[];
  readonly isSum: boolean;
}

/** One row of the ROI data: the sum of some detectors, as it follows from a definition. */
export interface RoiRow {
  readonly name: string;
  readonly ch0: number;
  readonly ch1: number;
  readonly detectors: number | readonly number[];
  /** One a detector; absent: 1 each. */
  readonly weights?: readonly number[];
  readonly basename: string;
  readonly isSum: boolean;
}

/**
 * `[name, first, last, detector ...]`; in a sum a detector may have a weight, as in "3:0.5".
 * @throws DevFailed saying what is wrong
 */
export function parseRoi(words: readonly string[], isSum: boolean): RoiDefinition {
  const [name, first, last, ...detectors] = words;
  if (name === undefined) throw refusal("list index out of range: name, first channel, last channel", "IndexError");
  if (last === undefined)
    throw refusal(`not enough values to unpack (expected 2, got ${words.length - 1})`, "ValueError");
  const ch0 = integer(first, "first channel");
  const ch1 = integer(last, "last channel");
  const invalid = "mosca.control.tasks.rois.InvalidRoiException";
  if (ch0 < 0) throw refusal(`Invalid roi range: ch0 < 0 (${ch0} < 0).`, invalid);
  if (ch0 > ch1) throw refusal(`Invalid roi range: ch0 > ch1 (${ch0} > ${ch1}).`, invalid);
  return { name, ch0, ch1, isSum, ...parseDetectors(detectors, isSum) };
}

function parseDetectors(words: readonly string[], isSum: boolean): Pick<RoiDefinition, "detectors" | "weights"> {
  if (words.length === 0) return {};
  const parts = words.map((word) => word.split(":"));
  const detectors = parts.map(([id]) => integer(id, "detector"));
  if (parts.every(({ length }) => length === 1)) return { detectors };
  if (!isSum) throw refusal("only a sum has weights: use add_roi_sum", "ValueError");
  const weights = parts.map(([id, weight = "1"]) => {
    if (weight.trim() && Number.isFinite(Number(weight))) return Number(weight);
    throw refusal(`the weight of detector ${id} must be a number (was: ${weight})`, "ValueError");
  });
  return { detectors, weights };
}

type RoiKey = Pick<RoiDefinition, "name" | "detectors" | "isSum">;
const sameKey = (one: RoiKey, other: RoiKey): boolean =>
  one.name === other.name && one.isSum === other.isSum && String(one.detectors) === String(other.detectors);

/** The definitions with one more; one of the same name, detectors and kind is replaced and moves to the end. */
export const withRoi = (all: readonly RoiDefinition[], added: RoiDefinition): readonly RoiDefinition[] => [
  ...all.filter((one) => !sameKey(one, added)),
  added,
];
/** Without the one of this name, detectors and kind; without detectors: without all of this name and kind. */
export const withoutRoi = (all: readonly RoiDefinition[], key: RoiKey): readonly RoiDefinition[] =>
  all.filter((one) => !(one.name === key.name && one.isSum === key.isSum && (!key.detectors || sameKey(one, key))));

const two = (id: number) => String(id).padStart(2, "0");

/** The rows of the ROI data, in order. Disabled detectors, and ROIs beyond the spectrum, give none. */
export function roiRows(all: readonly RoiDefinition[], enabled: readonly number[], size: number): readonly RoiRow[] {
  const rows = new Map<string, RoiRow>();
  let sums = 0;
  for (const { name: basename, ch0, ch1, detectors, weights, isSum } of all) {
    if (ch0 > size) continue;
    const chosen = detectors?.filter((id) => enabled.includes(id)) ?? enabled;
    if (chosen.length === 0) continue;
    const kept = weights?.filter((_, at) => chosen.includes(detectors?.[at] ?? Number.NaN));
    const add = (name: string, of: number | readonly number[]) =>
      rows.set(name, { name, ch0, ch1, detectors: of, ...(kept && { weights: kept }), basename, isSum });
    if (!isSum) for (const id of chosen) add(`${basename}_det${two(id)}`, id);
    else if (detectors) add(`${basename}_sum${two(sums++)}`, chosen);
    else add(`${basename}_sum_all`, chosen);
  }
  return [...rows.values()];
}

/** Sums each row over the points of a block, weighted sums to the next whole number: (rows, points). `spectra` is (detectors, points, size). */
export function sumRois(
  rows: readonly RoiRow[],
  { spectra, points }: { readonly spectra: Uint32Array; readonly points: number },
  enabled: readonly number[],
  size: number,
): BigInt64Array {
  const sums = new BigInt64Array(rows.length * points);
  let at = 0;
  for (const { ch0, ch1, detectors, weights } of rows) {
    const places = [detectors].flat().map((id) => enabled.indexOf(id));
    const length = Math.max(0, Math.min(ch1, size - 1) + 1 - ch0);
    for (let point = 0; point < points; point++) {
      let sum = 0;
      for (const [index, place] of places.entries())
        sum += (weights?.[index] ?? 1) * sumOf(spectra, (place * points + point) * size + ch0, length);
      sums[at++] = BigInt(Math.round(sum));
    }
  }
  return sums;
}

/** The range is inside the spectra. Four sums at a time: each addition waits for the one before it. */
function sumOf(spectra: Uint32Array, from: number, length: number): number {
  const end = from + length;
  let [one, two, three, four] = [0, 0, 0, 0];
  let at = from;
  for (; at + 4 <= end; at += 4) {
    one += spectra[at] as number;
    two += spectra[at + 1] as number;
    three += spectra[at + 2] as number;
    four += spectra[at + 3] as number;
  }
  for (; at < end; at++) one += spectra[at] as number;
  return one + two + three + four;
}
