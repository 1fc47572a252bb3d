// SPDX-License-Identifier: MIT
// The classes of one LimaCCDs server, sharing one detector. The camera's come first: the others use what they open.
import type { ServableClass } from "../../tango/index.ts";
import { simulatorClass } from "./cameras/simulator.ts";
import { Detector } from "./detector.ts";
import { limaCCDsClass } from "./limaccds.ts";
import { roiCounterClass } from "./plugins/roi-counter.ts";

const plugins: readonly ((detector: Detector) => ServableClass)[] = [roiCounterClass];

export function limaClasses(detector: Detector = new Detector()): readonly ServableClass[] {
  return [simulatorClass(detector), limaCCDsClass(detector), ...plugins.map((plugin) => plugin(detector))];
}

/** Of the plugins, e.g. "RoiCounterDeviceServer". */
export const pluginClassNames: readonly string[] = plugins.map((plugin) => plugin(new Detector()).definition.name);
