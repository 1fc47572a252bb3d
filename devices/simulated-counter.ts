// SPDX-License-Identifier: MIT
// A diode behind a sample: what it counts depends on where motors stand.
import { DevDouble, DevLong, DevString, DevVarDoubleArray, DevVarStringArray } from "../tango/idl/tango-types.ts";
import { defineInterface, property, readable, writable } from "../tango/interface.ts";

const number = (unit: string, description: string) => readable(DevDouble, { unit, description });

export const simulatedCounter = defineInterface({
  name: "SimulatedCounter",
  description:
    "A simulated beam: a diode that sees a gaussian peak over motor positions, a monitor, and slow controls.",
  properties: {
    Motors: property(DevVarStringArray, [], "Devices whose Position the diode's signal depends on"),
    Centers: property(DevVarDoubleArray, new Float64Array(0), "Position of the peak, one a motor; default 0"),
    Widths: property(DevVarDoubleArray, new Float64Array(0), "Full width at half maximum, one a motor; default 1"),
    Height: property(DevDouble, 1000, "Counts a second at the peak"),
    Background: property(DevDouble, 10, "Counts a second far from it"),
    Noise: property(DevString, "poisson", "poisson, or none"),
    Seed: property(DevLong, 1, "The same seed gives the same readings in the same order"),
  },
  attributes: {
    Diode: number("cts/s", "Background and peak, with noise"),
    Monitor: number("cts/s", "Intensity of the beam before the sample"),
    Current: number("mA", "Current in the storage ring"),
    Temperature: number("K", "Of the sample"),
    Pressure: number("mbar", "In the flight tube"),
    Height: writable(DevDouble, { unit: "cts/s", minValue: 0, description: "Counts a second at the peak" }),
  },
});
