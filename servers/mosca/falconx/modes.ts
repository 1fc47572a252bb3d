// SPDX-License-Identifier: MIT
// An acquisition as parameters of the FalconX: what sets a channel up for it, and how its histograms are points.
import type { Acquisition } from "../detector.ts";
import type { Preset } from "../simulator/point-source.ts";
import type { Readout } from "./channel.ts";
import type { Parameters } from "./module.ts";

export interface Setup {
  readonly readout: Readout;
  readonly parameters: Parameters;
}

/** What the gate's level or edge has to be for a point to end. */
const gates: Readonly<Record<string, string>> = {
  "GATE HIGH": "whenHigh",
  "GATE LOW": "whenLow",
  "EXT_TRIG HIGH": "fallingEdge",
  "EXT_TRIG LOW": "risingEdge",
};

/** `refresh`: seconds between two histograms of a spectrum that grows. */
export function setupOf(acquisition: Acquisition, preset: Preset, refresh: number): Setup {
  const { trigger, gate, spectrumSize } = acquisition;
  const spectrum: Parameters = {
    "histogram.binSubRegion.lowIndex": 0n,
    "histogram.binSubRegion.highIndex": BigInt(spectrumSize - 1),
    "histogram.spectrumSelect.accepted": true,
    "histogram.spectrumSelect.rejected": false,
  };
  const mapping = gates[`${trigger} ${gate}`];
  if (mapping !== undefined) return { readout: "every", parameters: { ...spectrum, ...gated(mapping) } };
  const ending = trigger === "FREERUN" ? { "histogram.mode": "continuous" } : presets[preset.kind](preset.value);
  const growing = { "histogram.refreshRate": refresh, "gate.statsCollectionMode": "off" };
  return { readout: "last", parameters: { ...spectrum, ...growing, ...ending } };
}

/** Without a refresh there are histograms of gates alone. */
const gated = (mode: string): Parameters => ({
  "histogram.mode": "gated",
  "histogram.refreshRate": 0,
  "gate.statsCollectionMode": mode,
});

/** What ends a spectrum; the FalconX does not end one by its live time. */
const presets: Readonly<Record<Preset["kind"], (value: number) => Parameters>> = {
  REAL: (seconds) => ({ "histogram.mode": "fixedTime", "histogram.fixedTime.duration": seconds }),
  LIVE: () => ({}),
  TRIGGERS: (count) => ({ "histogram.mode": "fixedInputCount", "histogram.fixedInputCount.count": BigInt(count) }),
  EVENTS: (count) => ({ "histogram.mode": "fixedOutputCount", "histogram.fixedOutputCount.count": BigInt(count) }),
};
