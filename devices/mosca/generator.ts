// SPDX-License-Identifier: MIT
// The signals a simulated spectrometer sees.
import { DevBoolean, DevDouble, DevEnum, DevLong64, DevString, DevVoid } from "../../tango/idl/tango-types.ts";
import { command, defineInterface, property, writable } from "../../tango/interface.ts";
import { triggerModes } from "./words.ts";

export const generator = defineInterface({
  name: "Generator",
  description: "Trigger signals of a simulated spectrometer: timed by itself, or by hw_trig",
  properties: { simu_data: property(DevString, "", "HDF5 file whose spectra are played; none: photons are simulated") },
  attributes: {
    use_external_trigger: writable(DevBoolean, {
      description: "True: hw_trig is the signal; false: acq_realtime paces",
    }),
    block_size: writable(DevLong64),
    trigger_mode: writable(DevEnum, { enumLabels: triggerModes }),
    acq_realtime: writable(DevDouble, { unit: "s" }),
    acq_nb_points: writable(DevLong64),
  },
  commands: { hw_trig: command(DevVoid, DevVoid, { inputDescription: "One edge of the external signal" }) },
});
