// SPDX-License-Identifier: MIT
// What clients set before an acquisition. Nothing is checked when it is written: apply and prepare tell what cannot be.
import type { DiscardMode, GateMode, TriggerMode } from "../../devices/mosca/words.ts";
import type { Acquisition, SpectrumDetector } from "./detector.ts";
import { refusal } from "./refusal.ts";

export interface Parameters {
  readonly points: number;
  /** Seconds. */
  readonly realtime: number;
  readonly triggers: number;
  readonly blockSize: number;
  readonly spectrumSize: number;
  readonly trigger: TriggerMode;
  readonly gate: GateMode;
  readonly discard: DiscardMode;
}

/** What holds until a client sets something: the detector's first mode. */
export const firstParameters = (detector: SpectrumDetector | undefined): Parameters => ({
  points: 1,
  realtime: 1,
  triggers: 1,
  blockSize: 1,
  spectrumSize: detector?.spectrumSize ?? 0,
  trigger: detector?.triggers[0] ?? "UNKNOWN",
  gate: detector?.gates[0] ?? "UNKNOWN",
  discard: "NONE",
});

const timed: readonly TriggerMode[] = ["INT_TRIG_READOUT", "EXT_TRIG_READOUT"];

/** The acquisition these parameters make. @throws DevFailed saying which of them cannot be. */
export function acquisitionOf(
  parameters: Parameters,
  detector: SpectrumDetector,
  detectors: readonly number[],
): Acquisition {
  const { points, realtime, blockSize, spectrumSize, trigger, gate, discard } = parameters;
  if (blockSize < 1) throw refusal(`block_size must be >= 1 (was: ${blockSize}).`, "ValueError");
  if (points < 1) throw refusal(`acq_nb_points must be >= 1 (was: ${points}).`, "ValueError");
  if (discard === "FIRST" && points < 2)
    throw refusal("discard_mode FIRST leaves nothing of 1 point: acq_nb_points must be >= 2.", "ValueError");
  if (timed.includes(trigger) && !(realtime > 0))
    throw refusal(`Can't have trigger_mode=${trigger} and acq_realtime <= 0 (was: ${realtime}).`);
  if (detectors.length === 0) throw refusal("No detector is enabled: call enable_detectors first.");
  const acquisition = { trigger, gate, points, realtime, blockSize, spectrumSize, detectors };
  const why = detector.refuse(acquisition);
  if (why) throw refusal(why, "ValueError");
  return acquisition;
}
