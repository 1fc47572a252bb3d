// SPDX-License-Identifier: MIT
// A spectrometer in one file: what docs/how-to/add-a-spectrometer.md builds.
import { setTimeout as sleep } from "node:timers/promises";
import type { Acquisition, Block, SpectrumDetector } from "../../servers/mosca/detector.ts";
import type { Spectrometer } from "../../servers/mosca/spectrometer.ts";
import { DevLong, defineInterface, deviceClass, property } from "../../tango/index.ts";

/** Spectra of a lamp whose line wanders, one every acq_realtime. */
class LampDetector implements SpectrumDetector {
  readonly kind = "Lamp";
  readonly status = "READY";
  readonly trouble = "";
  readonly detectors = [0];
  readonly statistics = ["realtime"];
  readonly triggers = ["INT_TRIG_READOUT"] as const;
  readonly gates = ["IGNORE"] as const;
  readonly spectrumSize: number;

  constructor(channels: number) {
    this.spectrumSize = channels;
  }

  refuseSize = (size: number) => (size === this.spectrumSize ? undefined : `only ${this.spectrumSize} channels`);
  refuse = ({ realtime }: Acquisition) => (realtime < 0.001 ? "acq_realtime must be >= 1 ms." : undefined);
  prepare(): void {}
  metadata = () => ({ channels: this.spectrumSize });

  async *acquire(
    { points, realtime, blockSize, spectrumSize }: Acquisition,
    watch: { readonly triggered: (points: number) => void },
    signal: AbortSignal,
  ): AsyncGenerator<Block> {
    for (let done = 0; done < points; ) {
      const count = Math.min(blockSize, points - done);
      const spectra = new Uint32Array(count * spectrumSize);
      for (let point = 0; point < count; point++) {
        watch.triggered(done + point + 1);
        await sleep(realtime * 1000);
        if (signal.aborted) return;
        spectra[point * spectrumSize + ((done + point) % spectrumSize)] = 1000;
      }
      yield { points: count, spectra, stats: new Float64Array(count).fill(realtime) };
      done += count;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** Its Tango class: the properties that say where the hardware is, and attributes of its own if it has any. */
const lamp = defineInterface({ name: "Lamp", properties: { Channels: property(DevLong, 1024) } });

export const lampClass = (spectrometer: Spectrometer) =>
  deviceClass(lamp, (device) => {
    spectrometer.names.controller = device.name;
    const attached = spectrometer.attach(new LampDetector(device.properties.Channels));
    return { [Symbol.asyncDispose]: async () => attached[Symbol.asyncDispose]() };
  });
