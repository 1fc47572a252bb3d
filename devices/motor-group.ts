// SPDX-License-Identifier: MIT
// Several motors of one server moved by one request: the names of BLISS's axis manager.
import { DevBoolean, DevString, DevVarStringArray, DevVoid } from "../tango/idl/tango-types.ts";
import { command, defineInterface, property, readable, spectrum } from "../tango/interface.ts";

export const motorGroup = defineInterface({
  name: "MotorGroup",
  description: "Moves several motors of its server in one request; they start together and stop together.",
  properties: {
    Axes: property(DevVarStringArray, [], "Devices it may move; default: every motor of its server"),
  },
  attributes: {
    Axes: readable(spectrum(DevString, 1024), { description: "Devices it may move" }),
  },
  commands: {
    GetAxisList: command(DevVoid, DevVarStringArray),
    GroupMove: command(DevVarStringArray, DevString, {
      inputDescription: "device, user position, device, user position ...",
      outputDescription: "Name of this motion, for GroupState and GroupAbort",
    }),
    GroupState: command(DevString, DevVarStringArray, {
      inputDescription: "Name of a motion; empty: all axes",
      outputDescription: "device, state, device, state ...",
    }),
    GroupAbort: command(DevString, DevVoid, { inputDescription: "Name of a motion; empty: all axes" }),
    ApplyConfig: command(DevBoolean, DevVoid, { inputDescription: "As the command of each of its motors" }),
    Stop: command(DevVoid, DevVoid),
    Abort: command(DevVoid, DevVoid),
  },
});
