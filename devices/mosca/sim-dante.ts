// SPDX-License-Identifier: MIT
// The simulated DANTE: the members of the Dante class, in front of simulated silicon drift detectors.
import { DevDouble, DevLong, DevLong64, DevString, DevVoid } from "../../tango/idl/tango-types.ts";
import { command, defineInterface, property, readable, spectrum, writable } from "../../tango/interface.ts";
import { photonProperties } from "./photon-properties.ts";
import { timeoutAttributes, timeoutProperties } from "./timeouts.ts";

export const simDante = defineInterface({
  name: "SimDante",
  description: "A simulated DANTE of XGLab: silicon drift detectors looking at the fluorescence of a sample",
  properties: {
    ...timeoutProperties,
    config_dir: property(DevString, "", "Directory of the configuration files (.hdf)"),
    config_file: property(DevString, "", "Configuration loaded at start; none: Detectors decides"),
    address: property(DevString, "", "Unused: nothing is connected"),
    expected_n_boards: property(DevLong, 0, "Unused"),
    serial: property(DevString, "", "Unused"),
    keepalive_period: property(DevDouble, 4, "Unused"),
    max_init_time: property(DevDouble, 30, "Unused"),
    ...photonProperties,
  },
  attributes: {
    mca_status: readable(DevString),
    init_message: readable(DevString, { description: "What the last loading of a configuration said" }),
    ...timeoutAttributes,
    acq_time: writable(DevDouble, { unit: "s", description: "acq_realtime of the main device" }),
    spectrum_depth: writable(DevLong64, { description: "spectrum_size of the main device" }),
    points: writable(DevLong64, { description: "acq_nb_points of the main device" }),
    sp_time: readable(DevDouble),
    gating_mode: writable(DevString, {
      description: "FreeRunning, TriggerRising, TriggerFalling, TriggerBoth, GatedHigh or GatedLow",
    }),
    block_size: writable(DevLong64, { description: "block_size of the main device" }),
    configuration_file: readable(DevString),
    available_configurations: readable(spectrum(DevString, 100)),
    configuration_directory: readable(DevString),
  },
  commands: {
    dante_init_msg: command(DevVoid, DevString),
    prepare_acq: command(DevVoid, DevVoid),
    set_configuration_file_async: command(DevString, DevVoid),
    start_acq: command(DevVoid, DevVoid),
    stop_keepalive: command(DevVoid, DevVoid),
  },
});
