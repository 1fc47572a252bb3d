// SPDX-License-Identifier: MIT
import { generator } from "../../devices/mosca/generator.ts";
import { triggerModes } from "../../devices/mosca/words.ts";
import { deviceClass } from "../../tango/index.ts";
import type { Acquisition } from "./detector.ts";
import { refusal } from "./refusal.ts";
import type { PointSource } from "./simulator/point-source.ts";
import { loadRecordedPoints } from "./simulator/recorded-points.ts";
import type { Signals } from "./simulator/signals.ts";

async function played(path: string): Promise<PointSource> {
  try {
    return await loadRecordedPoints(path);
  } catch (error) {
    throw new Error(`simu_data cannot be played: ${(error as Error).message}`);
  }
}

/** What it shows is what the last acquisition asked for: parameters are set at the main device. */
export const generatorClass = (signals: Signals) =>
  deviceClass(generator, async (device) => {
    const { simu_data } = device.properties;
    signals.recorded = simu_data ? await played(simu_data) : undefined;
    const shown = <K extends keyof Acquisition, V>(
      name: K,
      attribute: string,
      show: (value?: Acquisition[K]) => V,
    ) => ({
      read: () => show(signals.acquisition?.[name]),
      write: () => {
        if (signals.running) throw refusal(`Can't set ${attribute} while an acquisition is running.`);
        throw refusal(`${attribute} follows the main device: set it there.`);
      },
    });
    return {
      use_external_trigger: {
        read: () => signals.external,
        write: (external) => {
          if (signals.running) throw refusal("Can't set use_external_trigger while an acquisition is running.");
          signals.external = external;
        },
      },
      block_size: shown("blockSize", "block_size", (size = 1) => BigInt(size)),
      trigger_mode: shown("trigger", "trigger_mode", (mode = "INT_TRIG_READOUT") => triggerModes.indexOf(mode)),
      acq_realtime: shown("realtime", "acq_realtime", (seconds = 1) => seconds),
      acq_nb_points: shown("points", "acq_nb_points", (points = 0) => BigInt(points)),
      hw_trig: () => signals.trigger(),
      [Symbol.asyncDispose]: async () => {
        signals.recorded = undefined;
      },
    };
  });
