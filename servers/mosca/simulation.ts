// SPDX-License-Identifier: MIT
// Simulated hardware as the properties of its device ask for it.
import type { photonProperties } from "../../devices/mosca/photon-properties.ts";
import type { PropertyValues } from "../../tango/interface.ts";
import type { HardwareOptions } from "./simulated-hardware.ts";
import type { Family } from "./simulator/family.ts";
import { parseContent } from "./simulator/fluorescence.ts";
import { PhotonSource } from "./simulator/photons.ts";
import type { Signals } from "./simulator/signals.ts";

type Properties = PropertyValues<{ readonly properties: typeof photonProperties }>;

/** @throws RangeError naming the property that cannot be */
export function simulation(properties: Properties, family: Family, signals: Signals): HardwareOptions {
  const { Detectors, Elements, CountRate, GainEv, Seed, Buffers } = properties;
  if (!(Detectors >= 1 && Detectors <= 100)) throw new RangeError(`Detectors must be 1 to 100 (was: ${Detectors})`);
  if (!(CountRate >= 0)) throw new RangeError(`CountRate must be 0 or more (was: ${CountRate})`);
  if (!(GainEv > 0)) throw new RangeError(`GainEv must be above 0 (was: ${GainEv})`);
  if (!(Buffers >= 0)) throw new RangeError(`Buffers must be 0 or more (was: ${Buffers})`);
  const sample = { content: parseContent(Elements), rate: CountRate };
  const photons = new PhotonSource({ sample, fullScale: GainEv, seed: Seed });
  return { family, signals, photons, detectors: Detectors, buffers: Buffers };
}
