// SPDX-License-Identifier: MIT
// A camera in one file: what docs/how-to/add-a-camera.md builds.
import type { Camera } from "../../servers/lima/camera.ts";
import type { Detector } from "../../servers/lima/detector.ts";
import { DevLong, defineInterface, deviceClass, property } from "../../tango/index.ts";

/** Frames of noise, one every exposure time. */
function noiseCamera(seed: number): Camera {
  const [width, height] = [64, 48];
  let plan = { frames: 0, exposure: 0 };
  let state = seed;
  // A linear congruential generator: good enough for a picture.
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 16;
  return {
    capabilities: {
      ...{ type: "Noise", model: "Noise 1", width, height, imageType: "Bpp16", pixelSize: [1e-5, 1e-5] },
      triggerModes: ["INTERNAL_TRIGGER"],
      ...{ exposure: { min: 1e-6, max: 10 }, latency: { min: 0, max: 10 } },
    },
    prepare: async ({ frames, exposure }) => {
      plan = { frames, exposure };
    },
    trigger: () => {},
    async *frames(signal) {
      for (let index = 0; plan.frames === 0 || index < plan.frames; index++) {
        await new Promise((resolve) => setTimeout(resolve, plan.exposure * 1000));
        if (signal.aborted) return;
        yield {
          index,
          width,
          height,
          pixels: Uint16Array.from({ length: width * height }, next),
          time: index * plan.exposure,
        };
      }
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Its Tango class: the properties that say where the camera is, and attributes of its own if it has any. */
const noise = defineInterface({ name: "Noise", properties: { Seed: property(DevLong, 1) } });

export const noiseClass = (detector: Detector) =>
  deviceClass(noise, (device) => {
    const connected = detector.connect("noise", device.name, noiseCamera(device.properties.Seed));
    return { [Symbol.asyncDispose]: async () => connected[Symbol.asyncDispose]() };
  });
