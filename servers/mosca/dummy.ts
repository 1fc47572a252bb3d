// SPDX-License-Identifier: MIT
import { dummy } from "../../devices/mosca/dummy.ts";
import { deviceClass } from "../../tango/index.ts";
import { DummyDetector } from "./dummy-detector.ts";
import { yaml } from "./metadata.ts";
import { showStatus } from "./show-status.ts";
import type { Spectrometer } from "./spectrometer.ts";
import { timeouts } from "./timeouts.ts";

export const dummyClass = (spectrometer: Spectrometer) =>
  deviceClass(dummy, (device) => {
    spectrometer.names.controller = device.name;
    const detector = new DummyDetector();
    const attached = spectrometer.attach(detector);
    const showing = showStatus(device, spectrometer);
    return {
      ...timeouts(device.properties),
      mca_status: () => spectrometer.status,
      init_message: () => "",
      dummy_mosca_kwargs: () => yaml(detector.last),
      prepare_acq: async () => void (await spectrometer.prepare()),
      start_acq: async () => void (await spectrometer.start()),
      [Symbol.asyncDispose]: async () => {
        showing[Symbol.dispose]();
        await attached[Symbol.asyncDispose]();
      },
    };
  });
