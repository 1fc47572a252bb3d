// SPDX-License-Identifier: MIT
// A networked Ocean Optics spectrometer as a device.
import { oceanOptics } from "../../devices/mosca/ocean-optics.ts";
import { deviceClass } from "../../tango/index.ts";
import { lookFor } from "./look-for.ts";
import { OceanDetector } from "./ocean/detector.ts";
import { type OceanTrigger, triggers } from "./ocean/message-table.ts";
import { refusal } from "./refusal.ts";
import { showStatus } from "./show-status.ts";
import type { Spectrometer } from "./spectrometer.ts";
import { timeouts } from "./timeouts.ts";

export const oceanOpticsClass = (spectrometer: Spectrometer) =>
  deviceClass(oceanOptics, async (device) => {
    spectrometer.names.controller = device.name;
    const { address, port, serial_number, default_readout, reconnect_period } = device.properties;
    if (!address) throw new RangeError("the property address must name the instrument");
    if (!(default_readout > 0)) throw new RangeError(`default_readout must be above 0 (was: ${default_readout})`);
    if (!(reconnect_period > 0)) throw new RangeError(`reconnect_period must be above 0 (was: ${reconnect_period})`);
    const detector = await OceanDetector.open({ host: address, port, serial: serial_number });
    detector.readoutTime = default_readout;
    const attached = spectrometer.attach(detector);
    const showing = showStatus(device, spectrometer);
    const looking = lookFor(detector, reconnect_period * 1000, () => spectrometer.reset());
    return {
      ...timeouts(device.properties),
      mca_status: () => spectrometer.status,
      init_message: () => detector.trouble,
      prepare_acq: async () => void (await spectrometer.prepare()),
      start_acq: async () => void (await spectrometer.start()),
      ...registers(spectrometer, detector),
      [Symbol.asyncDispose]: async () => {
        await looking[Symbol.asyncDispose]();
        showing[Symbol.dispose]();
        await attached[Symbol.asyncDispose]();
        await detector[Symbol.asyncDispose]();
      },
    };
  });

const isTrigger = (word: string): word is OceanTrigger => Object.hasOwn(triggers, word);

function registers(spectrometer: Spectrometer, detector: OceanDetector) {
  const idle = () => {
    if (spectrometer.status !== "RUNNING") return;
    throw refusal("Can't set parameters while an acquisition is running.");
  };
  return {
    trigger_mode: {
      read: () => detector.trigger as string,
      write: async (word: string) => {
        idle();
        if (!isTrigger(word))
          throw refusal(`trigger_mode must be one of ${Object.keys(triggers).join(", ")} (was: ${word})`, "ValueError");
        await detector.setTrigger(word);
      },
    },
    serial: () => detector.serial,
    integration_time_micros: {
      read: () => detector.integration,
      write: async (microseconds: number) => {
        idle();
        await detector.setIntegration(microseconds);
      },
    },
    integration_time_micros_limits: () => [...detector.integrationLimits],
    n_points: {
      read: () => BigInt(spectrometer.parameters.points),
      write: (points: bigint) => spectrometer.set({ points: Number(points) }),
    },
    block_size: {
      read: () => BigInt(spectrometer.parameters.blockSize),
      write: (points: bigint) => spectrometer.set({ blockSize: Number(points) }),
    },
    buffer_capacity: {
      read: () => BigInt(detector.bufferCapacity),
      write: (capacity: bigint) => {
        idle();
        if (capacity < 0n || capacity > detector.bufferMost)
          throw refusal(`buffer_capacity must be 0 to ${detector.bufferMost} (was: ${capacity})`, "ValueError");
        detector.bufferCapacity = Number(capacity);
      },
    },
    buffer_capacity_maximum: () => BigInt(detector.bufferMost),
    readout_time: {
      read: () => detector.readoutTime,
      write: (seconds: number) => {
        if (!(seconds > 0)) throw refusal(`readout_time must be above 0 (was: ${seconds})`, "ValueError");
        detector.readoutTime = seconds;
      },
    },
  };
}
