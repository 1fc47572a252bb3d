// SPDX-License-Identifier: MIT
// The camera device that gives images of files again.
import {
  DevBoolean, DevLong, DevString, DevVarDoubleArray, DevVarStringArray, DevVoid,
} from "../../tango/idl/tango-types.ts"; // biome-ignore format: a list
import { command, defineInterface, property, readable, writable } from "../../tango/interface.ts";

const pattern = "run_*.edf (or .cbf, .tif), or run_*.h5::/path/of/dataset; all images in the order of the files' names";

export const replay = defineInterface({
  name: "Replay",
  description: "A camera whose frames are images of files: EDF, CBF, TIFF or HDF5",
  properties: {
    file_pattern: property(DevString, "", pattern),
    loop: property(DevBoolean, true),
    pixel_size: property(DevVarDoubleArray, Float64Array.of(1e-6, 1e-6), "m: x, y"),
  },
  attributes: {
    file_pattern: writable(DevString, { description: pattern }),
    loop: writable(DevBoolean, { description: "after the last image comes the first" }),
    nb_images: readable(DevLong),
    first_image: writable(DevLong, { description: "image of an acquisition's first frame, from 0" }),
  },
  commands: {
    trigExternal: command(DevVoid, DevVoid),
    getAttrStringValueList: command(DevString, DevVarStringArray),
  },
});
