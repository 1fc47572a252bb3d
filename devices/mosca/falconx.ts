// SPDX-License-Identifier: MIT
// XIA FalconX boxes on the network: the members of MOSCA's FalconX class, and where the boxes are.
import { DevDouble, DevString, DevVarStringArray } from "../../tango/idl/tango-types.ts";
import { defineInterface, optionalProperty, property } from "../../tango/interface.ts";
import { timeoutProperties } from "./timeouts.ts";
import { xiaAttributes, xiaCommands } from "./xia-members.ts";

export const falconX = defineInterface({
  name: "FalconX",
  description: "XIA FalconX digital pulse processors, driven over the network (SINC)",
  properties: {
    ...timeoutProperties,
    address: property(DevVarStringArray, [], "Host, or host:port, of each box; not needed with default_ini_file"),
    default_ini_file: property(DevString, "", "Configuration of handel loaded at start: boxes, detectors, settings"),
    default_ini_dir: property(DevString, "", "Directory of the configuration files"),
    reconnect_period: property(DevDouble, 5, "s: how often a box that is not there is looked for"),
    lib_path: optionalProperty(DevString, "Unused: no library is needed"),
  },
  attributes: xiaAttributes,
  commands: xiaCommands,
});
