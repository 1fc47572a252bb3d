// SPDX-License-Identifier: MIT
// The file writer of a data stream, with the commands that BLISS and blisswriter know (blisswriter 3.0.0, class BlissWriter).
import { DevBoolean, DevDouble, DevLong64, DevState, DevString, DevVoid } from "../tango/idl/tango-types.ts";
import { command, defineInterface, property, readable, spectrum } from "../tango/interface.ts";

const count = (unit: string, description: string) => readable(DevLong64, { unit, description });

export const blissWriter = defineInterface({
  name: "BlissWriter",
  description: "Writes the scans of a data stream into NeXus files.",
  properties: {
    redis_url: property(DevString, undefined, "The data stream: redis://host:port"),
    session: property(DevString, "", "The BLISS session whose scans it writes: BLISS finds it by this"),
    listen: property(DevBoolean, false, "Write every saved scan of the stream, not only those asked for by SaveScan"),
    swmr: property(
      DevBoolean,
      false,
      "Readers may follow open files (HDF5's SWMR, libhdf5 only); others cannot open them then",
    ),
    hdf5: property(DevString, "", "h5wasm or libhdf5; default: libhdf5 where the system has it"),
  },
  attributes: {
    ScansInProgress: readable(spectrum(DevString, 1000), { description: "Keys of the scans being written" }),
    PointsWritten: count("", "Of the longest channel, of all scans since the start"),
    BytesWritten: count("B", "Since the start, before compression"),
    Lag: readable(DevDouble, { unit: "s", description: "How long points wait for their file at most" }),
    Warnings: readable(spectrum(DevString, 1000), { description: "The last ones, of all scans" }),
  },
  commands: {
    Start: command(DevVoid, DevVoid),
    Stop: command(DevVoid, DevVoid),
    SaveScan: command(DevString, DevBoolean, {
      inputDescription: "Key of the scan",
      outputDescription: "False when there is no such scan",
    }),
    scan_state: command(DevString, DevState, {
      inputDescription: "Key of the scan",
      outputDescription: "UNKNOWN not asked for, INIT not begun, ON being written, OFF complete, FAULT failed",
    }),
    scan_state_reason: command(DevString, DevString, { inputDescription: "Key of the scan" }),
    GetWarningCount: command(DevString, DevLong64, { inputDescription: "Key of the scan" }),
    GetWarning: command(DevString, DevString, { inputDescription: '{"scan_key": key, "index": 0 ...}' }),
  },
});
