// SPDX-License-Identifier: MIT
// What all plugin devices share: Start puts them into the processing chain, Stop takes them out; RunLevel is their place.
import type { Device } from "../../../tango/index.ts";
import type { Detector } from "../detector.ts";
import type { TaskKind } from "../pipeline/tasks.ts";
import type { Processor } from "../processor.ts";

export interface PluginOptions<Kind extends TaskKind> {
  readonly device: Pick<Device, "name" | "state">;
  readonly detector: Detector;
  /** As in getPluginDeviceNameFromType. */
  readonly type: string;
  /** Made at Start; what it holds is forgotten at Stop. */
  readonly processor: (runLevel: number) => Processor<Kind>;
}

/** The members Start, Stop and RunLevel of a plugin device, which is OFF at first. */
export function pluginSwitch<Kind extends TaskKind>({ device, detector, type, processor }: PluginOptions<Kind>) {
  let runLevel = 0;
  let on: Processor | undefined;
  device.state = "OFF";
  const announced = detector.announce(type, device.name);
  const stop = () => {
    if (on) detector.processors.delete(on);
    on = undefined;
    device.state = "OFF";
  };
  const start = () => {
    if (on) return;
    on = processor(runLevel);
    detector.processors.add(on);
    device.state = "ON";
  };
  return {
    get running(): boolean {
      return on !== undefined;
    },
    /** @throws Error unless the device is ON. */
    started: (): void => {
      if (!on) throw new Error("should start the device first");
    },
    stop,
    members: {
      Start: start,
      Stop: stop,
      RunLevel: {
        read: () => runLevel,
        write: (level: number) => {
          if (on) throw new Error("RunLevel can be written while the device is OFF only: Stop it first");
          runLevel = level;
        },
      },
    },
    [Symbol.dispose]: () => {
      stop();
      announced[Symbol.dispose]();
    },
  };
}
