// SPDX-License-Identifier: MIT
// How the datasets of detectors are called in the file, and the units that their documents leave out.

/** MCA channels: what follows the controller, without the detector's number -> dataset, unit. */
export const mcaDatasets: Readonly<Record<string, { readonly dataset: string; readonly unit?: string }>> = {
  spectrum: { dataset: "spectrum" },
  icr: { dataset: "trigger_count_rate", unit: "hertz" },
  ocr: { dataset: "event_count_rate" },
  triggers: { dataset: "triggers" },
  events: { dataset: "events" },
  deadtime: { dataset: "fractional_dead_time" },
  trigger_livetime: { dataset: "trigger_live_time", unit: "s" },
  energy_livetime: { dataset: "live_time", unit: "s" },
  realtime: { dataset: "elapsed_time", unit: "s" },
};

/** Statistics of a sampling counter: end of the channel's name -> dataset. */
export const statistics = ["N", "std", "var", "min", "max", "p2v", "samples"] as const;

/** Datasets that stand for their group: they are linked as `data` and give `measurement` its short names. */
export const principals: ReadonlySet<string> = new Set(["value", "data", "signal", "spectrum", "image", "frame"]);

/** Names inside `instrument` that no device may take. */
export const reserved: ReadonlySet<string> = new Set([
  "name",
  "positioners",
  "positioners_start",
  "positioners_end",
  "positioners_dial_start",
  "positioners_dial_end",
]);
