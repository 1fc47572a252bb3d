// SPDX-License-Identifier: MIT
// The BpmDeviceServer device: the camera as a beam position monitor.
import { bpm } from "../../../devices/lima/plugins.ts";
import { deviceClass } from "../../../tango/index.ts";
import { type Beam, beamOf } from "../beam.ts";
import { subtracted } from "../corrections.ts";
import type { Detector } from "../detector.ts";
import { field, kept } from "../device/fields.ts";
import type { Frame } from "../frame.ts";
import { RecentResults } from "./results.ts";
import { pluginSwitch } from "./switch.ts";

interface Seen extends Beam {
  /** Seconds from the start of the acquisition. */
  readonly time: number;
}
const nothing: Omit<Seen, "projectionX" | "projectionY"> = {
  time: 0,
  x: -1,
  y: -1,
  fwhmX: 0,
  fwhmY: 0,
  intensity: -1,
  max: -1,
};

export const bpmClass = (detector: Detector) =>
  deviceClass(bpm, (device) => {
    const results = new RecentResults<Seen>(1024);
    const enabled = kept(true);
    const [cx = 1, cy = 1] = device.properties.calibration;
    const calibration = kept<Float64Array>(Float64Array.of(cx, cy));
    let background: Frame | undefined;
    let frame: Frame | undefined;
    const plugin = pluginSwitch({
      device,
      detector,
      type: "bpm",
      processor: (runLevel) => ({
        runLevel,
        counts: true,
        prepare: () => results.clear(),
        process: (given) => {
          frame = given;
          if (!enabled.read()) return given;
          const clean =
            background?.pixels.length === given.pixels.length ? subtracted(given, background.pixels, 0) : given;
          results.add(given.index, { ...scaled(beamOf(clean), calibration.read()), time: given.time });
          return given;
        },
      }),
    });
    const last = () => results.from(results.last).at(-1)?.result ?? nothing;
    const profileOf = (key: "projectionX" | "projectionY") =>
      Int32Array.from(results.from(results.last).at(-1)?.result[key] ?? []);
    const latestFrame = (): Frame => {
      if (frame) return frame;
      throw new Error("No frame yet: start the device and acquire one");
    };
    return {
      ...plugin.members,
      buffersize: field(results, "capacity"),
      txy: () => Float64Array.of(last().time, last().x, last().y),
      x: () => last().x,
      y: () => last().y,
      intensity: () => last().intensity,
      max_intensity: () => last().max,
      fwhm_x: () => last().fwhmX,
      fwhm_y: () => last().fwhmY,
      proj_x: () => profileOf("projectionX"),
      proj_y: () => profileOf("projectionY"),
      calibration,
      beammark: kept<Int32Array>(Int32Array.from(device.properties.beammark)),
      enable_bpm_calc: enabled,
      getResults: (first) =>
        Float64Array.from(
          results
            .from(first)
            .flatMap(({ frame: index, result: { time, intensity, x, y, fwhmX, fwhmY } }) => [
              time, intensity, x, y, fwhmX, fwhmY, index,
            ]), // biome-ignore format: one record
        ),
      GetPixelIntensity: (values) => {
        const [x = -1, y = -1] = values;
        const { width, height, pixels } = latestFrame();
        if (x < 0 || y < 0 || x >= width || y >= height)
          throw new Error(`Pixel ${x}, ${y} is not inside the image of ${width}x${height} pixels`);
        return pixels[y * width + x] ?? 0;
      },
      HasBackground: () => background !== undefined,
      TakeBackground: () => void (background = latestFrame()),
      ResetBackground: () => void (background = undefined),
      [Symbol.asyncDispose]: () => plugin[Symbol.dispose](),
    };
  });

/** Positions and widths in the units of the calibration. */
function scaled(beam: Beam, [cx = 1, cy = 1]: Iterable<number> & { readonly [i: number]: number }): Beam {
  if (beam.intensity < 0) return beam;
  return { ...beam, x: beam.x * cx, y: beam.y * cy, fwhmX: beam.fwhmX * cx, fwhmY: beam.fwhmY * cy };
}
