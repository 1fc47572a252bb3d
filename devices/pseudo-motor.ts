// SPDX-License-Identifier: MIT
// Axes that are calculated from others: the gap and offset of slits, an energy, the height and tilt of a table. Each
// calculated axis is an attribute of the device, named by its geometry; writing it moves the real axes together.
import { DevDouble, DevString, DevVarStringArray, DevVoid } from "../tango/idl/tango-types.ts";
import { command, defineInterface, property, readable, spectrum } from "../tango/interface.ts";

export const pseudoMotor = defineInterface({
  name: "PseudoMotor",
  description: "Calculated axes over real ones: write one of its axes to move, State is MOVING until all rest.",
  properties: {
    Geometry: property(DevString, "formulas", "slits, energy, table or formulas"),
    Reals: property(
      DevVarStringArray,
      undefined,
      "The real axes in the geometry's order: device names, or device/attribute when it is not Position",
    ),
    Parameters: property(
      DevVarStringArray,
      [],
      "Of the geometry, name=value: d=3.1356; x=-500,500,0 for a table's legs",
    ),
    Formulas: property(DevVarStringArray, [], "Lines of YAML: reals, parameters, to_pseudo, to_real, units"),
    PollingTime: property(DevDouble, 0.02, "s between two looks at the real axes while moving"),
    IdlePollingTime: property(DevDouble, 1, "s between two looks at rest"),
    EventPeriod: property(DevDouble, 0.1, "s between two position events while moving"),
  },
  attributes: {
    Axes: readable(spectrum(DevString, 64), { description: "The calculated axes" }),
    Reals: readable(spectrum(DevString, 64), { description: "The real axes" }),
  },
  commands: {
    Stop: command(DevVoid, DevVoid),
    Abort: command(DevVoid, DevVoid),
    MoveTogether: command(DevVarStringArray, DevVoid, { inputDescription: "axis, position, axis, position ..." }),
    Calculate: command(DevVarStringArray, DevVarStringArray, {
      inputDescription: "axis, position ...: where the real axes would go, without motion",
      outputDescription: "real axis, position ...",
    }),
  },
});
