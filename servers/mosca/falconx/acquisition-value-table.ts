// SPDX-License-Identifier: MIT
// The acquisition values of handel's configuration files for the FalconX, and what they are in the box. Values that say how
// to acquire (mapping_mode, preset_type, num_map_pixels ...) are set by each acquisition and not listed.
import type { Parameters, ParameterValue } from "./module.ts";

const float = (key: string) => (value: number) => ({ [key]: value });
const integer = (key: string) => (value: number) => ({ [key]: BigInt(Math.round(value)) });
const flag = (key: string) => (value: number) => ({ [key]: value !== 0 });
/** A number counts through the words of an option. @throws RangeError when it is beyond them */
const option =
  (key: string, ...words: readonly string[]) =>
  (value: number) => {
    const word = words[value];
    if (word === undefined) throw new RangeError(`must be 0 to ${words.length - 1}`);
    return { [key]: word };
  };

/** The DAC's 12 bits hold gains of 1 to 16 between a tenth and nine tenths, by their logarithm. */
const TENTH = 409.6;
function gain(value: number): Parameters {
  if (!(value >= 1 && value <= 16)) throw new RangeError("must be 1 to 16");
  return { "afe.dacGain": TENTH + (8 * TENTH * Math.log10(value)) / Math.log10(16) };
}
function offset(value: number): Parameters {
  if (!(value >= -2048 && value <= 2047)) throw new RangeError("must be -2048 to 2047");
  return { "afe.dacOffset": value + 2048 };
}
/** Coarse steps are powers of two; the rest is fine. */
function scale(value: number): Parameters {
  if (!(value >= 0.5 && value <= 200)) throw new RangeError("must be 0.5 to 200");
  const coarse = 2 ** Math.max(1, Math.min(7, Math.round(Math.log2(value))));
  return { "histogram.coarseBinScaling": BigInt(coarse), "pulse.scaleFactor": value / coarse };
}

const table: Readonly<Record<string, (value: number) => Readonly<Record<string, ParameterValue>>>> = {
  analog_gain: gain,
  analog_offset: offset,
  detector_polarity: (value) => ({ "afe.invert": value === 0 }),
  termination: option("afe.termination", "1kohm", "50ohm"),
  attenuation: option("afe.attn", "0dB", "-6dB", "ground"),
  coupling: option("afe.coupling", "ac", "dc"),
  decay_time: option("afe.decayTime", "long", "medium", "short", "very-short"),
  dc_offset: float("baseline.dcOffset"),
  reset_blanking_enable: flag("blanking.enable"),
  reset_blanking_threshold: float("blanking.threshold"),
  reset_blanking_presamples: integer("blanking.preSamples"),
  reset_blanking_postsamples: integer("blanking.postSamples"),
  detection_threshold: float("pulse.detectionThreshold"),
  min_pulse_pair_separation: integer("pulse.minPulsePairSeparation"),
  detection_filter: option("pulse.sourceType", "lowEnergy", "lowRate", "midRate", "highRate", "maxThroughput"),
  scale_factor: scale,
};

/** @throws RangeError naming the value that is not possible */
export function acquisitionValues(values: Readonly<Record<string, number>>): Parameters {
  return Object.assign(
    {},
    ...Object.entries(values).map(([name, value]) => {
      try {
        return table[name]?.(value) ?? {};
      } catch (error) {
        throw new RangeError(`${name} ${(error as Error).message} (was: ${value})`);
      }
    }),
  );
}
