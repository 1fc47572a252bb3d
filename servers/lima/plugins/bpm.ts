// SPDX-License-Identifier: MIT
// The BpmDeviceServer device: the camera as a beam position monitor.
import { bpm } from "../../../devices/lima/bpm.ts";
import { deviceClass } from "../../../tango/index.ts";
import type { Beam } from "../beam.ts";
import { bvdata } from "../bvdata.ts";
import type { Detector } from "../detector.ts";
import { choice, choiceHandlers } from "../device/choices.ts";
import { field, kept } from "../device/fields.ts";
import { type Pixels, shared } from "../frame.ts";
import { jpegOf, type PictureStyle } from "../picture.ts";
import { PicturePace } from "./picture-pace.ts";
import { RecentResults } from "./results.ts";
import { pluginSwitch } from "./switch.ts";

interface Seen extends Beam {
  /** Seconds from the start of the acquisition. */
  readonly time: number;
}
interface Settings {
  calculate: boolean;
  /** Look at the surroundings of the beam only. */
  closer: boolean;
  profiles: boolean;
  calibration: Float64Array;
  beamMark: Int32Array;
}
const nothing: Seen = {
  ...{ time: 0, x: -1, y: -1, fwhmX: 0, fwhmY: 0, intensity: -1, max: -1 },
  ...{ projectionX: new Float64Array(0), projectionY: new Float64Array(0) },
};

export const bpmClass = (detector: Detector) =>
  deviceClass(bpm, (device) => {
    const { properties } = device;
    const results = new RecentResults<Seen>(1024);
    const settings: Settings = {
      ...{ calculate: properties.enable_bpm_calc, closer: false, profiles: properties.return_bpm_profiles },
      ...{ calibration: Float64Array.from(properties.calibration), beamMark: Int32Array.from(properties.beammark) },
    };
    const look = pictureSettings(properties);
    const pace = new PicturePace();
    let background: Pixels | undefined;
    const last = () => results.from(results.last).at(-1)?.result ?? nothing;
    const packed = (frame: number, jpeg: Uint8Array) =>
      bvdata({ ...last(), frame, jpeg, profiles: settings.profiles, region: detector.acquisition?.size ?? [0, 0] });
    const plugin = pluginSwitch<"beam">({
      device,
      detector,
      type: "bpm",
      processor: (runLevel) => ({
        runLevel,
        counts: true,
        prepare: () => results.clear(),
        task: () => {
          if (!settings.calculate) return undefined;
          const style = properties.enable_tango_event && pace.due() ? look.style : undefined;
          return { do: "beam", background, closer: settings.closer, style };
        },
        done: ({ picture, ...beam }, { index, time }) => {
          results.add(index, { ...scaled(beam, settings.calibration), time });
          if (!picture) return;
          pace.shown(picture);
          device.push("bvdata", packed(index, picture.jpeg));
        },
      }),
    });
    const latestFrame = () => {
      if (detector.acquisition) return detector.acquisition.frame(-1);
      throw new Error("No frame yet: the LimaCCDs device of this server is not open");
    };
    const choices = choiceHandlers({ lut_method: look.method });
    choices.lut_method.write(properties.lut_method);
    return {
      ...plugin.members,
      ...choices,
      ...look.members,
      buffersize: field(results, "capacity"),
      txy: () => Float64Array.of(last().time, last().x, last().y),
      x: () => last().x,
      y: () => last().y,
      intensity: () => last().intensity,
      max_intensity: () => last().max,
      fwhm_x: () => last().fwhmX,
      fwhm_y: () => last().fwhmY,
      proj_x: () => Int32Array.from(last().projectionX),
      proj_y: () => Int32Array.from(last().projectionY),
      automaticaoi: field(settings, "closer"),
      bvdata: () => {
        const frame = latestFrame();
        return packed(frame.index, jpegOf(frame, look.style));
      },
      calibration: field(settings, "calibration", twoValues("calibration")),
      beammark: field(settings, "beamMark", twoValues("beammark")),
      return_bpm_profiles: field(settings, "profiles"),
      enable_bpm_calc: field(settings, "calculate"),
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
      // A copy: the frame's memory is used again.
      TakeBackground: () => void (background = shared(latestFrame().pixels.slice())),
      ResetBackground: () => void (background = undefined),
      [Symbol.asyncDispose]: () => plugin[Symbol.dispose](),
    };
  });

/** How the picture looks, and the attributes that say so. */
function pictureSettings(properties: {
  readonly autoscale: boolean;
  readonly color_map: boolean;
  readonly jpeg_quality: number;
  readonly min_max: Int32Array;
}) {
  const [min = 0, max = 65535] = properties.min_max;
  const autoscale = kept(properties.autoscale);
  const coloured = kept(properties.color_map);
  const quality = kept<number>(properties.jpeg_quality, checkQuality);
  const range = kept<BigUint64Array>(BigUint64Array.of(BigInt(min), BigInt(max)), twoValues("min_max"));
  let levels: PictureStyle["levels"] = "LINEAR";
  return {
    get style(): PictureStyle {
      const [black = 0n, white = 65535n] = range.read();
      return {
        range: autoscale.read() ? undefined : [Number(black), Number(white)],
        levels,
        coloured: coloured.read(),
        quality: quality.read(),
      };
    },
    method: choice(
      ["LINEAR", "LOG"],
      () => levels,
      (method) => void (levels = method),
    ),
    members: { autoscale, color_map: coloured, jpeg_quality: quality, min_max: range },
  };
}

export function checkQuality(quality: number): void {
  if (!(quality >= 1 && quality <= 100)) throw new Error(`Invalid JPEG quality: ${quality}; 1 to 100 is wanted`);
}

const twoValues = (attribute: string) => (values: ArrayLike<unknown>) => {
  if (values.length !== 2) throw new Error(`${attribute} takes two values; ${values.length} given`);
};

/** Positions and widths in the units of the calibration. */
function scaled(beam: Beam, [cx = 1, cy = 1]: Iterable<number> & { readonly [i: number]: number }): Beam {
  if (beam.intensity < 0) return beam;
  return { ...beam, x: beam.x * cx, y: beam.y * cy, fwhmX: beam.fwhmX * cx, fwhmY: beam.fwhmY * cy };
}
