// SPDX-License-Identifier: MIT
// What a digital pulse processor counts beside the spectrum, and what follows from it.

/** Columns of the statistics of the XIA family, in order. */
export const xiaStatistics = [
  "realtime",
  "trigger_livetime",
  "energy_livetime",
  "triggers",
  "events",
  "icr",
  "ocr",
  "deadtime",
] as const;

/** What the processor counts in one point. Times in seconds. */
export interface Counted {
  readonly realtime: number;
  /** Time the fast channel could see a photon. */
  readonly triggerLivetime: number;
  /** Photons the fast channel saw. */
  readonly triggers: number;
  /** Photons in the spectrum. */
  readonly events: number;
}

/** Two parts of one point. */
export const sumOf = (a: Counted, b: Counted): Counted => ({
  realtime: a.realtime + b.realtime,
  triggerLivetime: a.triggerLivetime + b.triggerLivetime,
  triggers: a.triggers + b.triggers,
  events: a.events + b.events,
});

const ratio = (a: number, b: number) => (b === 0 ? 0 : a / b);

/**
 * icr = triggers / trigger_livetime, ocr = events / realtime, deadtime = 1 - ocr / icr, energy_livetime = events / icr;
 * what would be divided by zero is 0. In 32-bit precision, as the hardware's library keeps them.
 */
export function xiaValues({ realtime, triggerLivetime, triggers, events }: Counted): number[] {
  const icr = ratio(triggers, triggerLivetime);
  const ocr = ratio(events, realtime);
  const deadtime = icr === 0 ? 0 : 1 - ocr / icr;
  return [realtime, triggerLivetime, ratio(events, icr), triggers, events, icr, ocr, deadtime].map(Math.fround);
}

/** Columns of the statistics of the DANTE, in order: a part of those above, by the same formulas. */
export const danteStatistics = ["realtime", "trigger_livetime", "icr", "ocr"] as const;

export function danteValues(counted: Counted): number[] {
  const values = xiaValues(counted);
  return danteStatistics.map((name) => values[xiaStatistics.indexOf(name)] ?? 0);
}
