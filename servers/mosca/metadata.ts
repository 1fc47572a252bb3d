// SPDX-License-Identifier: MIT
// What MOSCA tells in YAML: the conditions of an acquisition, the ROIs.
import { Scalar, stringify } from "yaml";
import type { RoiDefinition, RoiRow } from "./rois.ts";
import type { Spectrometer } from "./spectrometer.ts";

/** Nulls are empty and lists are not indented, as clients have seen it. */
export const yaml = (value: unknown): string =>
  stringify(value, {
    indentSeq: false,
    nullStr: "",
    lineWidth: 0,
    singleQuote: true,
    aliasDuplicateObjects: false,
  }).replace(/: $/gm, ":");

/** Clients in Python tell 1.0 from 1. */
function float(value: number): Scalar {
  const scalar = new Scalar(value);
  scalar.minFractionDigits = 1;
  return scalar;
}

const rowEntry = ({ isSum, detectors, ...row }: RoiRow) => ({
  name: row.name,
  ch0: row.ch0,
  ch1: row.ch1,
  detectors: typeof detectors === "number" ? detectors : [...detectors],
  ...(row.weights && { weights: [...row.weights] }),
  basename: row.basename,
  is_sum: isSum,
});
export const rowEntries = (rows: readonly RoiRow[]) =>
  Object.fromEntries(rows.map((row) => [row.name, rowEntry(row)] as const));

export const definitionEntries = (rois: readonly RoiDefinition[]) =>
  new Map(
    rois.map(({ name, ch0, ch1, detectors, weights, isSum }, index) => [
      index,
      {
        ...{ name, ch0, ch1, detectors: detectors ? [...detectors] : null },
        ...(weights && { weights: [...weights] }),
        is_sum: isSum,
      },
    ]),
  );

/** The conditions as they are now. */
export function acquisitionMetadata(spectrometer: Spectrometer): Record<string, unknown> {
  const { parameters, detector, enabled, rows } = spectrometer;
  return {
    mosca: {
      block_size: parameters.blockSize,
      acq_nb_points: parameters.points,
      acq_realtime: float(parameters.realtime),
      acq_nb_triggers: parameters.triggers,
      gate_mode: parameters.gate,
      trigger_mode: parameters.trigger,
      available_detectors: [...(detector?.detectors ?? [])],
      enabled_detectors: [...enabled],
      discard_mode: parameters.discard,
    },
    controller: { type: detector?.kind ?? null, ...detector?.metadata() },
    data: {
      spectrum_size: parameters.spectrumSize,
      stats_names: [...(detector?.statistics ?? [])],
      spectrum_dtype: "uint32",
      stats_dtype: "float64",
      rois: { n_rois: rows.length, rois: rowEntries(rows) },
      saving: spectrometer.savingMetadata(),
    },
    tango: { mca_type: spectrometer.model, name: spectrometer.detectorName },
  };
}
