// SPDX-License-Identifier: MIT
// The classes of one LimaCCDs server, sharing one detector. The camera's come first: the others use what they open.
import type { ServableClass } from "../../tango/index.ts";
import { eigerClass } from "./cameras/eiger.ts";
import { baslerClass, gigeClass } from "./cameras/gige.ts";
import { pilatusClass } from "./cameras/pilatus.ts";
import { replayClass } from "./cameras/replay.ts";
import { simulatorClass } from "./cameras/simulator.ts";
import { Detector } from "./detector.ts";
import { limaCCDsClass } from "./limaccds.ts";
import { backgroundClass } from "./plugins/background.ts";
import { bpmClass } from "./plugins/bpm.ts";
import { flatFieldClass } from "./plugins/flat-field.ts";
import { liveViewerClass } from "./plugins/live-viewer.ts";
import { maskClass } from "./plugins/mask.ts";
import { peakFinderClass } from "./plugins/peak-finder.ts";
import { roiCollectionClass } from "./plugins/roi-collection.ts";
import { roiCounterClass } from "./plugins/roi-counter.ts";
import { roiSpectrumClass } from "./plugins/roi-spectrum.ts";

type Make = (detector: Detector) => ServableClass;
const cameras: readonly Make[] = [simulatorClass, eigerClass, gigeClass, baslerClass, pilatusClass, replayClass];
const plugins: readonly Make[] = [
  roiCounterClass, roiSpectrumClass, roiCollectionClass, backgroundClass, flatFieldClass, maskClass, bpmClass, peakFinderClass,
  liveViewerClass,
]; // biome-ignore format: a list

export function limaClasses(detector: Detector = new Detector()): readonly ServableClass[] {
  return [...cameras, limaCCDsClass, ...plugins].map((make) => make(detector));
}

/** Of the plugins, e.g. "RoiCounterDeviceServer". */
export const pluginClassNames: readonly string[] = plugins.map((plugin) => plugin(new Detector()).definition.name);
