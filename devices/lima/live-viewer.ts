// SPDX-License-Identifier: MIT
// The plugin device that shows live pictures, whatever the camera.
import { DevBoolean, DevDouble, DevEncoded, DevLong, DevShort, DevVoid } from "../../tango/idl/tango-types.ts";
import { command, defineInterface, property, readable, spectrum, writable } from "../../tango/interface.ts";

export const liveViewer = defineInterface({
  name: "LiveViewer",
  description: "live pictures of the camera",
  properties: { AcquisitionAutoStart: property(DevBoolean, false, "start with the device") },
  attributes: {
    Depth: readable(DevShort, { description: "bytes a pixel" }),
    Exposure: writable(DevDouble, { unit: "s" }),
    ExternalTrigger: writable(DevBoolean, { description: "one edge a frame" }),
    FrameRate: writable(DevDouble, { unit: "Hz" }),
    Frames: writable(DevLong, { description: "0: until stopped" }),
    Gain: writable(DevDouble, { description: "0 to 1, of video cameras" }),
    ImageCounter: readable(DevLong, { description: "last frame, -1 before the first" }),
    JpegImage: readable(DevEncoded, { description: "JPEG_GRAY8", events: { change: "pushed" } }),
    JpegQuality: writable(DevLong, { description: "1 to 100" }),
    Roi: writable(spectrum(DevLong, 4), { description: "x, y, width, height; zeros: the whole image" }),
  },
  commands: {
    Start: command(DevVoid, DevVoid),
    Stop: command(DevVoid, DevVoid),
    Reset: command(DevVoid, DevVoid),
    ResetRoi: command(DevVoid, DevVoid),
  },
});
