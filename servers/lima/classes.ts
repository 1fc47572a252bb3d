// SPDX-License-Identifier: MIT
// The classes of one LimaCCDs server, sharing one detector. The camera's come first: the others use what they open.
import type { ServableClass } from "../../tango/index.ts";
import { simulatorClass } from "./cameras/simulator.ts";
import { Detector } from "./detector.ts";
import { limaCCDsClass } from "./limaccds.ts";
import { roiCounterClass } from "./plugins/roi-counter.ts";

export function limaClasses(detector: Detector = new Detector()): readonly ServableClass[] {
  return [simulatorClass(detector), limaCCDsClass(detector), roiCounterClass(detector)];
}
