// SPDX-License-Identifier: MIT
import { DevBoolean, DevLong, DevLong64, DevString } from "../../tango/idl/tango-types.ts";
import { defineInterface, property, readable, spectrum, writable } from "../../tango/interface.ts";

const text = (description: string) => writable(DevString, { description });

export const saving = defineInterface({
  name: "Saving",
  description: "Writes the spectra of each acquisition to files",
  properties: {
    UseSwmr: property(DevBoolean, false, "Readers may follow a file while it is written; needs libhdf5"),
    Gzip: property(DevLong, 0, "Level of compression, 1 to 9; 0: none"),
  },
  attributes: {
    supported_modes: readable(spectrum(DevString, 10)),
    saving_mode: text("One of supported_modes; off: nothing is saved"),
    enabled: writable(DevBoolean),
    hdf5_directory: text("Made when it is absent"),
    hdf5_file_prefix: text("Files are <prefix>spectra_%04d.h5"),
    hdf5_group_path: text("Group of the datasets spectra_<detector>; empty: the root"),
    hdf5_points_per_file: writable(DevLong64),
    hdf5_use_swmr: readable(DevBoolean, { description: "The property UseSwmr" }),
    zarr_endpoint: text("Not used: zarr is not supported"),
    zarr_secure: writable(DevBoolean),
    zarr_bucket: text("Not used"),
    zarr_prefix: text("Not used"),
    zarr_access_key: text("Not used"),
    zarr_secret_key: text("Not used; reads empty"),
    zarr_points_per_chunk: writable(DevLong64),
  },
});
