// SPDX-License-Identifier: MIT
// A spectrometer of Ocean Optics that is on the network: the members of MOSCA's OceanOptics class, and where it is.
import { DevDouble, DevLong, DevLong64, DevString, DevVoid } from "../../tango/idl/tango-types.ts";
import { command, defineInterface, property, readable, spectrum, writable } from "../../tango/interface.ts";
import { timeoutAttributes, timeoutProperties } from "./timeouts.ts";

export const oceanOptics = defineInterface({
  name: "OceanOptics",
  description: "A grating spectrometer that speaks the Ocean Binary Protocol over TCP: Ocean FX and its kin",
  properties: {
    ...timeoutProperties,
    address: property(DevString, "", "Host name or IP address of the instrument"),
    port: property(DevLong, 57357, "TCP port of the instrument"),
    serial_number: property(DevString, "", "Refuses an instrument of another serial number; empty: any"),
    reconnect_period: property(DevDouble, 5, "s: how often an instrument that is not there is looked for"),
    default_readout: property(DevDouble, 0.01, "s: readout_time at start"),
  },
  attributes: {
    mca_status: readable(DevString),
    init_message: readable(DevString, { description: "Why the instrument could not be reached; empty when it could" }),
    ...timeoutAttributes,
    trigger_mode: writable(DevString, { description: "FREERUN, LEVEL or EDGE; set by prepare_acq" }),
    serial: readable(DevString),
    integration_time_micros: writable(DevDouble, { unit: "us", description: "Set by prepare_acq" }),
    integration_time_micros_limits: readable(spectrum(DevDouble, 2), { unit: "us" }),
    n_points: writable(DevLong64, { description: "acq_nb_points of the main device" }),
    buffer_capacity: writable(DevLong64, { description: "Spectra the instrument keeps; 0: all it can" }),
    block_size: writable(DevLong64, { description: "block_size of the main device" }),
    buffer_capacity_maximum: readable(DevLong64),
    readout_time: writable(DevDouble, { unit: "s", description: "Pause between two looks at the instrument's buffer" }),
  },
  commands: {
    prepare_acq: command(DevVoid, DevVoid),
    start_acq: command(DevVoid, DevVoid),
  },
});
