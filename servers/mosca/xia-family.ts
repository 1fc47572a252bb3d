// SPDX-License-Identifier: MIT
// The pulse processors of XIA, as far as a simulation shows them.
import type { Family } from "./simulator/family.ts";
import { xiaStatistics, xiaValues } from "./statistics.ts";
import { listXia, loadXia } from "./xia-configuration.ts";

const sizes = { least: 128, most: 4096 } as const;

/** What holds for the real and the simulated ones. */
export const xiaRules = {
  triggers: ["FREERUN", "INT_TRIG_READOUT", "GATE", "EXT_TRIG"],
  gates: ["IGNORE", "HIGH", "LOW"],
  spectrumSize: sizes.most,
  refuseSize: (size) =>
    Number.isInteger(size) && size >= sizes.least && size <= sizes.most
      ? undefined
      : `A whole number from ${sizes.least} to ${sizes.most} is needed`,
  refuse: ({ trigger, gate, points }) => {
    const single = trigger === "FREERUN" || trigger === "INT_TRIG_READOUT";
    if (single && points !== 1) return `Can't have trigger mode ${trigger} and acq_nb_points != 1 (was: ${points}).`;
    if (!single && gate === "IGNORE")
      return `Can't have trigger mode ${trigger} and gate mode IGNORE or None: set HIGH or LOW.`;
    return undefined;
  },
} satisfies Partial<Family>;

export const simulatedFalconX: Family = {
  ...xiaRules,
  kind: "SimFalconXHW",
  statistics: xiaStatistics,
  values: xiaValues,
  load: loadXia,
  list: listXia,
  metadata: ({ path, refresh }) => ({ ini_file: path || null, mca_refresh: refresh }),
  unloaded: "UNINITIALIZED",
  loaded: (file, detectors) => `${file}: ${detectors} detectors`,
};
