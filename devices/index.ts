// SPDX-License-Identifier: MIT
// bandoneon/devices: the Tango interfaces of each kind of device as values, and the handles that scans use.

export { type AxisOptions, openAxis, type TangoAxis } from "./axis.ts";
export { AxisGroups } from "./axis-group.ts";
export { blissWriter } from "./bliss-writer.ts";
export {
  Camera, type CameraOptions, type CameraProfile, type CameraRectangle, type CameraRoi, openCamera,
} from "./camera.ts"; // biome-ignore format: a list
export { type CounterDefinition, type Counters, type CountersOptions, openCounters } from "./counter.ts";
export { type FrameServers, frameServers } from "./frame-servers.ts";
export { type GateOptions, openGate } from "./gate.ts";
export { icepapMotor } from "./icepap-motor.ts";
export { limaCCDs } from "./lima/limaccds.ts";
export { mosca } from "./mosca/mosca.ts";
export { moscaV1 } from "./mosca/mosca-v1.ts";
export { motor } from "./motor.ts";
export { motorGroup } from "./motor-group.ts";
export { pseudoMotor } from "./pseudo-motor.ts";
export { openScanWriter, type ScanFileState, type ScanWriterHandle } from "./scan-writer.ts";
export { simulatedCounter } from "./simulated-counter.ts";
export { simulatedMotor } from "./simulated-motor.ts";
export { openSpectrometer, type Spectrometer, type SpectrometerOptions, type SpectrumRoi } from "./spectrum.ts";
