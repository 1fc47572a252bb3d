// SPDX-License-Identifier: MIT
// The simulated XIA FalconX: the members of the FalconX class, in front of simulated silicon drift detectors.
import { DevString } from "../../tango/idl/tango-types.ts";
import { defineInterface, optionalProperty, property } from "../../tango/interface.ts";
import { photonProperties } from "./photon-properties.ts";
import { timeoutProperties } from "./timeouts.ts";
import { xiaAttributes, xiaCommands } from "./xia-members.ts";

export const simFalconX = defineInterface({
  name: "SimFalconX",
  description: "A simulated FalconX: silicon drift detectors looking at the fluorescence of a sample",
  properties: {
    ...timeoutProperties,
    default_ini_file: property(DevString, "", "Configuration loaded at start; none: Detectors decides"),
    default_ini_dir: property(DevString, "", "Directory of the configuration files"),
    lib_path: optionalProperty(DevString, "Unused: no library is needed"),
    ...photonProperties,
  },
  attributes: xiaAttributes,
  commands: xiaCommands,
});
