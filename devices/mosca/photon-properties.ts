// SPDX-License-Identifier: MIT
// What simulated detectors look at.
import { DevDouble, DevLong, DevVarStringArray } from "../../tango/idl/tango-types.ts";
import { property } from "../../tango/interface.ts";

export const photonProperties = {
  Detectors: property(DevLong, 4, "Number of detectors when no configuration file says it"),
  Elements: property(DevVarStringArray, ["Fe", "Cu", "Pb"], "What the sample is made of: Symbol or Symbol:weight"),
  CountRate: property(DevDouble, 50_000, "Photons a second on each detector"),
  GainEv: property(DevDouble, 40_960, "Energy of the last channel, eV"),
  Seed: property(DevLong, 1, "The same seed gives the same spectra"),
  Buffers: property(
    DevLong,
    0,
    "Blocks the hardware keeps while they are not read; one more is an overrun. 0: no limit",
  ),
} as const;
