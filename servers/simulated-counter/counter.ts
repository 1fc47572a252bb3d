// SPDX-License-Identifier: MIT
import { simulatedCounter } from "../../devices/simulated-counter.ts";
import { type ControlSystem, connect, type DeviceProxy, deviceClass } from "../../tango/index.ts";
import { chance, intensity, poisson } from "./signal.ts";

/** `system` is where the motors are found. */
export const simulatedCounterClass = (system: () => ControlSystem) =>
  deviceClass(simulatedCounter, (device) => {
    const { Motors, Centers, Widths, Height, Background, Noise, Seed } = device.properties;
    const random = chance(Seed);
    const noisy = (mean: number) => (Noise === "none" ? mean : poisson(mean, random));
    const started = Date.now();
    let height = Height;
    let motors: Promise<readonly DeviceProxy[]> | undefined;

    /** Connected at the first reading: motors may be started after their diode. */
    const positions = async (): Promise<number[]> => {
      motors ??= Promise.all(Motors.map((name) => connect(name, { system: system(), lazy: true })));
      return Promise.all((await motors).map(async (motor) => Number(await motor.read("Position"))));
    };
    return {
      Diode: async () => {
        const at = Motors.length > 0 ? await positions() : [];
        return noisy(intensity(at, { centers: Centers, widths: Widths, height, background: Background }));
      },
      Monitor: () => noisy(10 * height),
      Current: () => 200 * Math.exp(-(Date.now() - started) / 3.6e7),
      Temperature: () => 295 + 0.01 * (random() - 0.5),
      Pressure: () => 1e-3 * (1 + 0.02 * (random() - 0.5)),
      Height: {
        read: () => height,
        write: (value) => {
          height = value;
        },
      },
    };
  });
