// SPDX-License-Identifier: MIT
// The classes of one server process, around one spectrometer.
import { backgroundClass } from "./background.ts";
import { dummyClass } from "./dummy.ts";
import { falconXClass } from "./falconx.ts";
import { generatorClass } from "./generator.ts";
import { moscaClass } from "./mosca.ts";
import { moscaV1Class } from "./mosca-v1.ts";
import { oceanOpticsClass } from "./ocean-optics.ts";
import { savingClass } from "./saving.ts";
import { simDanteClass } from "./sim-dante.ts";
import { simFalconXClass } from "./sim-falconx.ts";
import { Signals } from "./simulator/signals.ts";
import { Spectrometer } from "./spectrometer.ts";

/** All that `serve` or `startServer` needs; the hardware's class comes first, so that it is there when the others open. */
export function moscaClasses() {
  const spectrometer = new Spectrometer();
  const signals = new Signals();
  return [
    dummyClass(spectrometer),
    falconXClass(spectrometer),
    oceanOpticsClass(spectrometer),
    simFalconXClass(spectrometer, signals),
    simDanteClass(spectrometer, signals),
    generatorClass(signals),
    savingClass(spectrometer),
    backgroundClass(spectrometer),
    moscaClass(spectrometer),
    moscaV1Class(spectrometer, {
      model: () => spectrometer.model,
      detectorName: () => spectrometer.detectorName,
    }),
  ];
}
